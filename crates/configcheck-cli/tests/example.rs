//! `configcheck example` as a process: printing, comparing and merging.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on has failed, and its name says what it is")]

mod project;

use project::Project;

const SCHEMA: &str = r#"{"version":1,"name":"shop","environment_variable":"APP_ENV","keys":[
{"variable":"PORT","path":"port","file_path":"port","type":{"kind":"integer","min":0,"max":65535},"required":true,"defaults":[{"text":"8080"}]},
{"variable":"API_TOKEN","path":"api_token","file_path":"api_token","doc":"Token of the API.","type":{"kind":"text"},"required":true,
 "secret":true,"example":"not-a-real-token"},
{"variable":"OLD_FLAG","path":"old_flag","file_path":"old_flag","type":{"kind":"bool"},"required":false,"deprecated":{"note":"no effect"}}]}"#;

const WHOLE: &str = "# Configuration of shop.\n# @defaultSensitive=false\n# ---\n\n# @optional @type=port\n# PORT=8080\n\n\
                     # Token of the API.\n# @required @sensitive @example=\"not-a-real-token\"\nAPI_TOKEN=\n\n\
                     # @optional @type=boolean @deprecated=\"no effect\"\n# OLD_FLAG=\n";

fn project() -> Project {
    Project::of(&[("config.schema.json", SCHEMA)])
}

#[test]
fn prints_all_or_some_of_the_keys() {
    let project = project();
    assert_eq!(project.expect(0, &["example"]).stdout, WHOLE);
    let check = |include: &str, expected: &[&str]| {
        let printed = project.expect(0, &["example", "--include", include]).stdout;
        let keys: Vec<&str> = ["PORT", "API_TOKEN", "OLD_FLAG"].into_iter().filter(|key| printed.contains(&format!("{key}="))).collect();
        assert_eq!(keys, expected, "{include}");
    };
    check("required", &["API_TOKEN"]);
    check("optional", &["PORT", "API_TOKEN"]);
    check("deprecated", &["API_TOKEN", "OLD_FLAG"]);
    check("optional,deprecated", &["PORT", "API_TOKEN", "OLD_FLAG"]);
    project.expect(2, &["example", "--include", "everything"]);
}

#[test]
fn nothing_of_a_schema_steers_a_terminal() {
    let hostile = r#"{"version":1,"name":"shop\u001b[31m","environment_variable":"APP_ENV","keys":[
{"variable":"A","path":"a","file_path":"a","doc":"red \u001b[31m","type":{"kind":"choice","words":["x","\u001b[2J"]},"required":true,
 "defaults":[{"text":"\u001b[2J"}],"deprecated":{"note":"gone\u0007\nnow"}}]}"#;
    let printed = Project::of(&[("config.schema.json", hostile)]).expect(0, &["example"]).stdout;
    assert!(!printed.contains(|c: char| c.is_control() && c != '\n'), "{printed:?}");
    assert!(printed.starts_with("# Configuration of shop\\u{1b}[31m.\n") && printed.ends_with("\n# A=\n"), "{printed}");
}

#[test]
fn a_check_says_what_has_drifted_and_where() {
    let project = project();
    let ran = project.expect(1, &["example", "--check"]);
    assert_eq!(ran.stdout, ".env.example: the example is missing\n");
    project.expect(0, &["example", "--out", ".env.example"]);
    assert_eq!(project.read(".env.example"), WHOLE);
    project.expect(0, &["example", "--check"]);
    project.write(".env.example", WHOLE.replace("\n# PORT=8080", "\n# PROT=8080").replace("@required @sensitive", "@optional"));
    let ran = project.expect(1, &["example", "--check"]);
    assert_eq!(
        ran.stdout,
        ".env.example:6: PROT is not declared in the schema: did you mean PORT?\n\
         .env.example:9: API_TOKEN has @optional, and the schema says @required\n\
         .env.example:9: API_TOKEN has no @sensitive, and the schema says @sensitive\n\
         .env.example: PORT is missing\n"
    );
    project.write(".env.example", "API_TOKEN=\nPORT=\n");
    project.expect(0, &["example", "--check", "--include", "optional"]);
}

#[test]
fn a_merge_keeps_what_people_wrote() {
    let project = project();
    project.expect(0, &["example", "--merge"]);
    assert_eq!(project.read(".env.example"), WHOLE, "a missing file is written whole");
    let mine = "# Ours, do not sort.\r\nLEGACY=1   # keep\r\n\r\n# Ask Jo for it.\r\nAPI_TOKEN=\r\n";
    project.write("conf/.env.example", mine);
    let ran = project.expect(0, &["example", "--merge", "--out", "conf/.env.example"]);
    assert!(ran.stderr.contains("conf/.env.example:2: LEGACY is not declared in the schema, and is kept"), "{}", ran.stderr);
    assert!(ran.stderr.contains("2 added, 0 corrected"), "{}", ran.stderr);
    let merged = project.read("conf/.env.example");
    assert_eq!(
        merged,
        "# Ours, do not sort.\r\nLEGACY=1   # keep\r\n\r\n# @optional @type=port\r\n# PORT=8080\r\n\r\n# Ask Jo for \
         it.\r\nAPI_TOKEN=\r\n\r\n# @optional @type=boolean @deprecated=\"no effect\"\r\n# OLD_FLAG=\r\n"
    );
    project.expect(0, &["example", "--merge", "--out", "conf/.env.example"]);
    assert_eq!(project.read("conf/.env.example"), merged, "a second merge changes nothing");
    assert_eq!(
        project.expect(1, &["example", "--check", "--out", "conf/.env.example"]).stdout,
        "conf/.env.example:2: LEGACY is not declared in the schema\n"
    );
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let project = Project::of(&[(".env.example", "A=1\n"), ("config.schema.json", SCHEMA)]);
    for flag in ["--check", "--merge"] {
        let ran = project.expect(2, &["example", "--schema", "config.schema.json", "--out", "config.schema.json", flag]);
        assert!(ran.stderr.contains("this file is the schema itself"), "{}", ran.stderr);
    }
    project.write("wide", "A=1\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    assert!(project.expect(3, &["example", "--check", "--out", "wide"]).stderr.contains("save it as UTF-8"));
    project.expect(2, &["example", "--check", "--merge"]);
    assert_eq!(project.read(".env.example"), "A=1\n");
}
