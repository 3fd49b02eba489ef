//! The `run` command as a process: what the program gets, what stops its start, and that nothing of ours stands between.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use age::secrecy::ExposeSecret as _;
use configcheck_test_servers::{Moto, OpenBao, unique};
use tempfile::TempDir;

const SECRET: &str = "not-a-real-secret-9f3b1c7d5e8a2460";

const SCHEMA: &str = r#"{
  "version": 1, "name": "checkout", "environment_variable": "APP_ENV",
  "keys": [
    {"variable": "APP_ENV", "path": "app_env", "file_path": "app_env", "type": {"kind": "environment"}, "required": true},
    {"variable": "PORT", "path": "port", "file_path": "port", "type": {"kind": "integer", "min": 0, "max": 65535}, "required": true},
    {"variable": "JWT_SECRET", "path": "jwt_secret", "file_path": "jwt_secret", "type": {"kind": "text"}, "required": false, "secret": true}
  ]
}"#;

/// A folder with a schema and an env file.
fn folder(schema: &str, env: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("config.schema.json", schema), (".env", env)] {
        if !text.is_empty() {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
    }
    folder
}

fn good() -> TempDir {
    folder(SCHEMA, &format!("APP_ENV=test\nPORT=8080\nJWT_SECRET={SECRET}\nEXTRA=x\n"))
}

fn run(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_configcheck"));
    command.current_dir(folder).env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").arg("run").args(arguments);
    command.stdin(Stdio::null());
    command
}

fn output(mut command: Command) -> Output {
    let output = command.output().expect("it starts");
    assert!(!String::from_utf8_lossy(&output.stderr).contains(SECRET), "a secret in the messages");
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The variables that the child sees, sorted.
fn variables(output: &Output) -> Vec<String> {
    assert!(output.status.success(), "{}", stderr(output));
    let mut variables: Vec<String> = output.stdout.split(|byte| *byte == 0).map(|text| text.escape_ascii().to_string()).collect();
    variables.retain(|variable| !variable.is_empty());
    variables.sort();
    variables
}

#[test]
fn the_exit_code_is_the_programs() {
    let folder = good();
    for code in [0, 7, 125] {
        let result = output(run(folder.path(), &["--", "sh", "-c", &format!("exit {code}")]));
        assert_eq!(result.status.code(), Some(code), "{}", stderr(&result));
    }
    let result = output(run(folder.path(), &["--", "sh", "-c", "kill -TERM $$"]));
    assert_eq!(result.status.signal(), Some(15), "a shell says 143 of it");
}

#[test]
fn the_program_has_our_pid_and_gets_its_signals() {
    let folder = good();
    let script = "trap 'echo stopped; exit 5' TERM; echo $$; while :; do sleep 0.05; done";
    let mut child = run(folder.path(), &["--quiet", "--", "sh", "-c", script]).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut lines = child.stdout.take().expect("a pipe");
    let mut pid = String::new();
    let mut byte = [0];
    while lines.read(&mut byte).expect("a byte") == 1 && byte != *b"\n" {
        pid.push(char::from(byte[0]));
    }
    assert_eq!(pid, child.id().to_string());
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
    let mut rest = String::new();
    lines.read_to_string(&mut rest).expect("text");
    assert_eq!((rest.as_str(), child.wait().expect("an end").code()), ("stopped\n", Some(5)));
}

#[test]
fn standard_input_and_the_bytes_of_arguments_pass() {
    let folder = good();
    let mut command = run(folder.path(), &["--", "sh", "-c", "cat; printf '%s' \"$0\" \"$@\""]);
    command.arg("zero").arg(OsStr::from_bytes(b"\xff \n")).arg("--only").arg("").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    child.stdin.take().expect("a pipe").write_all(b"typed\0").expect("written");
    assert_eq!(child.wait_with_output().expect("an end").stdout, b"typed\0zero\xff \n--only");
}

#[test]
fn clean_shows_exactly_the_declared_variables() {
    let folder = good();
    let mut command = run(folder.path(), &["--clean", "--", "env", "-0"]);
    command.env("PORT", "9090").env("FOREIGN", "x");
    assert_eq!(variables(&output(command)), ["APP_ENV=test", &format!("JWT_SECRET={SECRET}"), "PORT=9090"]);
    let only = output(run(folder.path(), &["--clean", "--only", "PORT,APP_ENV", "--", "env", "-0"]));
    assert_eq!(variables(&only), ["APP_ENV=test", "PORT=8080"]);
    let unknown = output(run(folder.path(), &["--only", "PROT", "--", "env"]));
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("did you mean PORT?"), "{}", stderr(&unknown));
    for text in [&format!("JWT_SECRET={SECRET}"), ""] {
        let unknown = output(run(folder.path(), &["--only", text, "--", "env"]));
        assert_eq!(unknown.status.code(), Some(2));
        assert!(stderr(&unknown).starts_with("error: --only: one of these is not declared\n"), "{}", stderr(&unknown));
    }
}

#[test]
fn says_what_to_do_about_references_that_it_cannot_follow() {
    let folder = folder(SCHEMA, "APP_ENV=test\nPORT=8080\nJWT_SECRET=op://vault/item/field\n");
    let result = output(run(folder.path(), &["--", "env"]));
    assert_eq!(result.status.code(), Some(1));
    assert!(
        stderr(&result).contains("help: configcheck run follows age, aws-sm, aws-ssm, etcd, file, sops, vault: put"),
        "{}",
        stderr(&result)
    );
    assert!(!stderr(&result).contains("Loader"), "{}", stderr(&result));
}

#[test]
fn the_process_lies_above_the_files() {
    let folder = good();
    std::fs::write(folder.path().join(".env.test"), "PORT=1111\nEXTRA=of-test\n").expect("a file");
    std::fs::write(folder.path().join(".env.staging"), "PORT=2222\n").expect("a file");
    let mut command = run(folder.path(), &["--", "env", "-0"]);
    command.env("EXTRA", "own");
    let path = "PATH=/usr/local/bin:/usr/bin:/bin";
    let secret = format!("JWT_SECRET={SECRET}");
    assert_eq!(variables(&output(command)), ["APP_ENV=test", "EXTRA=own", &secret, path, "PORT=1111"]);
    let staging = output(run(folder.path(), &["--env", "staging", "--no-check", "--", "env", "-0"]));
    assert_eq!(variables(&staging), ["APP_ENV=staging", "EXTRA=x", &secret, path, "PORT=2222"]);
    let mut of_process = run(folder.path(), &["--no-check", "--", "printenv", "PORT"]);
    of_process.env("APP_ENV", "staging");
    assert_eq!(stdout(&output(of_process)), "2222\n");
    let mut bytes = run(folder.path(), &["--", "printenv", "FOREIGN"]);
    bytes.env("FOREIGN", OsStr::from_bytes(b"\xfe\xff"));
    assert_eq!(output(bytes).stdout, b"\xfe\xff\n");
}

#[test]
fn files_that_are_named_are_the_only_ones() {
    let folder = good();
    std::fs::write(folder.path().join("one.env"), "APP_ENV=test\nPORT=1\n").expect("a file");
    std::fs::write(folder.path().join("two.env"), "PORT=2\n").expect("a file");
    let result = output(run(folder.path(), &["-f", "one.env", "--file", "two.env", "--clean", "--", "env", "-0"]));
    assert_eq!(variables(&result), ["APP_ENV=test", "PORT=2"]);
    let result = output(run(folder.path(), &["-f", "one.env", "--from", "dotenv:two.env", "--clean", "--", "env", "-0"]));
    assert_eq!(variables(&result), ["APP_ENV=test", "PORT=2"]);
    let missing = output(run(folder.path(), &["-f", "three.env", "--", "touch", "started"]));
    assert_eq!(missing.status.code(), Some(3));
    assert!(stderr(&missing).contains("three.env") && !folder.path().join("started").exists(), "{}", stderr(&missing));
}

#[test]
fn errors_stop_the_start_and_warnings_do_not() {
    let folder = folder(SCHEMA, &format!("APP_ENV=test\nPORT=80a80\nJWT_SECRET={SECRET}\n"));
    let start = |arguments: &[&str]| output(run(folder.path(), &[arguments, &["--", "touch", "started"]].concat()));
    let started = || std::fs::remove_file(folder.path().join("started")).is_ok();
    let bad = start(&["--quiet"]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(stderr(&bad).contains("PORT") && stderr(&bad).contains(".env:2"), "{}", stderr(&bad));
    assert!(!started());
    let unchecked = start(&["--no-check"]);
    assert_eq!((unchecked.status.code(), stderr(&unchecked).as_str(), started()), (Some(0), "", true));
    std::fs::write(folder.path().join(".env"), "APP_ENV=test\nPORT=1\nPORT=2\n").expect("a file");
    let warned = start(&[]);
    assert_eq!((warned.status.code(), started()), (Some(0), true));
    assert!(stderr(&warned).contains("warning"), "{}", stderr(&warned));
    let silent = start(&["--quiet"]);
    assert_eq!((silent.status.code(), stderr(&silent).as_str(), started()), (Some(0), "", true));
}

#[test]
fn a_value_that_cannot_be_read_stops_even_an_unchecked_start() {
    let folder = folder(SCHEMA, "APP_ENV=test\nPORT=1\nJWT_SECRET=file:no/such/file\n");
    let result = output(run(folder.path(), &["--no-check", "--", "touch", "started"]));
    assert_eq!((result.status.code(), folder.path().join("started").exists()), (Some(1), false), "{}", stderr(&result));
    assert!(stderr(&result).contains("JWT_SECRET"), "{}", stderr(&result));
}

#[test]
fn without_a_schema_it_is_a_plain_runner() {
    let folder = folder("", "A=1\nB='two words'\n");
    let result = output(run(folder.path(), &["--", "printenv", "A", "B"]));
    assert_eq!(stdout(&result), "1\ntwo words\n", "{}", stderr(&result));
    assert_eq!(stderr(&result), "note: no schema was found, so only the env files themselves are checked\n");
    assert_eq!(stderr(&output(run(folder.path(), &["--quiet", "--", "true"]))), "");
    std::fs::write(folder.path().join(".env"), format!("A=\"{SECRET}\n")).expect("a file");
    assert_eq!(output(run(folder.path(), &["--", "true"])).status.code(), Some(1));
}

#[test]
fn programs_that_cannot_be_started_have_codes_of_their_own() {
    let folder = good();
    let file = folder.path().join("plain");
    std::fs::write(&file, "text").expect("a file");
    for (name, path, code) in [
        ("no-such-program", "/usr/bin:/bin", 127),
        ("./no-such-program", "/usr/bin:/bin", 127),
        ("", "/usr/bin:/bin", 127),
        ("plain", ".", 126),
        ("./plain", "/usr/bin", 126),
        ("/", "/usr/bin", 126),
    ] {
        let mut command = run(folder.path(), &["--", name]);
        command.env("PATH", path);
        let result = output(command);
        assert_eq!(result.status.code(), Some(code), "{name}: {}", stderr(&result));
        assert!(stderr(&result).contains("help:"), "{}", stderr(&result));
    }
    std::fs::write(&file, "#!/no/such/interpreter\n").expect("a file");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("permissions");
    assert_eq!(output(run(folder.path(), &["--", "./plain"])).status.code(), Some(127));
    assert_eq!(output(run(folder.path(), &["touch", "started"])).status.code(), Some(2), "the -- is demanded");
    assert_eq!(output(run(folder.path(), &["--"])).status.code(), Some(2));
}

#[test]
fn references_and_files_are_resolved_to_the_value() {
    let identity = age::x25519::Identity::generate();
    let folder = folder(SCHEMA, "APP_ENV=test\nPORT=1\nJWT_SECRET=age:secrets.env.age#JWT_SECRET\n");
    let encrypted = age::encrypt(&identity.to_public(), format!("JWT_SECRET={SECRET}\n").as_bytes()).expect("encrypted");
    std::fs::write(folder.path().join("secrets.env.age"), encrypted).expect("a file");
    let mut command = run(folder.path(), &["--", "printenv", "JWT_SECRET"]);
    command.env("CONFIGCHECK_AGE_IDENTITY", identity.to_string().expose_secret());
    assert_eq!(stdout(&output(command)), format!("{SECRET}\n"));
    let without_key = output(run(folder.path(), &["--", "touch", "started"]));
    assert_eq!((without_key.status.code(), folder.path().join("started").exists()), (Some(1), false));

    std::fs::write(folder.path().join("secret.txt"), format!("{SECRET}\n")).expect("a file");
    std::fs::write(folder.path().join(".env"), "APP_ENV=test\nPORT=1\nJWT_SECRET=file:secret.txt\n").expect("a file");
    assert_eq!(stdout(&output(run(folder.path(), &["--", "printenv", "JWT_SECRET"]))), format!("{SECRET}\n"));
    std::fs::write(folder.path().join(".env"), "APP_ENV=test\nPORT=1\nJWT_SECRET_FILE=./secret.txt\n").expect("a file");
    let result = output(run(folder.path(), &["--clean", "--", "env", "-0"]));
    assert_eq!(variables(&result), ["APP_ENV=test", &format!("JWT_SECRET={SECRET}"), "PORT=1"]);
    std::fs::write(folder.path().join("secret.txt"), format!("{SECRET}\0more")).expect("a file");
    let nul = output(run(folder.path(), &["--no-check", "--", "true"]));
    assert_eq!(nul.status.code(), Some(125), "{}", stderr(&nul));
    assert!(stderr(&nul).contains("JWT_SECRET holds a NUL byte"), "{}", stderr(&nul));
}

#[test]
fn references_to_real_managers_are_resolved() {
    let (bao, moto, name) = (OpenBao::shared(), Moto::shared(), unique("run"));
    bao.enable(&name, "kv", r#"{"version":"2"}"#);
    bao.write(&format!("{name}/data/test/checkout"), &format!(r#"{{"data":{{"jwt":"{SECRET}-of-vault"}}}}"#));
    moto.write("secretsmanager.CreateSecret", &format!(r#"{{"Name":"{name}","SecretString":"{SECRET}-of-aws"}}"#));
    let folder = folder(SCHEMA, "APP_ENV=test\nPORT=8080\n");
    for (reference, expected) in [(format!("vault:{name}/data/test/checkout#jwt"), "vault"), (format!("aws-sm:{name}"), "aws")] {
        let mut command = run(folder.path(), &["--", "printenv", "JWT_SECRET"]);
        command
            .env("JWT_SECRET", &reference)
            .env("VAULT_ADDR", bao.address())
            .env("VAULT_TOKEN", bao.root_token())
            .envs(moto.environment());
        let started = output(command);
        assert_eq!(started.status.code(), Some(0), "{}", stderr(&started));
        assert_eq!(stdout(&started), format!("{SECRET}-of-{expected}\n"));
    }
}
