//! `configcheck check` as a process: which files it takes together, which schema it finds, and what it never opens.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on has failed, and its name says what it is")]

mod project;

use std::fs;

use project::{PLANTED, Project};

const SHOP: &str = include_str!("check/shop.schema.json");

const GOOD: &str = "\
APP_ENV=production
PORT=8080
JWT_SECRET=file:/run/secrets/jwt
POOL_SIZE=5
DATABASE_URL=file:/run/secrets/database
API_KEY=file:/run/secrets/api
";

fn shop(files: &[(&str, &str)]) -> Project {
    let project = Project::of(files);
    project.write("config.schema.json", SHOP);
    project
}

#[test]
fn files_of_no_common_environment_hide_nothing_in_each_other() {
    let bad = GOOD.replace("8080", "80a80");
    let project =
        shop(&[("web.env", &bad), ("worker.env", GOOD), (".env.docker", GOOD), ("a.production.env", &bad), ("b.production.env", GOOD)]);
    for arguments in [&["check"][..], &["check", "."], &["check", "web.env", "worker.env"], &["check", ".", "--env", "production"]] {
        project.expect(1, arguments).says("web.env:2:6: error[invalid-value]");
    }
    project
        .expect(1, &["check", "."])
        .says("a.production.env:2:6: error[invalid-value]")
        .says("b.production.env (production): 3 ok, 3 present");
    // Whoever names files and an environment names its layers.
    project.expect(0, &["check", "web.env", "worker.env", "--env", "production"]);
}

#[test]
fn an_environment_lies_over_what_all_have() {
    let staging = GOOD.replace("APP_ENV=production\n", "").replace("PORT=8080\n", "");
    let project = shop(&[(".env", &GOOD.replace("production", "development")), (".env.staging", &staging)]);
    for arguments in [&["check"][..], &["check", "."], &["check", "--env", "staging"], &["check", ".env", ".env.staging"]] {
        project.expect(0, arguments).says("staging: 3 ok, 3 present");
    }
    project.write(".env", GOOD.replace("production", "staging").replace("8080", "x"));
    project.expect(1, &["check"]).says(".env:2:6: error").says("staging: 2 ok, 1 bad").does_not_say(".env as staging");
}

#[test]
fn a_file_of_one_environment_may_not_name_another() {
    let project = shop(&[(".env", GOOD), (".env.staging", "APP_ENV=production\n"), ("x.env", GOOD)]);
    let says = "APP_ENV is set to another environment, and this is checked as staging";
    project.expect(1, &["check", "--env", "staging"]).says(&format!(".env.staging:1:9: error[unreadable-source]: {says}"));
    project.expect(1, &["check", "x.env", "--env", "staging"]).says(says);
    project.expect(0, &["check", "x.env", "--env", "prod"]);
    // `.env` gives way to the process.
    project.write(".env.staging", "PORT=1\n");
    project.expect(0, &["check", "--env", "staging"]);
}

#[test]
fn the_nearest_schema_is_found_from_anywhere() {
    let project = shop(&[("deploy/prod.env", &GOOD.replace("8080", "x")), ("other/readme.md", "")]);
    let file = project.path("deploy/prod.env");
    let finds = "prod.env:2:6: error[invalid-value]";
    project.expect(1, &["check", file.to_str().unwrap()]).says(finds);
    fs::create_dir(project.path(".git")).unwrap();
    for (folder, path) in [("deploy", "."), ("deploy", "prod.env"), ("other", "../deploy"), ("other", file.to_str().unwrap())] {
        let ran = project::ran(project.command(&["check", path]).current_dir(project.path(folder)));
        ran.exits(1).says(finds);
    }
}

#[test]
fn a_file_that_an_env_file_names_is_not_opened() {
    let local = Project::of(&[("port", PLANTED), ("key", PLANTED)]);
    let name = |name: &str| local.path(name).to_str().unwrap().to_owned();
    let text = GOOD.replace("PORT=8080", &format!("PORT_FILE={}", name("port"))).replace("API_KEY=", "API_KEY_FILE=/no/such\nAPI_KEY=");
    let project = shop(&[(".env.production", &text)]);
    for format in ["text", "json", "sarif", "junit"] {
        project.expect(0, &["check", "--format", format]);
    }
    project.expect(0, &["check"]).says("production: 2 ok, 4 present but not checkable here");
    project.expect(3, &["check", "--strict"]);
}

#[test]
fn the_settings_hold_wherever_the_command_is_started() {
    let settings = "schema = \"s.json\"\nexclude = [\"legacy/**\"]\nbaseline = \"known.json\"\n\
                    [environments.staging]\nfiles = [\"deploy/common.env\", \"deploy/staging.env\"]\n";
    let common = "PORT=80a80\nPOOL_SIZE=5\n";
    let staging = "APP_ENV=staging\nJWT_SECRET=file:/x\nDATABASE_URL=file:/x\nAPI_KEY=file:/x\n";
    let project = Project::of(&[
        ("configcheck.toml", settings),
        ("s.json", SHOP),
        ("deploy/common.env", common),
        ("deploy/staging.env", staging),
        ("legacy/.env", "PORT=x\n"),
        ("deploy/legacy/.env", &GOOD.replace("8080", "x")),
    ]);
    let from = |folder: &str, arguments: &[&str]| project::ran(project.command(arguments).current_dir(project.path(folder)));
    from("", &["check"]).exits(3).complains("known.json");
    // The baseline that the settings name is not there before it is written.
    from("deploy", &["check", "--write-baseline", "../known.json"]).exits(0);
    from("", &["check"]).exits(0).says("1 accepted");
    for (folder, path) in [("", "."), ("deploy", "."), ("deploy", "..")] {
        let ran = from(folder, &["check", path, "--baseline", project.path("known.json").to_str().unwrap()]);
        ran.exits(1).says("legacy/.env:2:6: error[invalid-value]").says("staging: 2 ok").does_not_say("common.env: ");
    }
    from("", &["check", "."]).exits(1).does_not_say("\nlegacy/.env");
}

#[test]
fn standard_input_is_read_once() {
    let project = shop(&[]);
    let staging = GOOD.replace("production", "staging");
    let check = |arguments: &[&str]| project::ran(project.command(arguments).write_stdin(GOOD.replace("APP_ENV=production\n", "")));
    check(&["check", "-", "--env", "staging,production"]).exits(0).says("staging: 3 ok, 3 present").says("production: 3 ok, 3 present");
    project::ran(project.command(&["check", "-", "--env", "staging", "-o", "-"]).write_stdin(staging)).exits(0).says("staging: 3 ok");
    let both = project::ran(project.command(&["check", "-", "--schema", "-"]).write_stdin(SHOP));
    both.exits(2).complains("standard input cannot be both");
}

#[test]
fn what_cannot_be_written_keeps_nothing_else_from_being_written() {
    let project = shop(&[("x.env", &GOOD.replace("8080", "x"))]);
    let arguments = ["check", "x.env", "--format", "json", "-o", "no/such/a", "--format", "sarif", "-o", "b.sarif", "--format", "concise"];
    project.expect(3, &arguments).says("x.env:2:6: error[invalid-value]").complains("there is no such folder");
    assert!(project.read("b.sarif").contains("invalid-value"));
    let mut command = project.command(&["check", "x.env"]);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", project.path("no/such/summary"));
    project::ran(&mut command).exits(1).says("::error ").complains("$GITHUB_STEP_SUMMARY");
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_and_names_like_commands_are_told() {
    use std::os::unix::ffi::OsStrExt as _;

    let project = shop(&[("##[group]/.env", GOOD), ("::error::x.env", &GOOD.replace("8080", "x"))]);
    fs::write(project.path("").join(std::ffi::OsStr::from_bytes(b"bad\xff.env")), GOOD).unwrap();
    let ran = project.expect(3, &["check", "."]).says("the file's path is not UTF-8");
    assert!(!ran.stdout.contains("##") && !ran.stdout.lines().any(|line| line.trim_start().starts_with("::")), "{}", ran.stdout);
    project.write("out", "");
    project.expect(1, &["check", "::error::x.env", "--format", "concise", "-o", "/dev/stdout"]).says("./::error::x.env:2:6");
}

#[test]
fn git_that_says_nothing_is_told() {
    let project = shop(&[("x.env", GOOD), (".git", "gitdir: /no/such/repository\n")]);
    project.expect(0, &["check", "x.env"]).complains("git could not be asked");
}
