//! `configcheck diff`: keys of two environments, and never a value.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod project;

use std::process::Command;

use project::{Project, SECRET, ran};

fn project() -> Project {
    let staging = format!("APP_ENV=staging\nPORT=8080\nJWT_KEY={SECRET}-everywhere-0000000\nSMTP_HOST=mail\nDEBUG_TOOLBAR={SECRET}\n");
    let production = format!("APP_ENV=production\nPORT=\"9090\"\nJWT_SECRET='{SECRET}-everywhere-0000000'\nEXTRA=\n");
    Project::with_schema(&[(".env.staging", &staging), (".env.production", &production)])
}

#[test]
fn compares_files_and_environments() {
    let body = "
Only in A (2)
  SMTP_HOST      .env.staging:4  required in production
  DEBUG_TOOLBAR  .env.staging:5  undeclared

Only in B (1)
  EXTRA  .env.production:4  undeclared; set to nothing in B

Different (2)
  APP_ENV  .env.staging:1  .env.production:1
  PORT     .env.staging:2  .env.production:2

The same secret in both (1)
  JWT_SECRET  .env.staging:3  .env.production:3  secret; called JWT_KEY in A
  give each environment its own (configcheck rule CC025)

keys: 2 only in A, 1 only in B, 2 different, 1 the same in both, 1 of them
secret
";
    let of_files = "A  .env.staging (staging)\nB  .env.production (production)\n";
    assert_eq!(project().line("diff .env.staging .env.production").exits(1).stdout, format!("{of_files}{body}"));
    let of_names = "A  staging (.env.staging)\nB  production (.env.production)\n";
    assert_eq!(project().line("diff staging production").exits(1).stdout, format!("{of_names}{body}"));
    assert_eq!(
        project().line("diff stage prod").exits(1).stdout,
        format!("A  stage (staging; .env.staging)\nB  prod (production; .env.production)\n{body}")
    );
}

#[test]
fn lays_the_files_of_an_environment_over_each_other() {
    let project = project();
    project.write(".env", "PORT=1\nSMTP_HOST=base\nEXTRA=x\n");
    let told = project.line("diff staging production").exits(1);
    // What is empty in a higher file hides nothing.
    told.says("Only in A (1)\n  DEBUG_TOOLBAR")
        .says("SMTP_HOST  .env.staging:4  .env:2")
        .says("A  staging (.env, .env.staging)")
        .does_not_say("EXTRA");
}

#[test]
fn a_file_that_holds_the_value_sets_the_key() {
    let project = Project::with_schema(&[
        ("a.env", "PORT=1\nJWT_SECRET_FILE=/run/secrets/jwt\n"),
        ("b.env", &format!("PORT=1\nJWT_SECRET={SECRET}-0000000000000000000000\n")),
        ("c.env", "PORT=1\nJWT_KEY_FILE=/run/secrets/jwt\nJWT_KEY_FILES=x\n"),
        ("d.env", "PORT=1\nX=\"\n"),
    ]);
    let told = project
        .line("diff a.env b.env")
        .exits(1)
        .says("Different (1)\n  JWT_SECRET  a.env:2  b.env:2  secret; called JWT_SECRET_FILE in A\n");
    told.does_not_say("Only in").does_not_say("undeclared");
    let told = project
        .line("diff a.env c.env")
        .exits(1)
        .says("keys: 1 only in B, 2 the same in both\n")
        .says("JWT_KEY_FILES  c.env:3  undeclared");
    told.does_not_say("The same secret");
    let told = project.line("diff d.env d.env").exits(3);
    assert_eq!(told.stderr.matches("error: ").count(), 1, "{}", told.stderr);
}

#[test]
fn compares_keys_alone() {
    let told = project().line("diff staging production --keys-only").exits(1).does_not_say("Different").does_not_say("The same secret");
    told.says("keys: 2 only in A, 1 only in B, 3 in both");
    let alike = Project::with_schema(&[("a.env", "PORT=1\n"), ("b.env", "PORT=2\n")]);
    alike.line("diff a.env b.env --keys-only").exits(0).says("keys: 1 in both");
    alike.line("diff a.env b.env").exits(1).says("Different (1)\n  PORT  a.env:1  b.env:1\n");
}

#[test]
fn says_what_is_the_same() {
    let project = Project::with_schema(&[
        ("a.env", "PORT=1 # one\nexport SMTP_HOST='a b'\nJWT_SECRET=vault:secret/data/x#k\n"),
        ("b.env", "SMTP_HOST=\"a b\"\nPORT=1\nJWT_SECRET=vault:secret/data/x#k\n"),
    ]);
    // A reference is where a secret is, and not the secret.
    project.line("diff a.env b.env").exits(0).says("keys: 3 the same in both\n").does_not_say("The same secret");
    project.line("diff a.env a.env --no-config").exits(0);
    let empty = Project::with_schema(&[("a.env", ""), ("b.env", "# nothing\n")]);
    empty.line("diff a.env b.env").exits(0).says("no keys on either side");
}

#[test]
fn says_what_an_absence_means() {
    let all = format!("APP_ENV=test\nPORT=1\nJWT_SECRET={SECRET}\nPARTNER_URL=https://a.example.com/\nSMTP_HOST=m\n");
    let project = Project::with_schema(&[("all.env", &all), (".env.production", ""), (".env.staging", "")]);
    let told = project.line("diff all.env .env.production").exits(1).says("SMTP_HOST    all.env:5  required in production");
    let told = told.says("APP_ENV      all.env:1  required in production").says("PORT         all.env:2  has a default in production");
    told.says("JWT_SECRET   all.env:3  secret; comes from its reference in production")
        .says("PARTNER_URL  all.env:4  optional in production");
    project.line("diff .env.staging all.env").exits(1).says("Only in B (5)").says("SMTP_HOST    all.env:5  optional in staging");
}

#[test]
fn needs_no_schema() {
    let project = Project::of(&[("a.env", "A=1\nB=2\n"), ("b.env", "B=3\n")]);
    project
        .line("diff a.env b.env")
        .exits(1)
        .says("Only in A (1)\n  A  a.env:1\n")
        .says("Different (1)\n  B  a.env:2  b.env:1\n")
        .does_not_say("declared");
    project.line("diff a.env b.env --show-types").exits(2).complains("--show-types needs a schema");
}

#[test]
fn shows_types_when_asked() {
    let told = project().line("diff staging production --show-types").exits(1);
    told.says("PORT     .env.staging:2  .env.production:2  whole number")
        .says("SMTP_HOST      .env.staging:4  text; required in production");
}

#[test]
fn reads_standard_input_and_revisions() {
    let project = project();
    let mut command = project.command_line("diff - .env.production");
    ran(command.write_stdin(format!("PORT=9090\nJWT_SECRET={SECRET}")))
        .exits(1)
        .says("A  - (standard input)")
        .says("JWT_SECRET  standard input:2");
    project.line("diff - -").exits(2).complains("standard input can be read only once");
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
        assert!(Command::new("git").current_dir(project.path("")).args(identity).args(arguments).status().unwrap().success());
    };
    git(&["init", "-q", "."]);
    git(&["add", "-f", ".env.production"]);
    git(&["commit", "-q", "-m", "a"]);
    project.write(".env.production", format!("PORT=9091\nJWT_SECRET={SECRET}-everywhere-0000000\n"));
    let told = project.line("diff git:HEAD:.env.production .env.production").exits(1);
    // One environment at two times has one secret.
    told.says("A  git:HEAD:.env.production (production)").says("Different (1)\n  PORT").does_not_say("The same secret");
    project.line("diff git:HEAD:nothing .env.production").exits(3).complains("git does not know this file");
}

#[test]
fn names_nothing_that_may_be_a_piece_of_a_value() {
    let broken = format!("PORT=1\nJWT_SECRET=\"{SECRET}\nhunter2=x\nc2hunter2RlZmdoaWprbG1ub3A=\n{SECRET}\nmy {SECRET}=x\n");
    let project = Project::with_schema(&[("a.env", &broken), ("b.env", "PORT=1\n"), ("c.env", "C2hunter2VjcmV0==\n")]);
    for format in ["text", "json"] {
        let told =
            project.line(&format!("diff a.env b.env --format {format}")).exits(3).complains("error: a.env:2: ").complains("a.env:6: ");
        told.says(if format == "text" { "a.env:3" } else { r#""unnamed":[{"path":"a.env","line":3"# });
        project.line(&format!("diff c.env b.env --format {format}")).exits(1).says(if format == "text" {
            "c.env:1"
        } else {
            r#""line":1"#
        });
    }
}

#[test]
fn is_read_by_programs() {
    let told = project().line("diff staging production --format json --show-types").exits(1).json();
    assert_eq!((&told["a"]["environment"], &told["differs"]), (&"staging".into(), &true.into()));
    let row = &told["only_in_a"][0];
    assert_eq!((&row["key"], &row["where_it_lacks"], &row["a"]["line"]), (&"SMTP_HOST".into(), &"required".into(), &4.into()));
    assert_eq!((&told["only_in_a"][1]["declared"], &told["same_secrets"][0]["secret"]), (&false.into(), &true.into()));
    assert_eq!(told["different"][1]["type"], "whole number");
    let told = project().line("diff staging production --format json --keys-only").json();
    assert!(told.get("different").is_none() && told.get("same_secrets").is_none());
}

#[test]
fn says_what_cannot_be_read() {
    project().line("diff nothing.env production").exits(3).complains("nothing.env: the file cannot be read");
    project()
        .line("diff stagin production")
        .exits(3)
        .complains("stagin: there is no such file, and no environment of this name\n  help: did you mean staging?");
    project().line("diff test production").exits(3).complains("no env file of this environment was found");
    project().line("diff . production").exits(3).complains("the file cannot be read");
}

#[test]
fn fits_a_terminal_and_is_painted_when_asked() {
    let project = project();
    let long = "a-folder-with-a-long-name-that-leaves-no-room-for-others.env";
    project.write(long, "PORT=1\nOTHER=1\n");
    for other in [".env.production", long] {
        let told = project.line(&format!("diff .env.staging {other}")).exits(1).does_not_say("\x1b");
        assert!(told.stdout.lines().all(|line| line.chars().count() <= 80), "{}", told.stdout);
    }
    project.line(&format!("diff .env.staging {long}")).says(&format!("  PORT\n    A .env.staging:2\n    B {long}:1\n"));
    project.line("diff staging production --color always").says("\x1b[1mOnly in A\x1b[0m");
}
