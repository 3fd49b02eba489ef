//! The `breaking` command as a process, in repositories that the tests make.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use project::{PLANTED, Project, Ran};

mod project;

/// A schema with the keys that a release had, and more.
fn schema(more: &str) -> String {
    let key = |variable: &str, rest: &str| {
        let path = variable.to_lowercase();
        format!(r#"{{"variable": "{variable}", "path": "{path}", "file_path": "{path}", {rest}}}"#)
    };
    let keys = [
        key("APP_ENV", r#""type": {"kind": "environment"}, "required": true"#),
        key("PORT", r#""type": {"kind": "integer", "min": 0, "max": 65535}, "required": true"#),
    ];
    format!(r#"{{"version": 1, "name": "checkout", "environment_variable": "APP_ENV", "keys": [{}{more}]}}"#, keys.join(",\n"))
}

const OLD: &str = r#",
{"variable": "OLD_NAME", "path": "old_name", "file_path": "old_name", "type": {"kind": "text"}, "required": true, "public": true},
{"variable": "MODE", "path": "mode", "file_path": "mode", "type": {"kind": "choice", "words": ["fast", "safe"]}, "required": false}"#;

const NEW: &str = r#",
{"variable": "NEW_NAME", "path": "new_name", "file_path": "new_name", "type": {"kind": "text"}, "required": true, "aliases": ["OLD_NAME"], "public": true},
{"variable": "MODE", "path": "mode", "file_path": "mode", "type": {"kind": "choice", "words": ["safe"]}, "required": false},
{"variable": "JWT_SECRET", "path": "jwt_secret", "file_path": "jwt_secret", "type": {"kind": "text"}, "required": false, "secret": true, "required_in": ["staging", "production"], "constraints": [{"check": "length", "min": 16}]}"#;

fn git(project: &Project, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(project.path("."))
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn commit(project: &Project, message: &str) {
    git(project, &["add", "-A"]);
    git(project, &["commit", "--quiet", "--message", message]);
}

/// A repository in which the schema changed with the last commit.
fn repository() -> Project {
    let project = Project::of(&[("config.schema.json", &schema(OLD))]);
    git(&project, &["init", "--quiet"]);
    commit(&project, "one");
    project.write("config.schema.json", schema(NEW));
    commit(&project, "two");
    project
}

/// The heads of the changes, each with its environments.
fn heads(ran: &Ran) -> Vec<&str> {
    ran.stdout.lines().filter(|line| ["error[", "warning[", "note["].iter().any(|level| line.starts_with(level))).collect()
}

const CHANGES: [&str; 4] = [
    "error[choice-removed]: MODE may not be fast any more",
    "error[required-variable-added]: JWT_SECRET is new and must be set (staging, production)",
    "warning[file-path-changed]: config files set NEW_NAME as new_name now, and no longer as old_name",
    "note[renamed]: OLD_NAME is called NEW_NAME now, and the old name still counts",
];

#[test]
fn compares_with_a_revision_a_file_and_itself() {
    let project = repository();
    for against in ["git:HEAD~1:config.schema.json", "git:HEAD~1:./config.schema.json", "git:HEAD~1"] {
        let ran = project.expect(1, &["breaking", "--against", against]);
        assert_eq!(heads(&ran), CHANGES, "{}", ran.stdout);
        assert!(
            ran.stdout.contains("\n  next: set JWT_SECRET, or JWT_SECRET_FILE to the file that holds it before the release\n"),
            "{}",
            ran.stdout
        );
        assert!(ran.stdout.contains("2 errors, 1 warning, 1 note\n"), "{}", ran.stdout);
    }
    project.write("old.json", schema(OLD));
    assert_eq!(heads(&project.expect(1, &["breaking", "--against", "old.json"])), CHANGES);
    let same = project.expect(0, &["breaking", "--against", "git:HEAD", "--fail-on", "note"]);
    assert!(same.stdout.contains("no change that an operator would see"), "{}", same.stdout);
    let reverse = project.expect(1, &["breaking", "--schema", "old.json", "--against", "config.schema.json"]);
    assert_eq!(
        heads(&reverse),
        [
            "error[renamed-without-alias]: NEW_NAME is called OLD_NAME now, and the old name no longer counts",
            "warning[file-path-changed]: config files set OLD_NAME as old_name now, and no longer as new_name",
            "warning[variable-removed]: JWT_SECRET is no longer read",
            "note[choice-added]: MODE may be fast too",
        ]
    );
}

#[test]
fn a_revision_that_is_not_here_is_an_incomplete_input() {
    let project = repository();
    let shallow = Project::new();
    let source = format!("file://{}", project.path(".").canonicalize().unwrap().display());
    git(&shallow, &["clone", "--quiet", "--depth", "1", &source, "."]);
    for (project, against, code, help) in [
        (&project, "git:no-such-branch:config.schema.json", 3, "may have fetched only one commit"),
        (&project, "git:HEAD~1:no.such.file", 3, "the path counts from the root"),
        (&shallow, "git:HEAD~1:config.schema.json", 3, "may have fetched only one commit"),
        (&project, "no.such.file", 3, "help"),
        (&project, "HEAD~1:config.schema.json", 2, "write git:HEAD~1:config.schema.json"),
        (&project, "git::x", 2, "git:REV:PATH"),
    ] {
        let ran = project.expect(code, &["breaking", "--against", against]);
        assert!(ran.stderr.contains(help), "{against}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{against}");
    }
    project.write("broken.json", "{");
    project.expect(2, &["breaking", "--against", "broken.json"]);
    project.expect(2, &["breaking"]);
    project.expect(2, &["breaking", "--against", "git:HEAD", "--env", "prod_eu"]);
}

/// The rows of the table of answers.
fn answers(ran: &Ran) -> Vec<String> {
    let rows = ran.stdout.lines().skip_while(|line| !line.starts_with("would it start?")).take_while(|line| !line.is_empty());
    rows.map(|row| row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" | ")).collect()
}

#[test]
fn says_whether_each_environment_would_start() {
    let project = repository();
    project.write(".env.staging", format!("APP_ENV=staging\nPORT=80\nOLD_NAME=x\nMODE=fast\nJWT_SECRET={PLANTED}\n"));
    project.write(".env.production", "APP_ENV=production\nPORT=80\nOLD_NAME=x\nJWT_SECRET=vault:secret/data/production/checkout#jwt\n");
    project.write(".env.development", "APP_ENV=development\nPORT=80\nNEW_NAME=x\n");
    let all = ["breaking", "--against", "git:HEAD~1", "--env", "development,staging,production"];
    let ran = project.expect(1, &all);
    let head = "would it start? | this release | a rollback";
    assert_eq!(
        answers(&ran),
        [
            head,
            "development | yes | no, 1 error",
            "staging | no, 1 error | yes",
            "production | cannot be said here: 1 value lives elsewhere | yes",
        ],
        "{}",
        ran.stdout
    );
    for expected in [
        "staging: this release would not start\n",
        ".env.staging:4:6: error[invalid-value]: MODE",
        "development: a rollback would not start\n",
        "error[missing-required]: OLD_NAME is not set",
    ] {
        assert!(ran.stdout.contains(expected), "{expected}\n{}", ran.stdout);
    }
    // The changes weigh less than what is asked for, and the answers decide.
    project.write("accepted", "choice-removed MODE nobody is fast\nrequired-variable-added JWT_SECRET it is there\n");
    let production = project.expect(0, &["breaking", "--against", "git:HEAD~1", "--allow", "accepted", "--env", "production"]);
    assert!(production.stdout.contains("1 warning, 1 note, 2 accepted\n"), "{}", production.stdout);
    project.expect(1, &["breaking", "--against", "git:HEAD~1", "--allow", "accepted", "--env", "staging"]);
    let by_path = project.expect(1, &["breaking", "--against", "git:HEAD~1", ".env.staging"]);
    assert_eq!(answers(&by_path), [head, "staging | no, 1 error | yes"]);
    let missing = project.expect(3, &["breaking", "--against", "git:HEAD~1", "--env", "test"]);
    assert!(missing.stderr.contains("test: no env file of this environment was found"), "{}", missing.stderr);
}

#[test]
fn accepts_what_was_accepted_with_a_reason() {
    let project = repository();
    let allow = |text: &str, code| {
        project.write("accepted", text);
        project.expect(code, &["breaking", "--against", "git:HEAD~1", "--allow", "accepted"])
    };
    let one = allow("# of this release\n\nchoice-removed MODE nobody is fast\nrequired-variable-added JWT_SECRET@staging there\n", 1);
    assert_eq!(heads(&one), ["error[required-variable-added]: JWT_SECRET is new and must be set (production)", CHANGES[2], CHANGES[3]]);
    let unused = allow("choice-removed MODE nobody is fast\nrequired-variable-added JWT_SECRET there\nalias-removed PORT no\n", 0);
    assert!(unused.stderr.contains("accepted:3: this accepts no change"), "{}", unused.stderr);
    assert!(allow("choice-removed MODE\n", 2).stderr.contains("accepted:1: this line does not say what is accepted and why"));
    assert!(allow("choise-removed MODE because\n", 2).stderr.contains("did you mean choice-removed?"));
}

#[test]
fn writes_json_and_annotations() {
    let project = repository();
    project.write(".env.staging", format!("APP_ENV=staging\nPORT=80\nOLD_NAME=x\nMODE=fast\nJWT_SECRET={PLANTED}\n"));
    let json = project.expect(1, &["breaking", "--against", "git:HEAD~1", "--env", "staging", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["changes"].as_array().unwrap().len(), 5);
    assert_eq!(json["changes"][0]["rule"], "choice-removed");
    assert_eq!((&json["changes"][1]["key"], &json["changes"][1]["environment"]), (&"JWT_SECRET".into(), &"staging".into()));
    assert_eq!(json["environments"][0]["release"]["starts"], "no");
    assert_eq!(json["environments"][0]["release"]["stops"][0]["key"], "MODE");
    assert_eq!(json["environments"][0]["rollback"]["starts"], "yes");
    let github = project.expect(1, &["breaking", "--against", "git:HEAD~1", "--env", "staging", "--format", "github"]);
    let lines: Vec<&str> = github.stdout.lines().collect();
    assert!(
        lines.iter().all(|line| ["::error ", "::warning ", "::notice "].iter().any(|kind| line.starts_with(kind))),
        "{}",
        github.stdout
    );
    assert_eq!(
        lines[0],
        "::error title=configcheck breaking (choice-removed),file=config.schema.json::choice-removed: MODE may not be fast any more%0Anext: where MODE is fast, set it to safe"
    );
    assert!(github.stdout.contains("this release would not start in staging%0Ainvalid-value: .env.staging:4:6: MODE"), "{}", github.stdout);
}
