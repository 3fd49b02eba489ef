//! A clock of the date that jumps moves no deadline and lengthens no lease.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use configcheck::providers::VaultProvider;
use configcheck::{AppConfig, Loader, Secret};
use configcheck_testkit::failure_lab::{FailureLab, Fault, Request};
use serde_json::json;

use crate::child;
use crate::sources::{Settings, TOKEN};

/// Every place that asks for the date, with the reason why a wrong one does no harm. All other times are of the monotonic clock.
const DATES: [(&str, &str); 7] = [
    ("configcheck-aws/src/login.rs", "the SDK signs with it; AWS refuses a wrong one with a reason of its own"),
    ("configcheck-aws/src/session.rs", "how long credentials are good for; never longer than AWS gives any"),
    ("configcheck-aws/src/signed.rs", "a signature; AWS refuses a wrong one with a reason of its own"),
    ("configcheck-cli/src/commands/doctor/diagnosis.rs", "dates that doctor prints"),
    (
        "configcheck-http/src/retry_after.rs",
        "a date that a server without a clock of its own asks us to come back at; at most the deadline",
    ),
    ("configcheck-vault/src/identity.rs", "a date that doctor prints"),
    ("configcheck-vault/src/read.rs", "dates that doctor prints; a load goes by what the server answers"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_question_for_the_date_is_known() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut found = Vec::new();
    for entry in fs::read_dir(&crates).unwrap() {
        let folder = entry.unwrap().path().join("src");
        if folder.is_dir() && !folder.ends_with("configcheck-test-servers/src") {
            sources(&folder, &mut found);
        }
    }
    let mut asks = BTreeMap::new();
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let count = ["SystemTime::now", "SystemTimeSource", "UtcDateTime::now", "now_utc"]
            .iter()
            .map(|word| product.matches(word).count())
            .sum::<usize>();
        let name = path.strip_prefix(&crates).unwrap().to_str().unwrap().to_owned();
        if count > 0 && !name.starts_with("configcheck-testkit/") {
            asks.insert(name, count);
        }
    }
    let known: Vec<&str> = DATES.iter().map(|(path, _)| *path).collect();
    assert_eq!(asks.keys().map(String::as_str).collect::<Vec<_>>(), known, "each place that asks for the date has a reason here");
    println!("figure: C3 places_that_ask_for_the_date={} of_the_engine=0", asks.len());
}

/// A service with a key at AWS.
#[derive(AppConfig)]
#[config(name = "shop")]
struct Two {
    #[expect(dead_code, reason = "it is loaded")]
    one: Secret<String>,
    #[expect(dead_code, reason = "it is loaded")]
    two: Secret<String>,
}

fn aws(answer: Fault) -> (Option<String>, usize, Duration) {
    let lab = FailureLab::start(answer);
    let variables = [
        ("ONE", "aws-sm:one".to_owned()),
        ("TWO", "aws-ssm:/two".to_owned()),
        ("AWS_ENDPOINT_URL", lab.url()),
        ("AWS_ACCESS_KEY_ID", "AKIANOTAREALKEY00000".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "quokka55-MANGO-77kw-fake".to_owned()),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
    ];
    let loader = Loader::new().no_dotenv().no_standard_mounts().environment("development").vars(variables);
    let loader = loader.deadline(Duration::from_secs(10)).provider(configcheck::providers::AwsProvider::new());
    let start = Instant::now();
    let told = loader.load::<Two>().err().map(|error| error.to_string());
    (told, lab.requests(), start.elapsed())
}

#[test]
fn a_clock_that_aws_does_not_accept_is_named_and_not_asked_with_again() {
    for (code, message) in [
        ("RequestTimeTooSkewed", "The difference between the request time and the current time is too large."),
        (
            "InvalidSignatureException",
            "Signature expired: 20200101T000000Z is now earlier than 20260101T000000Z (20260101T000500Z - 5 min.)",
        ),
        ("InvalidSignatureException", "Signature not yet current: 20360101T000000Z is still later than 20260101T000500Z"),
    ] {
        let (told, requests, _) = aws(Fault::json(400, json!({ "__type": code, "message": message }).to_string()));
        let told = told.unwrap();
        assert!(told.contains("the clock of this machine is wrong") && told.contains("timedatectl"), "{code}: {told}");
        assert!(!told.contains("secret key"), "{told}");
        // Each is asked for once more after one new login.
        assert!(requests <= 4, "{code}: {requests} requests for two secrets");
    }
    println!("figure: C3 skew_answers=3 named=3");
}

/// No test of its own: what the process does whose date jumps with every look at it.
#[test]
fn under_a_clock_that_jumps() {
    let Some(task) = child::task() else { return };
    let Ok(url) = std::env::var("MACHINE_TEST_URL") else { return };
    let vault = |reference: &str, deadline: u64| {
        let variables = [("TOKEN", reference.to_owned()), ("VAULT_ADDR", url.clone()), ("VAULT_TOKEN", "hvs.not-a-real-token".to_owned())];
        let loader = Loader::new().no_dotenv().no_standard_mounts().environment("development").vars(variables);
        loader.deadline(Duration::from_secs(deadline)).provider(VaultProvider::new())
    };
    match task.as_str() {
        "deadline" => {
            let dates: Vec<_> = (0..4).map(|_| std::time::SystemTime::now()).collect();
            assert!(dates.windows(2).any(|pair| pair[1] < pair[0]), "the date does not jump");
            let start = Instant::now();
            let Err(error) = vault("vault:kv/app#k", 2).load::<Settings>() else { panic!("it must not load") };
            println!("ENDED {} {}", start.elapsed().as_millis(), error.to_string().contains("deadline"));
        }
        "lease" => {
            let (_settings, leases) = vault("vault:database/creds/app#password", 20).load_with_leases::<Settings>().unwrap();
            std::thread::sleep(Duration::from_secs(5));
            drop(leases);
            println!("ENDED");
        }
        _ => {}
    }
}

/// Runs the task with the date jumping by an hour and by ten years, forwards and backwards, from one look at it to the next.
#[cfg(target_os = "linux")]
fn jumping(task: &str, url: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let shim = folder.path().join("shim.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/machine/made/shim.c");
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&shim).args([source, "-ldl"]).status();
    assert!(compiled.expect("cc is there, since Rust links with it").success());
    let mut command = child::command("clock::under_a_clock_that_jumps", task);
    let output = command.env("MACHINE_TEST_URL", url).env("LD_PRELOAD", &shim).env("SHIM_CLOCK", "1").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("ENDED"), "{text}");
    assert!(!text.contains(TOKEN), "{text}");
    text
}

#[test]
#[cfg(target_os = "linux")]
fn a_date_that_jumps_moves_no_deadline() {
    let lab = FailureLab::start(Fault::Silent);
    let text = jumping("deadline", &lab.url());
    let (millis, told) = text.lines().find_map(|line| line.split_once("ENDED ")?.1.split_once(' ')).unwrap();
    let millis: u64 = millis.parse().unwrap();
    assert!((1_900..20_000).contains(&millis) && told == "true", "{text}");
    println!("figure: C3 deadline_ms=2000 ended_ms={millis} date_jumps=1h,10y,both_ways");
}

#[test]
#[cfg(target_os = "linux")]
fn a_date_that_jumps_lengthens_no_lease() {
    let answer = |request: &Request| {
        if request.target.contains("/creds/") || request.target.contains("/sys/leases/renew") {
            let lease =
                json!({ "lease_id": "database/creds/app/1", "lease_duration": 3, "renewable": true, "data": { "password": TOKEN } });
            Fault::ok(lease.to_string())
        } else {
            Fault::ok(json!({ "data": { "ttl": 0, "renewable": false } }).to_string())
        }
    };
    let lab = FailureLab::start(Fault::by(answer));
    jumping("lease", &lab.url());
    // Of a lease of 3 s the renewals come about every 2 s, whatever the date says: neither none nor a flood.
    let renewals = lab.requests_log().iter().filter(|line| line.contains("/sys/leases/renew")).count();
    assert!((1..=6).contains(&renewals), "{:?}", lab.requests_log());
    println!("figure: C3 lease_s=3 lived_s=5 renewals={renewals}");
}
