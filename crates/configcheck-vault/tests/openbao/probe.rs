//! What is told without a value: who this is, and whether references can be read.

use configcheck_core::provider::{Access, Batch, OutcomeKind, Probe, Session};
use configcheck_test_servers::{OpenBao, OpenBaoOptions, unique};
use configcheck_vault::{Credential, Login};
use std::sync::Arc;
use std::time::SystemTime;

use crate::harness::{at, batch, connect, member, reason, reference, wait, with_token};

fn kv(bao: &OpenBao) -> String {
    let kv = unique("kv");
    bao.enable(&kv, "kv", r#"{"version":"2"}"#);
    for name in ["app", "deleted", "hidden"] {
        bao.write(&format!("{kv}/data/{name}"), r#"{"data":{"k":"not-a-real-value"}}"#);
    }
    bao.delete(&format!("{kv}/data/deleted"));
    kv
}

fn probe(session: &Arc<dyn Session>, texts: &[String]) -> Vec<Probe> {
    wait(session.probe(&batch(texts)))
}

#[test]
fn rights_are_asked_for_once_and_no_value_is_read() {
    let bao = OpenBao::shared();
    let (kv, policy) = (kv(bao), unique("policy"));
    let rules: Vec<String> = ["app", "deleted", "none"]
        .iter()
        .flat_map(|name| ["data", "metadata"].map(|kind| format!(r#"path "{kv}/{kind}/{name}" {{ capabilities = ["read"] }}"#)))
        .chain([format!(r#"path "{kv}/data/hidden" {{ capabilities = ["read"] }}"#)])
        .collect();
    bao.policy(&policy, &rules.join("\n"));
    let session = connect(&with_token(bao, &bao.token_with(&[&policy], "10m")));
    let before = (bao.requests("sys/capabilities-self"), bao.requests(&format!("{kv}/data/")));
    let names = ["app", "deleted", "none", "hidden", "denied"];
    let probes = probe(&session, &names.map(|name| format!("vault:{kv}/data/{name}#k")));
    let after = (bao.requests("sys/capabilities-self"), bao.requests(&format!("{kv}/data/")));
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 0));

    let [app, deleted, none, hidden, denied] = probes.try_into().unwrap();
    assert!(matches!(app.access, Access::Readable), "{app:?}");
    assert_eq!(app.version.as_deref(), Some("1"));
    assert!(app.created.unwrap() <= SystemTime::now());
    let Access::Failed(outcome) = &deleted.access else { panic!("{deleted:?}") };
    assert!(outcome.kind() == OutcomeKind::Absent && reason(outcome).message.contains("was deleted at 20"), "{outcome:?}");
    let Access::Failed(outcome) = &none.access else { panic!("{none:?}") };
    assert_eq!((outcome.kind(), reason(outcome).message), (OutcomeKind::Absent, format!("vault has nothing at {kv}/data/none (404)")));
    let Access::Allowed(told) = &hidden.access else { panic!("{hidden:?}") };
    assert_eq!(told.help, [format!(r#"for that, allow it in a policy: path "{kv}/metadata/hidden" {{ capabilities = ["read"] }}"#)]);
    let Access::Failed(outcome) = &denied.access else { panic!("{denied:?}") };
    assert_eq!(outcome.kind(), OutcomeKind::Denied);
}

#[test]
fn a_version_is_probed_as_itself() {
    let bao = OpenBao::shared();
    let kv = kv(bao);
    bao.write(&format!("{kv}/data/deleted"), r#"{"data":{"k":"not-a-real-value"}}"#);
    let session = connect(&with_token(bao, bao.root_token()));
    let probes =
        probe(&session, &["?version=1", "?version=2", "?version=3", ""].map(|version| format!("vault:{kv}/data/deleted{version}#k")));
    let kinds = probes.iter().map(|probe| match &probe.access {
        Access::Readable => probe.version.clone().unwrap(),
        Access::Failed(outcome) => outcome.kind().name().to_owned(),
        other => panic!("{other:?}"),
    });
    assert_eq!(kinds.collect::<Vec<_>>(), ["absent", "2", "absent", "2"]);
}

/// Probing a dynamic engine makes no credential, and probing a KV version 1 hands out no value.
#[test]
fn what_cannot_be_told_without_a_value_is_not_read() {
    let bao = OpenBao::shared();
    let kv = unique("kv");
    bao.enable(&kv, "kv", r#"{"version":"1"}"#);
    bao.write(&format!("{kv}/app"), r#"{"k":"not-a-real-value"}"#);
    let session = connect(&with_token(bao, bao.root_token()));
    let before = bao.requests(&format!("{kv}/"));
    let probes = probe(&session, &[format!("vault:{kv}/app#k"), "vault:database/creds/app#password".to_owned()]);
    assert!(probes.iter().all(|probe| matches!(probe.access, Access::Allowed(_))), "{probes:?}");
    assert_eq!(bao.requests(&format!("{kv}/")), before);
}

#[test]
fn without_the_right_to_ask_for_rights_a_versioned_secret_is_read_and_dropped() {
    let bao = OpenBao::shared();
    let (kv, policy) = (kv(bao), unique("policy"));
    bao.policy(&policy, &format!(r#"path "{kv}/data/app" {{ capabilities = ["read"] }}"#));
    let body = format!(r#"{{"policies":["{policy}"],"no_default_policy":true,"ttl":"10m"}}"#);
    let session = connect(&with_token(bao, &member(&bao.write("auth/token/create", &body), "client_token")));
    let probes =
        probe(&session, &[format!("vault:{kv}/data/app#k"), format!("vault:{kv}/data/hidden#k"), "vault:database/creds/app#k".to_owned()]);
    assert!(matches!(probes[0].access, Access::Read), "{probes:?}");
    assert!(matches!(&probes[1].access, Access::Failed(outcome) if outcome.kind() == OutcomeKind::Denied), "{probes:?}");
    assert!(matches!(probes[2].access, Access::Allowed(_)), "{probes:?}");
    let outcome = wait(session.identity()).unwrap_err();
    assert!(reason(&outcome).help[0].contains("auth/token/lookup-self"), "{outcome:?}");
}

#[test]
fn an_unknown_token_fails_the_probe_of_all() {
    let bao = OpenBao::shared();
    let session = connect(&with_token(bao, "s.not-a-real-token"));
    let probes = wait(session.probe(&Batch::of(reference("vault:kv/data/app#k"))));
    assert!(matches!(&probes[0].access, Access::Failed(outcome) if outcome.kind() == OutcomeKind::AuthFailed), "{probes:?}");
    assert_eq!(wait(session.identity()).unwrap_err().kind(), OutcomeKind::AuthFailed);
}

/// The answer to the question holds the token itself, which must not come along.
#[test]
fn the_identity_has_a_name_policies_and_an_end_and_no_token() {
    let bao = OpenBao::start(OpenBaoOptions { tls: true });
    bao.write("sys/namespaces/team", "{}");
    let token = member(
        &bao.write("auth/token/create", r#"{"policies":["default"],"display_name":"checkout","ttl":"10m","num_uses":5}"#),
        "client_token",
    );
    let provider = at(&bao).ca_file(bao.ca_file().unwrap()).login(Login::token(Credential::text(&token)));
    let session = connect(&provider);
    assert!(session.lease().is_none(), "nobody was asked yet");
    let identity = wait(session.identity()).unwrap();
    assert_eq!(identity.name, "token-checkout");
    let detail = |label: &str| identity.details.iter().find(|(other, _)| other == label).map(|(_, text)| text.as_str());
    assert_eq!(detail("policies"), Some("default"));
    assert_eq!(detail("server"), Some(bao.address()));
    assert_eq!(detail("login"), Some("the token that the program gives"));
    assert_eq!(detail("TLS"), Some("1.3"));
    assert_eq!(detail("uses left"), Some("4"));
    assert!(detail("certificate until").is_some());
    assert!(identity.expires.unwrap() > SystemTime::now());
    assert!(session.lease().is_some());
    assert!(!format!("{identity:?}").contains(&token));
}
