//! Whole starts through the engine: what they cost, and what becomes of them when the server or the token fails in the middle.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use configcheck_core::SecretRef;
use configcheck_core::provider::{Outcome, OutcomeKind};
use configcheck_engine::{Engine, Resolution, Surroundings};
use configcheck_test_servers::{OpenBao, unique};
use configcheck_vault::{Credential, Login, VaultProvider};

use crate::harness::{at, member, reason, values, wait, with_token};

/// Fetches these references within a time.
fn start(provider: VaultProvider, references: &[String], within: Duration) -> Resolution {
    let engine = Engine::new(vec![Arc::new(provider)]);
    let references: Vec<SecretRef> = references.iter().map(|text| SecretRef::parse(text).unwrap().unwrap()).collect();
    wait(engine.resolve(&references, &Surroundings { deadline: Instant::now() + within, environment: None, settings: Vec::new() }))
}

/// A mount with so many secrets, a role whose logins may read them, and the references.
fn secrets(bao: &OpenBao, count: usize, options: &str) -> (String, Login, Vec<String>) {
    let (kv, mount, policy) = (unique("kv"), unique("approle"), unique("policy"));
    bao.enable(&kv, "kv", r#"{"version":"2"}"#);
    for n in 0..count {
        bao.write(&format!("{kv}/data/app{n}"), &format!(r#"{{"data":{{"k":"value{n}","l":"other{n}"}}}}"#));
    }
    bao.policy(&policy, &format!(r#"path "{kv}/*" {{ capabilities = ["read"] }}"#));
    bao.enable_auth(&mount, "approle");
    bao.write(&format!("auth/{mount}/role/checkout"), &format!(r#"{{"token_policies":["{policy}"]{options}}}"#));
    let role_id = member(&bao.read(&format!("auth/{mount}/role/checkout/role-id")), "role_id");
    let secret_id = member(&bao.write(&format!("auth/{mount}/role/checkout/secret-id"), "{}"), "secret_id");
    let login = Login::app_role(Credential::text(role_id), Credential::text(secret_id)).mount(&mount);
    let references = (0..count).map(|n| format!("vault:{kv}/data/app{n}#k")).collect();
    (mount, login, references)
}

fn kinds(resolution: &Resolution) -> Vec<OutcomeKind> {
    resolution.outcomes.values().map(Outcome::kind).collect()
}

#[test]
fn a_start_is_one_login_and_one_request_for_each_path() {
    let bao = OpenBao::shared();
    let (mount, login, mut references) = secrets(bao, 50, "");
    // Other fields of the same secrets cost nothing.
    references.extend(references.clone().iter().map(|text| text.replace("#k", "#l")));
    let resolution = start(at(bao).login(login), &references, Duration::from_secs(30));
    assert_eq!(resolution.outcomes.len(), 50);
    for (reference, outcome) in &resolution.outcomes {
        let Outcome::Found(fetched) = outcome else { panic!("{outcome:?}") };
        let number = reference.path().rsplit_once("app").unwrap().1;
        assert_eq!(values(fetched)[0], ("k".to_owned(), format!("value{number}")));
    }
    assert_eq!(bao.requests(&format!("auth/{mount}/login")), 1);
    let kv = references[0].trim_start_matches("vault:").split_once('/').unwrap().0;
    assert_eq!(bao.requests(&format!("{kv}/data/")), 100, "50 wrote them");
}

#[test]
fn a_token_that_ends_in_the_middle_is_replaced_once() {
    let bao = OpenBao::shared();
    let (mount, login, references) = secrets(bao, 8, r#","token_num_uses":5"#);
    let resolution = start(at(bao).login(login), &references, Duration::from_secs(30));
    assert_eq!(kinds(&resolution), [OutcomeKind::Found; 8]);
    assert_eq!(bao.requests(&format!("auth/{mount}/login")), 2);
}

#[test]
fn a_token_that_nothing_can_replace_is_one_cause() {
    let bao = OpenBao::shared();
    let (_, _, references) = secrets(bao, 5, "");
    let resolution = start(with_token(bao, "s.not-a-real-token"), &references, Duration::from_secs(30));
    assert_eq!(kinds(&resolution), [OutcomeKind::AuthFailed; 5]);
    let mut reasons: Vec<_> = resolution.outcomes.values().map(reason).collect();
    reasons.dedup();
    assert_eq!(reasons.len(), 1, "one finding names them all: {reasons:?}");
}

#[test]
fn a_right_that_is_taken_away_is_one_finding_for_each_path_and_the_others_arrive() {
    let bao = OpenBao::shared();
    let (_, login, mut references) = secrets(bao, 3, "");
    references.push("vault:other/data/app#k".to_owned());
    let resolution = start(at(bao).login(login), &references, Duration::from_secs(30));
    let mut found = kinds(&resolution);
    found.sort();
    assert_eq!(found, [OutcomeKind::Found, OutcomeKind::Found, OutcomeKind::Found, OutcomeKind::Denied]);
}

#[test]
fn a_server_that_is_sealed_or_restarted_in_the_middle_is_waited_for() {
    let bao = OpenBao::start_sealed();
    bao.unseal();
    bao.enable("kv", "kv", r#"{"version":"1"}"#);
    bao.write("kv/app", r#"{"k":"v"}"#);
    let references = ["vault:kv/app#k".to_owned()];
    bao.seal();

    // Nobody unseals it: the start ends in time, and says what is wrong.
    let begin = Instant::now();
    let resolution = start(with_token(&bao, bao.root_token()), &references, Duration::from_secs(2));
    assert!(begin.elapsed() < Duration::from_secs(10), "the deadline holds, with slack for a busy machine");
    let told = reason(resolution.outcomes.values().next().unwrap());
    assert!(told.message.contains("is sealed"), "{told:?}");

    let unsealed = thread::scope(|scope| {
        let start = scope.spawn(|| start(with_token(&bao, bao.root_token()), &references, Duration::from_mins(1)));
        thread::sleep(Duration::from_millis(500));
        bao.unseal();
        start.join().unwrap()
    });
    assert_eq!(kinds(&unsealed), [OutcomeKind::Found]);

    bao.stop();
    let restarted = thread::scope(|scope| {
        let start = scope.spawn(|| start(with_token(&bao, bao.root_token()), &references, Duration::from_mins(1)));
        bao.restart();
        bao.unseal();
        start.join().unwrap()
    });
    assert_eq!(kinds(&restarted), [OutcomeKind::Found]);
}
