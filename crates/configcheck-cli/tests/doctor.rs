//! The `doctor` command as a process: files, a real `OpenBao`, moto, and managers that do not answer.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod project;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use configcheck_test_servers::{Moto, OpenBao, OpenBaoOptions, unique};
use project::{Project, Ran, SECRET, ran};

/// A schema of secrets, each with its references and whether it is required.
fn schema(keys: &[(&str, &[&str], bool)]) -> String {
    let key = |(name, from, required): &(&str, &[&str], bool)| {
        let from = serde_json::to_string(from).unwrap();
        format!(
            r#"{{"variable":"{name}","path":"{0}","file_path":"{0}","type":{{"kind":"text"}},"required":{required},"secret":true,"from":{from}}}"#,
            name.to_lowercase()
        )
    };
    let environment = r#"{"variable":"APP_ENV","path":"app_env","file_path":"app_env","type":{"kind":"environment"},"required":true}"#;
    let keys: Vec<String> = std::iter::once(environment.to_owned()).chain(keys.iter().map(key)).collect();
    format!(r#"{{"version":1,"name":"checkout","environment_variable":"APP_ENV","keys":[{}]}}"#, keys.join(",\n"))
}

fn project(keys: &[(&str, &[&str], bool)]) -> Project {
    Project::of(&[("config.schema.json", &schema(keys))])
}

/// The command with settings of its own for the managers, and none of the machine's.
fn doctor(project: &Project, arguments: &str, settings: &[(&str, &str)]) -> Ran {
    let mut command = project.command_line(&format!("doctor {arguments}"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("VAULT_") || name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    command.env("HOME", project.path("")).env("AWS_EC2_METADATA_DISABLED", "true");
    ran(command.envs(settings.iter().copied()))
}

#[test]
fn files_are_read_and_not_shown() {
    let project = project(&[("JWT_SECRET", &["file:jwt"], true), ("API_KEY", &["file:missing"], true)]);
    project.write("jwt", SECRET);
    let told = doctor(&project, "--env production", &[]).exits(1);
    told.says("file: as ")
        .says("  ok   file:jwt\n       JWT_SECRET: readable\n")
        .says("  bad  file:missing\n       API_KEY: absent\n")
        .says("error: API_KEY: ")
        .says("  help: ")
        .says("production: 1 readable, 1 not readable\n");
    project.write("missing", SECRET);
    doctor(&project, "--env production", &[]).exits(0).says("production: 2 readable\n").does_not_say("error");
}

#[test]
fn what_is_absent_and_not_needed_is_no_finding() {
    let project = project(&[("A", &["file:none", "file:there"], true), ("B", &["file:nothing"], false)]);
    project.write("there", SECRET);
    let told = doctor(&project, "--env production", &[]).exits(0);
    told.says("  -    file:none\n       A: absent, and nothing needs it\n")
        .says("  -    file:nothing\n       B: absent, and nothing needs it\n");
}

#[test]
fn what_the_environment_sets_is_asked_instead() {
    let project = project(&[("A", &["file:none"], true)]);
    project.write("other", SECRET);
    project.write(".env.production", "A=file:other\n");
    doctor(&project, "--env production", &[]).exits(0).says("file:other").does_not_say("file:none");
    doctor(&project, "--env production", &[("A", SECRET)]).exits(0).says("production: no reference is asked for\n");
    project.write(".env.production", "A=vault:secret/../x\n");
    doctor(&project, "--env production", &[]).exits(1).says("error: A: ");
}

#[test]
fn a_real_vault_says_what_can_be_read() {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    bao.enable(&mount, "kv", r#"{"version":"2"}"#);
    bao.write(&format!("{mount}/data/production/checkout"), &format!(r#"{{"data":{{"jwt":"{SECRET}","stripe":"{SECRET}"}}}}"#));
    bao.write(&format!("{mount}/data/production/other"), &format!(r#"{{"data":{{"key":"{SECRET}"}}}}"#));
    let own = format!("vault:{mount}/data/{{environment}}/checkout");
    let (jwt, stripe, other) = (format!("{own}#jwt"), format!("{own}#stripe"), format!("vault:{mount}/data/production/other#key"));
    let project = project(&[("JWT_SECRET", &[&jwt], true), ("STRIPE_KEY", &[&stripe], true), ("OTHER", &[&other], true)]);

    // The policy that the command itself writes.
    let policy = project.line("policy vault --env production --doctor").exits(0).stdout;
    let name = unique("doctor");
    bao.policy(&name, &policy);
    let token = bao.token_with(&[&name], "1h");
    let settings = [("VAULT_ADDR", bao.address()), ("VAULT_TOKEN", token.as_str())];
    let told = doctor(&project, "--env production", &settings).exits(0);
    assert!(!told.stdout.contains(&token), "{}", told.stdout);
    told.says("vault: as ")
        .says(&format!("  server    {}\n", bao.address()))
        .says("policies")
        .says("expires in ")
        .says("JWT_SECRET, STRIPE_KEY: readable, and not read, version 1, ")
        .says("production: 2 readable\n");
    let json = doctor(&project, "--env production --format json", &settings).exits(0).json();
    assert_eq!(json["managers"][0]["references"][0]["state"], "readable");
    assert_eq!(json["managers"][0]["references"][0]["version"], "1");
    assert_eq!(json["summary"]["readable"], 2);
    assert!(bao.requests(&format!("{mount}/data/production/checkout")) <= 1, "only what was written was asked for");

    // A policy without the second secret: one denial, named once.
    bao.policy(&name, &policy.replace("/other\"", "/another\""));
    let told = doctor(&project, "--env production", &settings).exits(1);
    told.says("OTHER: denied")
        .says("error: OTHER: vault does not let ")
        .says("  help: allow it in a policy")
        .says("1 readable, 1 not readable");
}

#[test]
fn an_expired_login_is_one_finding() {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    let references: Vec<String> = (0..15).map(|at| format!("vault:{mount}/data/app{at}#key")).collect();
    let names: Vec<String> = (0..15).map(|at| format!("KEY_{at}")).collect();
    let from: Vec<[&str; 1]> = references.iter().map(|reference| [reference.as_str()]).collect();
    let keys: Vec<(&str, &[&str], bool)> = names.iter().zip(&from).map(|(name, from)| (name.as_str(), &from[..], true)).collect();
    let settings = [("VAULT_ADDR", bao.address()), ("VAULT_TOKEN", "s.not-a-real-token")];
    let told = doctor(&project(&keys), "--env production", &settings).exits(1);
    assert_eq!(told.stdout.matches("error: ").count(), 1, "{}", told.stdout);
    told.says("KEY_0, KEY_1,").says("15 not readable");
}

#[test]
fn a_manager_that_does_not_answer_leaves_the_rest() {
    let stopped = OpenBao::start(OpenBaoOptions::default());
    stopped.stop();
    let project = project(&[("A", &["vault:secret/data/a#k"], true), ("B", &["file:b"], true)]);
    project.write("b", SECRET);
    let begin = Instant::now();
    let settings = [("VAULT_ADDR", stopped.address()), ("VAULT_TOKEN", "s.not-a-real-token")];
    let told = doctor(&project, "--env production --deadline 5s", &settings).exits(3);
    assert!(begin.elapsed() < Duration::from_mins(1), "the deadline is kept");
    told.says("A: unavailable").says("B: readable").says("1 readable, 1 not readable");
}

#[test]
fn a_sealed_vault_is_named_as_such() {
    let sealed = OpenBao::start_sealed();
    let project = project(&[("A", &["vault:secret/data/a#k"], true)]);
    let settings = [("VAULT_ADDR", sealed.address()), ("VAULT_TOKEN", "s.not-a-real-token")];
    doctor(&project, "--env production --deadline 5s", &settings).exits(3).says("sealed");
}

#[test]
fn moto_tells_what_is_there() {
    let (moto, name) = (Moto::shared(), unique("checkout"));
    moto.write("secretsmanager.CreateSecret", &format!(r#"{{"Name":"{name}","SecretString":"{{\"jwt\":\"{SECRET}\"}}"}}"#));
    let (there, absent) = (format!("aws-sm:{name}#jwt"), format!("aws-sm:{name}-missing#jwt"));
    let project = project(&[("JWT_SECRET", &[&there], true), ("OTHER", &[&absent], true)]);
    let environment = moto.environment();
    let settings: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = doctor(&project, "--env production", &settings).exits(1);
    told.says("aws-sm: as ").says("identity").says("JWT_SECRET: read").says("error: OTHER: ").says("1 readable, 1 not readable");
}

#[test]
fn says_what_it_cannot_ask() {
    let project = project(&[("A", &["op://vault/item/field"], true), ("B", &["vault:secret/data/{environment}/a#k"], true)]);
    doctor(&project, "", &[]).exits(2).complains("B: the reference has a place for the environment").complains("--env production");
    let other = self::project(&[("A", &["op://vault/item/field"], true)]);
    doctor(&other, "--env production", &[]).exits(1).says("error: A: this command does not reach op");
    Project::new().line("doctor").exits(2).complains("no schema was found");
    doctor(&other, "--deadline soon", &[]).exits(2);
    let none = self::project(&[]);
    doctor(&none, "--env production", &[]).exits(0).says("production: no reference is asked for\n");
    none.write("x", SECRET);
    doctor(&none, "--env production --reference file:x", &[]).exits(0).says("--reference: readable");
}

/// Runs a command with a terminal of its own and passes on what it showed there.
const WITH_A_TERMINAL: &str = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

#[test]
fn a_terminal_is_told_who_is_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let project = project(&[("A", &["vault:secret/data/a#k"], true)]);
    let settings = [("VAULT_ADDR", address.as_str()), ("VAULT_TOKEN", "s.not-a-real-token")];
    let asked = ["doctor", "--env", "production", "--deadline", "3s"];

    let mut command = project.command(&asked);
    let unseen = ran(command.envs(settings));
    assert!(!unseen.stdout.contains('\r') && !unseen.stderr.contains('\r'), "{}{}", unseen.stdout, unseen.stderr);

    let mut terminal = assert_cmd::Command::new("python3");
    terminal.args(["-c", WITH_A_TERMINAL]).arg(command.get_program()).args(asked).current_dir(project.path("")).envs(settings);
    let seen = ran(&mut terminal).exits(3);
    seen.says("\rasking vault: 1 s\u{1b}[K").says("\r\u{1b}[K").says("A: unavailable");
}
