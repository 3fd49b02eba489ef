//! `configcheck schema` as a process: printing, exporting from a service, writing and comparing.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on has failed, and its name says what it is")]

use std::os::unix::fs::PermissionsExt as _;

mod project;

use project::{PLANTED, Project};

const SCHEMA: &str = r#"{"version":1,"name":"shop","environment_variable":"APP_ENV","keys":[
{"variable":"PORT","path":"port","file_path":"port","type":{"kind":"integer","min":0,"max":65535},"required":true,"defaults":[{"text":"8080"}]},
{"variable":"API_TOKEN","path":"api_token","file_path":"api_token","type":{"kind":"text"},"required":true,"secret":true}]}"#;

/// The answer of a service, on one line as a service prints it.
fn service() -> String {
    format!("echo starting with $PLANTED_PASSWORD\n[ \"$CONFIGCHECK\" = schema ] && echo '{}'\n", SCHEMA.replace('\n', ""))
}

#[test]
fn prints_what_is_found_and_what_is_named() {
    let project = Project::of(&[("config.schema.json", SCHEMA)]);
    let found = project.expect(0, &["schema"]).stdout;
    assert!(found.starts_with("{\n  \"version\": 1,\n  \"name\": \"shop\""), "{found}");
    project.write("other.json", &found);
    assert_eq!(project.expect(0, &["schema", "--schema", "other.json"]).stdout, found, "what was printed is read back");
}

#[test]
fn asks_a_service_and_writes_the_file() {
    let project = Project::of(&[("service.sh", &service())]);
    let export = ["schema", "--bin", "sh", "--out", "s.json", "--", "service.sh"];
    let check = ["schema", "--bin", "sh", "--out", "s.json", "--check", "--", "service.sh"];
    assert!(project.expect(1, &check).stdout.contains("s.json: the schema file is missing"));
    project.expect(0, &export);
    assert_eq!(project.files(), ["s.json", "service.sh"], "no file beside is left behind");
    let written = project.read("s.json");
    assert!(written.contains("\"variable\": \"API_TOKEN\""), "{written}");
    project.expect(0, &check);
    // How the lines are broken does not matter.
    project.write("s.json", written.replace('\n', "\r\n"));
    project.expect(0, &check);
    project.write("s.json", SCHEMA);
    project.expect(0, &check);

    let drifted = SCHEMA.replace("API_TOKEN", "API_KEYS").replace("8080", "80");
    project.write("s.json", &drifted);
    let ran = project.expect(1, &check);
    assert_eq!(ran.stdout, "s.json: the schema file has drifted; added: API_TOKEN; removed: API_KEYS; changed: PORT\n");
    assert_eq!(project.read("s.json"), drifted, "a check writes nothing");
    std::fs::set_permissions(project.path("s.json"), std::fs::Permissions::from_mode(0o600)).unwrap();
    project.expect(0, &export);
    assert_eq!(project.read("s.json"), written);
    assert_eq!(std::fs::metadata(project.path("s.json")).unwrap().permissions().mode() & 0o777, 0o600, "the mode is kept");
}

#[test]
fn says_why_a_service_gives_no_schema() {
    let project = Project::new();
    let check = |script: &str, code: i32, expected: &str| {
        let script = format!("echo $PLANTED_PASSWORD >&2\n{script}");
        project.write("service.sh", script);
        let ran = project.expect(code, &["schema", "--bin", "/bin/sh", "--time-limit", "2", "--out", "s.json", "--", "service.sh"]);
        assert!(ran.stderr.starts_with(&format!("error: /bin/sh: {expected}")), "{}", ran.stderr);
        assert!(ran.stderr.contains("load_or_exit") || ran.stderr.contains("same release"), "{}", ran.stderr);
        assert_eq!((ran.stdout, project.files()), (String::new(), vec!["service.sh".to_owned()]));
    };
    check("exit 78", 3, "the service ended with 78 and printed no schema\n");
    check("kill -9 $$", 3, "the service was ended by a signal and printed no schema\n");
    check("sleep 9 & exit 78", 3, "the service ended with 78 and printed no schema\n");
    check("echo", 3, "the service ended well and printed no schema\n");
    check("echo $PLANTED_PASSWORD", 2, "what the service printed is no schema\n");
    check(
        "echo \"{\\\"version\\\":1,\\\"$PLANTED_PASSWORD\\\":\\\"$PLANTED_PASSWORD\\\"}\"",
        2,
        "the schema that the service printed cannot be read",
    );
    check("exec sleep 60", 3, "the service did not end within 2 s, and was stopped\n");
    check("exec >&-; exec sleep 60", 3, "the service did not end within 2 s, and was stopped\n");
    check("while :; do echo; done", 3, "the service did not end within 2 s, and was stopped\n");
    check("exec cat /dev/zero", 3, "the service printed more than 16 MiB\n");
}

#[test]
fn a_schema_counts_when_the_service_ends_well() {
    let project = Project::of(&[("good.sh", &format!("sleep 9 &\n{}", service())), ("bad.sh", &format!("{}exit 3", service()))]);
    let ran = project.expect(0, &["schema", "--bin", "sh", "--", "good.sh"]);
    assert!(ran.stdout.contains("API_TOKEN"), "what is left behind is not waited for: {}", ran.stdout);
    let ran = project.expect(3, &["schema", "--bin", "sh", "--", "bad.sh"]);
    assert!(ran.stderr.starts_with("error: sh: the service ended with 3 after it had printed its schema\n"), "{}", ran.stderr);
}

#[test]
fn a_service_that_is_not_there_cannot_be_started() {
    let project = Project::of(&[("data", PLANTED)]);
    let ran = project.expect(3, &["schema", "--bin", "./missing"]);
    assert!(
        ran.stderr.starts_with("error: ./missing: the service cannot be started: there is nothing at this path\n  help: build"),
        "{}",
        ran.stderr
    );
    let ran = project.expect(3, &["schema", "--bin", "./data"]);
    assert!(ran.stderr.contains("it is not permitted\n  help: give a file that may be executed"), "{}", ran.stderr);
    std::fs::set_permissions(project.path("data"), std::fs::Permissions::from_mode(0o700)).unwrap();
    let ran = project.expect(3, &["schema", "--bin", "./data"]);
    assert!(ran.stderr.contains("this system cannot run it\n  help: give a program that was built"), "{}", ran.stderr);
}

#[test]
fn exports_a_json_schema_of_the_config_files() {
    let project = Project::of(&[("config.schema.json", SCHEMA)]);
    let arguments = ["schema", "--as", "json-schema", "--out", "files.json"];
    let check = [&arguments[..], &["--check"]].concat();
    project.expect(1, &check);
    project.expect(0, &arguments);
    let written = project.read("files.json");
    let json: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!((&json["title"], &json["properties"]["port"]["default"]), (&"shop".into(), &8080.into()), "{written}");
    project.write("files.json", written.replace('\n', "\r\n").replace("  ", ""));
    project.expect(0, &check);
    project.write("files.json", written.replace("8080", "80"));
    assert_eq!(project.expect(1, &check).stdout, "files.json: the JSON Schema has drifted from the schema\n");
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let project = Project::of(&[("config.schema.json", SCHEMA)]);
    for arguments in [
        &["schema", "--check"][..],
        &["schema", "--check", "--out", "-"],
        &["example", "--check", "--out", "-"],
        &["example", "--merge", "--out", "-"],
        &["docs", "--check", "--out", "-"],
        &["docs", "--inject", "-"],
        &["schema", "--bin", "sh", "--schema", "x"],
        &["schema", "--", "x"],
        &["schema", "--bin", "sh", "--time-limit", "0"],
    ] {
        project.expect(2, arguments);
    }
    assert!(Project::new().expect(2, &["schema"]).stderr.contains("no schema was found"));
    project.expect(3, &["schema", "--out", "no/such/folder.json"]);
    project.expect(3, &["schema", "--out", "."]);
    assert!(project.expect(3, &["schema", "--out", ""]).stderr.starts_with("error: \"\": the file cannot be written"));
    assert_eq!(project.expect(0, &["docs", "--out", "-"]).stdout, project.expect(0, &["docs"]).stdout);
    std::os::unix::fs::symlink("gone.json", project.path("link")).unwrap();
    assert!(project.expect(3, &["schema", "--out", "link"]).stderr.starts_with("error: link: this link leads to no file"));
    assert_eq!(project.files(), ["config.schema.json", "link"], "nothing is written");
}
