//! The service as its operator meets it: a process, a socket, an exit code, and what it prints.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// Secrets of the tests: the beginning of each must not be seen anywhere.
const PASSWORD: &str = "not-a-real-password";
const JWT_SECRET: &str = "made-up-signing-key-8sK2mQ5xW7pL4vN9";

/// The service in a folder that is not its own, with these variables and no others.
fn checkout(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_checkout"));
    command.env_clear().envs(variables.iter().copied()).current_dir(env!("CARGO_TARGET_TMPDIR"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A service that listens.
struct Running {
    process: Child,
    stdout: BufReader<ChildStdout>,
    address: String,
    seen: String,
}

impl Running {
    fn start(variables: &[(&str, &str)]) -> Self {
        let mut process = checkout(&[variables, &[("PORT", "0")]].concat()).spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut seen = String::new();
        stdout.read_line(&mut seen).unwrap();
        let Ok(line) = serde_json::from_str::<Value>(&seen) else {
            let mut report = String::new();
            process.stderr.take().unwrap().read_to_string(&mut report).unwrap();
            panic!("the service did not start: {seen}{report}");
        };
        let address = line["address"].as_str().unwrap().to_owned();
        Self { process, stdout, address, seen }
    }

    /// The status and the body that a path answers with.
    fn ask(&self, path: &str) -> (u16, String) {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(socket, "GET {path} HTTP/1.1\r\nHost: checkout\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn ask_json(&self, path: &str) -> (u16, Value) {
        let (status, body) = self.ask(path);
        (status, serde_json::from_str(&body).unwrap())
    }

    /// Asks it to stop as an orchestrator does. What it printed in its life, and how it ended.
    fn stop(mut self) -> (Output, Vec<Value>) {
        let signal = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(signal.success());
        let mut stdout = std::mem::take(&mut self.seen);
        self.stdout.read_to_string(&mut stdout).unwrap();
        let mut stderr = Vec::new();
        self.process.stderr.take().unwrap().read_to_end(&mut stderr).unwrap();
        let output = Output { status: self.process.wait().unwrap(), stdout: stdout.into_bytes(), stderr };
        let lines = String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (output, lines)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Of a service that has ended already nothing is left to end.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// All that was printed, which holds no secret.
fn printed(output: &Output) -> String {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let identity = include_str!("../dev/identity.txt").lines().last().unwrap();
    for secret in [PASSWORD, JWT_SECRET, "not-a-real-key", identity] {
        assert!(!text.contains(&secret[..10]), "{text}");
    }
    text
}

/// A port of this machine where nobody listens.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_fresh_clone_serves_its_health_and_stops_when_asked() {
    let service = Running::start(&[]);
    assert_eq!(service.ask("/health"), (200, "ok".to_owned()));
    let (status, detailed) = service.ask_json("/health/detailed");
    assert_eq!((status, detailed["status"].as_str()), (200, Some("ok")));
    assert_eq!(detailed["version"], env!("CARGO_PKG_VERSION"));
    assert!(detailed["uptime"].is_u64());
    for (name, expected) in [("config", "ok"), ("database", "embedded"), ("redis", "embedded")] {
        let check = &detailed["checks"][name];
        assert!(check["status"] == expected && check["latency_ms"].is_number(), "{name}: {check}");
    }
    assert_eq!(service.ask_json("/checkout"), (200, serde_json::json!({ "flow": "classic" })));
    assert_eq!(service.ask("/nowhere?token=not-a-real-key").0, 404);

    let (output, lines) = service.stop();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"", "{}", String::from_utf8_lossy(&output.stderr));
    printed(&output);
    let messages: Vec<_> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    assert_eq!(messages, ["listening", "request", "request", "request", "request", "stopped"]);
    let request = &lines[4];
    assert_eq!((&request["method"], &request["path"], &request["status"]), (&"GET".into(), &"/nowhere".into(), &404.into()));
    assert!(request["latency_ms"].is_number());
}

#[test]
fn what_it_stands_on_is_asked_at_each_call() {
    let redis = TcpListener::bind("127.0.0.1:0").unwrap();
    let redis_url = format!("redis://:{PASSWORD}@{}", redis.local_addr().unwrap());
    let database_url = format!("postgres://app:{PASSWORD}@127.0.0.1:{}/orders", closed_port());
    let service = Running::start(&[
        ("DATABASE_URL", &database_url),
        ("REDIS_URL", &redis_url),
        ("JWT_SECRET", JWT_SECRET),
        ("FF_NEW_CHECKOUT", "true"),
        ("LOG_LEVEL", "trace"),
    ]);
    assert_eq!(service.ask("/health").0, 200);
    let (status, detailed) = service.ask_json("/health/detailed");
    assert_eq!((status, &detailed["status"]), (503, &"degraded".into()));
    assert_eq!(detailed["checks"]["database"]["status"], "unreachable");
    assert_eq!(detailed["checks"]["redis"]["status"], "ok");
    assert_eq!(service.ask_json("/checkout").1["flow"], "new");
    assert!(!detailed.to_string().contains(PASSWORD));
    let (output, _) = service.stop();
    assert_eq!(output.status.code(), Some(0));
    printed(&output);
}

#[test]
fn bad_settings_stop_the_start_with_one_report() {
    let database_url = format!("postgres//app:{PASSWORD}@db/orders");
    let output = checkout(&[
        ("APP_ENV", "production"),
        ("PORT", "80a80"),
        ("DATABASE_URL", &database_url),
        ("JWT_SECRET", &JWT_SECRET[..20]),
        ("LOG_LEVEL", "inof"),
    ])
    .output()
    .unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert_eq!(output.stdout, b"");
    let report = printed(&output);
    for word in ["PORT", "80a80", "DATABASE_URL", "JWT_SECRET", "32", "REDIS_URL", "LOG_LEVEL", "inof", "info"] {
        assert!(report.contains(word), "{word} is not in the report:\n{report}");
    }
}

#[test]
fn a_reference_that_leads_nowhere_is_told_by_its_name() {
    let references = [("JWT_SECRET", "age:dev/other.env.age#JWT_SECRET"), ("DATABASE_URL", "age:dev/secrets.env.age#DATABASE_URL")];
    let output = checkout(&references).output().unwrap();
    assert_eq!(output.status.code(), Some(78));
    let report = printed(&output);
    for word in ["JWT_SECRET", "age:dev/other.env.age", "DATABASE_URL", "age:dev/secrets.env.age"] {
        assert!(report.contains(word), "{word} is not in the report:\n{report}");
    }
}
