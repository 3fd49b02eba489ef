//! A process that is told to stop in the middle of a load stops: nothing of a report, and nothing half done.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use configcheck::providers::VaultProvider;
use configcheck::{ExposeSecret as _, Loader};
use configcheck_testkit::failure_lab::{FailureLab, Fault, Request};
use serde_json::json;

use crate::child;
use crate::sources::{ALL, Place, Settings, TOKEN};

/// No test of its own: a service that starts, over and over, from every source, and then waits for a manager that is silent.
#[test]
fn starts() {
    match child::task().as_deref() {
        Some("loads") => {
            let place = Place::new();
            for source in &ALL {
                fs::write(source.path(&place), source.good(&place)).unwrap();
            }
            println!("READY");
            loop {
                for source in &ALL {
                    assert!(source.load(&place).is_good());
                }
            }
        }
        Some("waits") => {
            println!("READY");
            let settings: Settings = waiting().load_or_exit();
            println!("LOADED {}", settings.token.expose_secret().len());
        }
        Some("refused") => {
            let loader = Loader::new().no_dotenv().no_standard_mounts().environment("development").vars(Vec::<(String, String)>::new());
            let _: Settings = loader.load_or_exit();
        }
        Some("leases") => {
            let (_settings, leases) = waiting().load_with_leases::<Settings>().unwrap();
            println!("READY");
            std::thread::sleep(Duration::from_mins(2));
            drop(leases);
        }
        _ => {}
    }
}

fn waiting() -> Loader {
    let url = std::env::var("MACHINE_TEST_URL").unwrap();
    let variables = [
        ("TOKEN", "vault:database/creds/app#password".to_owned()),
        ("VAULT_ADDR", url),
        ("VAULT_TOKEN", "hvs.not-a-real-token".to_owned()),
    ];
    Loader::new().no_dotenv().no_standard_mounts().environment("development").vars(variables).provider(VaultProvider::new())
}

/// Sends a signal; the shell is there on every Unix.
fn send(signal: &str, process: u32) {
    assert!(Command::new("sh").args(["-c", &format!("kill -{signal} {process}")]).status().unwrap().success());
}

/// Starts the task, waits until it is ready, stops it after a moment, and gives what it wrote after that and how long it took to end.
fn stop(task: &str, url: &str, signal: &str, number: i32, after: Duration) -> (String, Duration) {
    let mut command = child::command("stops::starts", task);
    command.env("MACHINE_TEST_URL", url).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("READY") {
        line.clear();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "it ended before it was ready");
    }
    std::thread::sleep(after);
    let start = Instant::now();
    send(signal, process.id());
    let status = process.wait().unwrap();
    let took = start.elapsed();
    assert_eq!(status.signal(), Some(number), "{task}: {status}");
    let mut text = String::new();
    output.read_to_string(&mut text).unwrap();
    process.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    (text, took)
}

#[test]
fn a_load_that_is_stopped_ends_at_once_and_says_nothing() {
    let stops: u32 = std::env::var("MACHINE_TEST_STOPS").map_or(12, |number| number.parse().unwrap());
    let silent = FailureLab::start(Fault::Silent);
    let mut slowest = Duration::ZERO;
    for at in 0..stops {
        for (signal, number) in [("TERM", 15), ("INT", 2)] {
            for task in ["loads", "waits"] {
                let (text, took) = stop(task, &silent.url(), signal, number, Duration::from_millis(u64::from(at) * 7 % 90));
                assert!(text.trim().is_empty() && !text.contains(TOKEN), "{task}, {signal}: {text}");
                assert!(took < Duration::from_secs(10), "{task}, {signal}: {took:?}");
                slowest = slowest.max(took);
            }
        }
    }
    println!("figure: C4 stops={} signals=2 slowest_ms={} reports=0 half_done=0", stops * 4, slowest.as_millis());
}

/// Whoever is stopped renews nothing: a lease ends with the time that the manager gave it, and not later.
#[test]
fn a_service_that_is_stopped_renews_no_lease() {
    let answer = |request: &Request| {
        if request.target.contains("/creds/") {
            Fault::ok(
                json!({ "lease_id": "database/creds/app/1", "lease_duration": 3, "renewable": true, "data": { "password": TOKEN } })
                    .to_string(),
            )
        } else if request.target.contains("/sys/leases/renew") {
            Fault::ok(json!({ "lease_id": "database/creds/app/1", "lease_duration": 3, "renewable": true }).to_string())
        } else {
            Fault::ok(json!({ "data": { "ttl": 0, "renewable": false } }).to_string())
        }
    };
    let lab = FailureLab::start(Fault::by(answer));
    let (text, _) = stop("leases", &lab.url(), "TERM", 15, Duration::from_secs(4));
    assert!(!text.contains(TOKEN), "{text}");
    let renewals = |lab: &FailureLab| lab.requests_log().iter().filter(|line| line.contains("renew")).count();
    let before = renewals(&lab);
    assert!(before > 0, "it never renewed while it lived: {:?}", lab.requests_log());
    std::thread::sleep(Duration::from_millis(3_500));
    assert_eq!(renewals(&lab), before, "{:?}", lab.requests_log());
    println!("figure: C4 renewals_while_alive={before} renewals_after_stop=0");
}

/// A log that takes nothing, and one whose reader is gone, change nothing of the exit code.
#[test]
#[cfg(target_os = "linux")]
fn a_service_that_cannot_say_why_still_exits_with_its_code() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = child::command("stops::starts", "refused").stdout(Stdio::null()).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(78));
    let mut process = child::command("stops::starts", "refused").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    drop(process.stderr.take());
    assert_eq!(process.wait().unwrap().code(), Some(78));
    // Of a schema that could not be written whole nobody takes the beginning for the whole.
    let schema = |stdout: Stdio| {
        let mut command = child::command("stops::starts", "refused");
        command.arg("--quiet").env("CONFIGCHECK", "schema").stdout(stdout).stderr(Stdio::null()).status().unwrap().code()
    };
    assert_eq!(schema(Stdio::null()), Some(0));
    // The frame of the test writes there too, before us: where it is ended by that, its own code is seen.
    assert_ne!(schema(Stdio::from(full())), Some(0));
}
