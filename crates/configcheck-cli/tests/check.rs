//! `configcheck check` as a process: what it finds, what it prints and how it ends.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

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

struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let path = folder.0.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::cargo_bin("configcheck").unwrap();
        command.current_dir(self.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.path());
        command.args(arguments).output().unwrap()
    }

    /// Runs a check and compares the exit code; what was printed comes back, both streams one after the other.
    fn check(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(&[&["check"], arguments].concat());
        let text = format!("{}{}", String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{text}");
        assert!(!text.contains("hunter2"), "{text}");
        text
    }
}

#[test]
fn finds_the_seven_planted_problems_in_one_run() {
    let folder = Folder::with(&[("config.schema.json", SHOP), (".env", BROKEN)]);
    for arguments in [&[][..], &[".env"], &["--env", "production"], &["."]] {
        let text = folder.check(arguments, 1);
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
    let folder = Folder::with(&[("config.schema.json", SHOP), (".env.production", GOOD)]);
    let text = folder.check(&["--env", "production"], 0);
    assert!(text.contains("production: 3 ok, 3 present but not checkable here\n"), "{text}");
    folder.check(&["--env", "production", "--strict"], 3);
    assert!(folder.check(&["--env", "staging"], 3).contains("no env file of this environment"));
    assert!(folder.check(&[".env.production"], 0).contains("production: 3 ok"));
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let folder = Folder::with(&[("config.schema.json", SHOP), (".env", BROKEN), ("bad.json", "{\"version\":1"), ("other/readme.md", "")]);
    folder.check(&["--exit-zero"], 0);
    folder.check(&["no-such.env"], 3);
    folder.check(&["other"], 3);
    folder.check(&[".env", "--schema", "bad.json"], 2);
    folder.check(&[".env", "--schema", "no-such.json"], 3);
    folder.check(&["--env", "qa"], 2);
    folder.check(&["--ignore", "no-such-rule"], 2);
    folder.check(&["--format", "no-such-format"], 2);
    folder.check(&["--no-such-flag"], 2);
    folder.check(&["--from", "vault:x"], 2);
    let empty = Folder::with(&[]);
    empty.check(&[], 3);
    for format in ["text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson"] {
        folder.check(&["--format", format], 1);
        folder.check(&["--format", format, "--exit-zero"], 0);
        folder.check(&["--format", format, "no-such.env"], 3);
    }
}

#[test]
fn layers_lie_over_each_other_as_in_a_load() {
    let schema = SHOP;
    let staging = GOOD.replace("production", "staging");
    let folder = Folder::with(&[
        ("config.schema.json", schema),
        (".env", &GOOD.replace("PORT=8080", "PORT=wrong")),
        (".env.staging", "PORT=81\n"),
        (".env.local", "POOL_SIZE=wrong\n"),
        (".env.staging.local", "POOL_SIZE=7\n"),
        ("deploy/staging.env", &staging),
    ]);
    folder.check(&["--env", "staging"], 0);
    let text = folder.check(&["--env", "production"], 1);
    assert!(
        text.contains(".env:2:6: error[invalid-value]: PORT") && text.contains(".env.local:1:11: error[invalid-value]: POOL_SIZE"),
        "{text}"
    );
    folder.check(&["deploy/staging.env", "--env", "staging"], 0);
    let named =
        "[environments.staging]\nfiles = [\"deploy/staging.env\"]\n[environments.qa]\nkind = \"staging\"\nfiles = [\".env.staging\"]\n";
    fs::write(folder.path().join("configcheck.toml"), named).unwrap();
    let text = folder.check(&[], 1);
    assert!(text.contains("staging: ") && text.contains("qa: error[missing-required]: DATABASE_URL"), "{text}");
}

#[test]
fn the_process_environment_is_a_source_when_it_is_named() {
    let folder = Folder::with(&[("config.schema.json", SHOP), (".env", GOOD)]);
    let mut command = Command::cargo_bin("configcheck").unwrap();
    let output = command
        .current_dir(folder.path())
        .args(["check", "--from", "dotenv:.env", "--from", "env"])
        .env("PORT", "eighty")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(1) && text.contains("environment variable PORT: error[invalid-value]"), "{text}");
    let mut command = Command::cargo_bin("configcheck").unwrap();
    let output = command.current_dir(folder.path()).args(["check", ".env"]).env("PORT", "eighty").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "the environment is not read unless it is named");
    let mut command = Command::cargo_bin("configcheck").unwrap();
    let output = command.current_dir(folder.path()).args(["check", "-"]).write_stdin(BROKEN).output().unwrap();
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
    let folder = Folder::with(&[(".env.schema", schema), (".env", accepted), (".env.example", example)]);
    let text = folder.check(&["--schema", ".env.schema"], 0);
    assert!(text.contains("1 accepted") && text.contains(".env:5") && text.contains("warning[unused-ignore]"), "{text}");
    folder.check(&["--schema", ".env.schema", "--no-ignores"], 1);

    let folder = Folder::with(&[("config.schema.json", SHOP), (".env", BROKEN)]);
    folder.check(&["--write-baseline", "known.json"], 0);
    assert!(!fs::read_to_string(folder.path().join("known.json")).unwrap().contains("80a80"), "a baseline holds no value");
    assert!(folder.check(&["--baseline", "known.json"], 0).contains("7 accepted"));
    fs::write(folder.path().join(".env"), format!("\n\n{}", BROKEN.replace("POOL_SIZE=-1", "POOL_SIZE=x\nREDIS=1"))).unwrap();
    folder.check(&["--baseline", "known.json"], 0);
    fs::write(folder.path().join(".env"), BROKEN.replace("PORT=80a80", "PORT=80").replace("POOL_SIZE=-1", "")).unwrap();
    let text = folder.check(&["--baseline", "known.json"], 1);
    assert!(text.contains("missing-required]: POOL_SIZE") && text.contains("2 of its findings are no longer found"), "{text}");
    fs::write(folder.path().join("known.json"), "hunter2").unwrap();
    folder.check(&["--baseline", "known.json"], 2);
}

#[test]
fn several_formats_go_to_their_files_in_one_run() {
    let folder = Folder::with(&[("config.schema.json", SHOP), (".env", BROKEN)]);
    let text = folder.check(&["--format", "sarif", "-o", "a.sarif", "--format", "json", "--output", "b.json", "--format", "concise"], 1);
    assert_eq!(text.lines().filter(|line| line.contains("error[")).count(), 7, "{text}");
    for name in ["a.sarif", "b.json"] {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap();
        assert!(!text.contains("hunter2"));
    }
    folder.check(&["--format", "json", "--format", "sarif"], 2);
    folder.check(&["--output", "x", "--format", "sarif"], 2);
}

#[test]
fn github_gets_annotations_and_a_summary_by_itself() {
    let folder = Folder::with(&[("config.schema.json", SHOP), (".env", BROKEN)]);
    let summary = folder.path().join("summary.md");
    let mut command = Command::cargo_bin("configcheck").unwrap();
    command.current_dir(folder.path()).env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary);
    let output = command.arg("check").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 7, "{text}");
    let summary = fs::read_to_string(summary).unwrap();
    assert_eq!(summary.lines().filter(|line| line.contains("missing-required")).count(), 1, "{summary}");
}

#[test]
fn each_folder_has_the_schema_that_is_nearest() {
    let example = "# @required @type=number\nPORT=80\n";
    let folder = Folder::with(&[
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
    fs::create_dir(folder.path().join(".git")).unwrap();
    let text = folder.check(&["."], 1);
    assert!(text.contains("a/.env:1:6: error[invalid-value]: PORT"), "{text}");
    assert!(text.contains("b/deep (production): 3 ok, 3 present") || text.contains("3 ok, 3 present"), "{text}");
    assert!(text.contains("c/.env:2:1: warning[duplicate-key]"), "{text}");
    assert!(text.contains("d/.env:1:3: error[unreadable-source]"), "an env file counts although git ignores it\n{text}");
    assert!(!text.contains("build") && !text.contains("node_modules"), "{text}");
}

#[test]
fn a_tracked_file_with_secrets_is_an_error() {
    let folder =
        Folder::with(&[("config.schema.json", SHOP), (".env", &GOOD.replace("file:/run/secrets/api", "hunter2-fake-Kq7wZ3fV9xT5bN2"))]);
    let git = |arguments: &[&str]| {
        let status = std::process::Command::new("git").current_dir(folder.path()).args(arguments).output().unwrap().status;
        assert!(status.success(), "git {arguments:?}");
    };
    git(&["init", "-q"]);
    assert!(!folder.check(&[], 0).contains("git-tracked-secret"));
    git(&["add", "-f", ".env"]);
    let text = folder.check(&[], 1);
    assert!(text.contains("error[git-tracked-secret]") && text.contains("API_KEY"), "{text}");
}

#[test]
fn the_same_secret_in_two_environments_is_found() {
    let literal = GOOD.replace("file:/run/secrets/api", "hunter2-fake-Kq7wZ3fV9xT5bN2");
    let folder = Folder::with(&[
        ("config.schema.json", SHOP),
        (".env.production", &literal),
        (".env.staging", &literal.replace("production", "staging")),
    ]);
    let text = folder.check(&["--env", "staging,production"], 1);
    assert!(text.contains("error[same-secret-in-two-environments]"), "{text}");
}

#[test]
fn the_example_beside_the_schema_may_not_drift() {
    let example = "PORT=80\nPOOL_SIZE=5\n# JWT_SECRET=\nAPI_KEY=\nOLD_THING=1\nAPP_ENV=development\n";
    let folder = Folder::with(&[("config.schema.json", SHOP), (".env.production", GOOD), (".env.example", example)]);
    let text = folder.check(&["--env", "production"], 0);
    assert!(text.contains("warning[example-drift]") && text.contains(".env.example:5:1") && text.contains("DATABASE_URL"), "{text}");
}

#[test]
fn a_file_can_be_read_as_another_reader_reads_it() {
    let folder = Folder::with(&[(".env.example", "# @required @type=number\nPORT=80\n"), (".env", "PORT='80'\n")]);
    folder.check(&[".env"], 0);
    folder.check(&[".env", "--dialect", "node"], 0);
    folder.check(&[".env", "--dialect", "docker-run"], 1);
    folder.check(&[".env", "--dialect", "klingon"], 2);
    // A shell says that it does not know the command, and goes on; another reader reads nothing of such a file.
    let folder = Folder::with(&[(".env", "A=x y\nPORT=80\n"), (".env.example", "# @required @type=number\nPORT=80\n")]);
    assert!(folder.check(&[".env", "--dialect", "posix-sh"], 0).contains(".env:1: warning[unreadable-source]"));
    folder.check(&[".env", "--dialect", "dotenvy"], 1);
}

#[test]
fn what_has_no_effect_in_an_example_is_said() {
    let folder = Folder::with(&[(".env.example", "# @required @import(./.env.common)\nPORT=80\n"), (".env", "PORT=80\n")]);
    assert!(folder.check(&[".env"], 0).contains("note: .env.example: one thing in it has no effect, or less than it seems; -v says which"));
    assert!(folder.check(&[".env", "-v"], 0).contains("note: .env.example:1: "));
    assert!(!folder.check(&[".env", "-q"], 0).contains("note:"));
}

#[test]
fn a_broken_pipe_and_a_hostile_name_are_no_crash() {
    let folder =
        Folder::with(&[("config.schema.json", SHOP), (".env", BROKEN), ("x\n::error::y/.env", "A=\"\n"), ("\u{1b}[31m.env", "A=\"\n")]);
    let text = folder.check(&["."], 1);
    assert!(!text.contains('\u{1b}') && !text.lines().any(|line| line.starts_with("::")), "{text:?}");
    let text = folder.check(&[".", "--format", "github"], 1);
    assert!(text.lines().all(|line| line.starts_with("::")), "{text:?}");
}
