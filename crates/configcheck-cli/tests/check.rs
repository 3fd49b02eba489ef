//! `configcheck check` as a process: what it finds, what it prints and how it ends.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test that cannot go on has failed, and its name says what it is")]

mod project;

use std::fs;

use project::Project;

const SHOP: &str = include_str!("check/shop.schema.json");

/// The seven problems of the broken file.
const BROKEN: &str = "\
APP_ENV=prodution
PORT=80a80
JWT_SECRET=hunter2-short
POOL_SIZE=-1
DATABSE_URL=postgres://u:hunter2@h/db
API_KEY=your-key-here
";

const GOOD: &str = "\
APP_ENV=production
PORT=8080
JWT_SECRET=file:/run/secrets/jwt
POOL_SIZE=5
DATABASE_URL=file:/run/secrets/database
API_KEY=file:/run/secrets/api
";

/// Runs a check and compares the exit code; what was printed comes back, both streams one after the other.
#[track_caller]
fn check(project: &Project, arguments: &[&str], code: i32) -> String {
    let ran = project.expect(code, &[&["check"], arguments].concat());
    let text = ran.stdout + &ran.stderr;
    assert!(!text.contains("hunter2"), "{text}");
    text
}

#[test]
fn finds_the_seven_planted_problems_in_one_run() {
    let folder = Project::of(&[("config.schema.json", SHOP), (".env", BROKEN)]);
    for arguments in [&[][..], &[".env"], &["--env", "production"], &["."]] {
        let text = check(&folder, arguments, 1);
        for (problem, found) in [
            ("a mistyped environment", "error[invalid-value]: APP_ENV is not an environment"),
            ("a port that is no number", "error[invalid-value]: PORT is not a whole number"),
            ("a missing URL", "error[missing-required]: DATABASE_URL is not set"),
            ("a short secret", "error[constraint-violated]: JWT_SECRET does not have a length"),
            ("a negative size", "error[invalid-value]: POOL_SIZE is not a whole number"),
            ("a mistyped name", "error[unknown-key]: DATABSE_URL is not declared: did you mean DATABASE_URL?"),
            ("a placeholder", "error[placeholder-value]: API_KEY still holds a placeholder"),
        ] {
            assert!(text.contains(found), "{problem} with {arguments:?}\n{text}");
        }
    }
}

#[test]
fn a_good_file_is_clean_and_counted() {
    let folder = Project::of(&[("config.schema.json", SHOP), (".env.production", GOOD)]);
    let text = check(&folder, &["--env", "production"], 0);
    assert!(text.contains("production: 3 ok, 3 present but not checkable here\n"), "{text}");
    check(&folder, &["--env", "production", "--strict"], 3);
    assert!(check(&folder, &["--env", "staging"], 3).contains("no env file of this environment"));
    assert!(check(&folder, &[".env.production"], 0).contains("production: 3 ok"));
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let folder = Project::of(&[("config.schema.json", SHOP), (".env", BROKEN), ("bad.json", "{\"version\":1"), ("other/readme.md", "")]);
    check(&folder, &["--exit-zero"], 0);
    check(&folder, &["no-such.env"], 3);
    check(&folder, &["other"], 3);
    check(&folder, &[".env", "--schema", "bad.json"], 2);
    check(&folder, &[".env", "--schema", "no-such.json"], 3);
    check(&folder, &["--env", "qa"], 2);
    check(&folder, &["--ignore", "no-such-rule"], 2);
    check(&folder, &["--format", "no-such-format"], 2);
    check(&folder, &["--no-such-flag"], 2);
    check(&folder, &["--from", "vault:x"], 2);
    let empty = Project::of(&[]);
    check(&empty, &[], 3);
    for format in ["text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson"] {
        check(&folder, &["--format", format], 1);
        check(&folder, &["--format", format, "--exit-zero"], 0);
        check(&folder, &["--format", format, "no-such.env"], 3);
    }
}

#[test]
fn layers_lie_over_each_other_as_in_a_load() {
    let schema = SHOP;
    let staging = GOOD.replace("production", "staging");
    let folder = Project::of(&[
        ("config.schema.json", schema),
        (".env", &GOOD.replace("PORT=8080", "PORT=wrong")),
        (".env.staging", "PORT=81\n"),
        (".env.local", "POOL_SIZE=wrong\n"),
        (".env.staging.local", "POOL_SIZE=7\n"),
        ("deploy/staging.env", &staging),
    ]);
    check(&folder, &["--env", "staging"], 0);
    let text = check(&folder, &["--env", "production"], 1);
    assert!(
        text.contains(".env:2:6: error[invalid-value]: PORT") && text.contains(".env.local:1:11: error[invalid-value]: POOL_SIZE"),
        "{text}"
    );
    check(&folder, &["deploy/staging.env", "--env", "staging"], 0);
    let named =
        "[environments.staging]\nfiles = [\"deploy/staging.env\"]\n[environments.qa]\nkind = \"staging\"\nfiles = [\".env.staging\"]\n";
    fs::write(folder.path("configcheck.toml"), named).unwrap();
    let text = check(&folder, &[], 1);
    assert!(text.contains("staging: ") && text.contains("qa: error[missing-required]: DATABASE_URL"), "{text}");
}

#[test]
fn the_process_environment_is_a_source_when_it_is_named() {
    let folder = Project::of(&[("config.schema.json", SHOP), (".env", GOOD)]);
    let mut command = folder.command(&["check", "--from", "dotenv:.env", "--from", "env"]);
    let output = command.env("PORT", "eighty").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(1) && text.contains("environment variable PORT: error[invalid-value]"), "{text}");
    let output = folder.command(&["check", ".env"]).env("PORT", "eighty").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "the environment is not read unless it is named");
    let output = folder.command(&["check", "-"]).write_stdin(BROKEN).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "standard input is a file too");
}

#[test]
fn findings_are_accepted_where_they_stand_or_in_a_baseline() {
    let accepted = "\
APP_ENV=development
# configcheck: ignore[invalid-value] the next release reads names
PORT=http
# configcheck: ignore[unknown-key] nothing to accept here
POOL_SIZE=5
";
    let example = "APP_ENV=development\nPORT=80\nPOOL_SIZE=1\n";
    let schema = "# @required @type=number\nPORT=80\n# @required\nAPP_ENV=x\n# @required @type=number\nPOOL_SIZE=5\n";
    let folder = Project::of(&[(".env.schema", schema), (".env", accepted), (".env.example", example)]);
    let text = check(&folder, &["--schema", ".env.schema"], 0);
    assert!(text.contains("1 accepted") && text.contains(".env:5") && text.contains("warning[unused-ignore]"), "{text}");
    check(&folder, &["--schema", ".env.schema", "--no-ignores"], 1);

    let folder = Project::of(&[("config.schema.json", SHOP), (".env", BROKEN)]);
    check(&folder, &["--write-baseline", "known.json"], 0);
    assert!(!fs::read_to_string(folder.path("known.json")).unwrap().contains("80a80"), "a baseline holds no value");
    assert!(check(&folder, &["--baseline", "known.json"], 0).contains("7 accepted"));
    fs::write(folder.path(".env"), format!("\n\n{}", BROKEN.replace("POOL_SIZE=-1", "POOL_SIZE=x\nREDIS=1"))).unwrap();
    check(&folder, &["--baseline", "known.json"], 0);
    fs::write(folder.path(".env"), BROKEN.replace("PORT=80a80", "PORT=80").replace("POOL_SIZE=-1", "")).unwrap();
    let text = check(&folder, &["--baseline", "known.json"], 1);
    assert!(text.contains("missing-required]: POOL_SIZE") && text.contains("2 of its findings are no longer found"), "{text}");
    fs::write(folder.path("known.json"), "hunter2").unwrap();
    check(&folder, &["--baseline", "known.json"], 2);
}

#[test]
fn several_formats_go_to_their_files_in_one_run() {
    let folder = Project::of(&[("config.schema.json", SHOP), (".env", BROKEN)]);
    let text = check(&folder, &["--format", "sarif", "-o", "a.sarif", "--format", "json", "--output", "b.json", "--format", "concise"], 1);
    assert_eq!(text.lines().filter(|line| line.contains("error[")).count(), 7, "{text}");
    for name in ["a.sarif", "b.json"] {
        let text = fs::read_to_string(folder.path(name)).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap();
        assert!(!text.contains("hunter2"));
    }
    check(&folder, &["--format", "json", "--format", "sarif"], 2);
    check(&folder, &["--output", "x", "--format", "sarif"], 2);
}

#[test]
fn github_gets_annotations_and_a_summary_by_itself() {
    let folder = Project::of(&[("config.schema.json", SHOP), (".env", BROKEN)]);
    let summary = folder.path("summary.md");
    let mut command = folder.command(&["check"]);
    let output = command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 7, "{text}");
    let summary = fs::read_to_string(summary).unwrap();
    assert_eq!(summary.lines().filter(|line| line.contains("missing-required")).count(), 1, "{summary}");
}

#[test]
fn each_folder_has_the_schema_that_is_nearest() {
    let example = "# @required @type=number\nPORT=80\n";
    let folder = Project::of(&[
        ("a/.env.example", example),
        ("a/.env", "PORT=x\n"),
        ("b/config.schema.json", SHOP),
        ("b/deep/.env.production", GOOD),
        ("c/.env", "A=1\nA=2\n"),
        ("node_modules/x/.env", "A=\"\n"),
        ("d/.gitignore", ".env\nbuild/\n"),
        ("d/.env", "A='\n"),
        ("d/build/.env", "A='\n"),
    ]);
    fs::create_dir(folder.path(".git")).unwrap();
    let text = check(&folder, &["."], 1);
    assert!(text.contains("a/.env:1:6: error[invalid-value]: PORT"), "{text}");
    assert!(text.contains("b/deep (production): 3 ok, 3 present") || text.contains("3 ok, 3 present"), "{text}");
    assert!(text.contains("c/.env:2:1: warning[duplicate-key]"), "{text}");
    assert!(text.contains("d/.env:1:3: error[unreadable-source]"), "an env file counts although git ignores it\n{text}");
    assert!(!text.contains("build") && !text.contains("node_modules"), "{text}");
}

#[test]
fn a_tracked_file_with_secrets_is_an_error() {
    let folder =
        Project::of(&[("config.schema.json", SHOP), (".env", &GOOD.replace("file:/run/secrets/api", "hunter2-fake-Kq7wZ3fV9xT5bN2"))]);
    let git = |arguments: &[&str]| {
        let status = std::process::Command::new("git").current_dir(folder.path(".")).args(arguments).output().unwrap().status;
        assert!(status.success(), "git {arguments:?}");
    };
    git(&["init", "-q"]);
    assert!(!check(&folder, &[], 0).contains("git-tracked-secret"));
    git(&["add", "-f", ".env"]);
    let text = check(&folder, &[], 1);
    assert!(text.contains("error[git-tracked-secret]") && text.contains("API_KEY"), "{text}");
}

#[test]
fn the_same_secret_in_two_environments_is_found() {
    let literal = GOOD.replace("file:/run/secrets/api", "hunter2-fake-Kq7wZ3fV9xT5bN2");
    let folder = Project::of(&[
        ("config.schema.json", SHOP),
        (".env.production", &literal),
        (".env.staging", &literal.replace("production", "staging")),
    ]);
    let text = check(&folder, &["--env", "staging,production"], 1);
    assert!(text.contains("error[same-secret-in-two-environments]"), "{text}");
}

#[test]
fn the_example_beside_the_schema_may_not_drift() {
    let example = "PORT=80\nPOOL_SIZE=5\n# JWT_SECRET=\nAPI_KEY=\nOLD_THING=1\nAPP_ENV=development\n";
    let folder = Project::of(&[("config.schema.json", SHOP), (".env.production", GOOD), (".env.example", example)]);
    let text = check(&folder, &["--env", "production"], 0);
    assert!(text.contains("warning[example-drift]") && text.contains(".env.example:5:1") && text.contains("DATABASE_URL"), "{text}");
}

#[test]
fn a_file_can_be_read_as_another_reader_reads_it() {
    let folder = Project::of(&[(".env.example", "# @required @type=number\nPORT=80\n"), (".env", "PORT='80'\n")]);
    check(&folder, &[".env"], 0);
    check(&folder, &[".env", "--dialect", "node"], 0);
    check(&folder, &[".env", "--dialect", "docker-run"], 1);
    check(&folder, &[".env", "--dialect", "klingon"], 2);
    // A shell says that it does not know the command, and goes on; another reader reads nothing of such a file.
    let folder = Project::of(&[(".env", "A=x y\nPORT=80\n"), (".env.example", "# @required @type=number\nPORT=80\n")]);
    assert!(check(&folder, &[".env", "--dialect", "posix-sh"], 0).contains(".env:1: warning[unreadable-source]"));
    check(&folder, &[".env", "--dialect", "dotenvy"], 1);
}

#[test]
fn a_variable_that_is_put_into_another_is_not_shown_through_it() {
    let example = "# @required @sensitive\nJWT_SECRET=\n# @required @type=number @public\nPORT=80\n";
    let folder = Project::of(&[(".env.example", example), (".env", "JWT_SECRET=hunter2-fake-Kq7wZ3\nPORT=${JWT_SECRET}\n")]);
    for dialect in ["compose", "python", "ruby", "dotenvy", "posix-sh"] {
        let text = check(&folder, &[".env", "--dialect", dialect, "-v"], 1);
        assert!(text.contains(".env:2:6: error[invalid-value]: PORT"), "{dialect}\n{text}");
        folder.expect(1, &["run", "--dialect", dialect, "-f", ".env", "--", "true"]);
        folder.expect(0, &["explain", "PORT", ".env", "--dialect", dialect]).does_not_say("hunter2");
    }
    // What stands in the environment of the process is put in too.
    let folder = Project::of(&[(".env.example", example), (".env", "JWT_SECRET=file:x\nPORT=${PLANTED_PASSWORD}\n")]);
    folder.expect(1, &["run", "--dialect", "compose", "-f", ".env", "--", "true"]);
}

#[test]
fn what_has_no_effect_in_an_example_is_said() {
    let folder = Project::of(&[(".env.example", "# @required @import(./.env.common)\nPORT=80\n"), (".env", "PORT=80\n")]);
    assert!(
        check(&folder, &[".env"], 0).contains("note: .env.example: one thing in it has no effect, or less than it seems; -v says which")
    );
    assert!(check(&folder, &[".env", "-v"], 0).contains("note: .env.example:1: "));
    assert!(!check(&folder, &[".env", "-q"], 0).contains("note:"));
}

#[test]
fn a_broken_pipe_and_a_hostile_name_are_no_crash() {
    let folder =
        Project::of(&[("config.schema.json", SHOP), (".env", BROKEN), ("x\n::error::y/.env", "A=\"\n"), ("\u{1b}[31m.env", "A=\"\n")]);
    let text = check(&folder, &["."], 1);
    assert!(!text.contains('\u{1b}') && !text.lines().any(|line| line.starts_with("::")), "{text:?}");
    let text = check(&folder, &[".", "--format", "github"], 1);
    assert!(text.lines().all(|line| line.starts_with("::")), "{text:?}");
}
