//! What the server is while it does not serve: sealed, not initialised, standby, gone, another one.

use std::fs;

use configcheck_core::provider::{Outcome, OutcomeKind, Retry};
use configcheck_test_servers::{OpenBao, OpenBaoOptions};
use configcheck_testkit::failure_lab::{FailureLab, Fault};
use configcheck_vault::{Credential, Login, VaultProvider};

use crate::harness::{at, connect, connect_in, fetch, reason, refusal, root, value, with_token};

fn sealed(bao: &OpenBao, outcome: &Outcome) {
    let Outcome::Unavailable { retry: Retry::UntilDeadline, .. } = outcome else { panic!("{outcome:?}") };
    let told = reason(outcome);
    let message = format!("vault at {} is sealed: it has its secrets encrypted, and no key to open them (503)", bao.address());
    assert_eq!(
        (told.message, told.help[0].as_str()),
        (message, "unseal it: vault operator unseal; if it should unseal itself, its log says why it does not")
    );
}

#[test]
fn a_sealed_server_says_so_and_the_session_outlives_seal_and_restart() {
    let bao = OpenBao::start_sealed();
    let session = root(&bao);
    sealed(&bao, &fetch(&session, "vault:kv/app#k"));
    let login = Login::userpass("joe", Credential::text("hunter2-fake"));
    sealed(&bao, &refusal(&at(&bao).login(login), &[]));
    bao.unseal();
    bao.enable("kv", "kv", r#"{"version":"1"}"#);
    bao.write("kv/app", r#"{"k":"v"}"#);
    assert_eq!(value(&session, "vault:kv/app#k", "k"), "v");
    bao.seal();
    sealed(&bao, &fetch(&session, "vault:kv/app#k"));
    bao.stop();
    let outcome = fetch(&session, "vault:kv/app#k");
    assert!(matches!(outcome, Outcome::Unavailable { retry: Retry::UntilDeadline, .. }), "{outcome:?}");
    bao.restart();
    bao.unseal();
    assert_eq!(value(&session, "vault:kv/app#k", "k"), "v");
}

#[test]
fn a_server_that_nobody_has_initialised_serves_nothing() {
    let bao = OpenBao::start_uninitialised();
    let outcome = fetch(&connect(&with_token(&bao, "s.not-a-real-token")), "vault:kv/app#k");
    assert!(matches!(outcome, Outcome::Unavailable { .. }), "{outcome:?}");
    reason(&outcome);
}

#[test]
fn a_standby_node_serves_or_says_so() {
    let (active, standby) = OpenBao::start_cluster();
    active.enable("kv", "kv", r#"{"version":"1"}"#);
    active.write("kv/app", r#"{"k":"v"}"#);
    let session = root(&standby);
    let outcome = (0..100).map(|_| fetch(&session, "vault:kv/app#k")).find(|outcome| outcome.kind() != OutcomeKind::Malformed);
    assert_eq!(outcome.map(|outcome| outcome.kind()), Some(OutcomeKind::Found), "its copy of the mount comes a moment later");
    active.stop();
    let outcome = fetch(&session, "vault:kv/app#k");
    assert!(matches!(outcome, Outcome::Unavailable { .. } | Outcome::Found(_)), "{outcome:?}");
}

#[test]
fn a_rate_that_is_too_high_is_throttled() {
    let bao = OpenBao::start(OpenBaoOptions::default());
    bao.enable("kv", "kv", r#"{"version":"1"}"#);
    bao.write("kv/app", r#"{"k":"v"}"#);
    bao.write("sys/quotas/rate-limit/kv", r#"{"path":"kv/","rate":1}"#);
    let session = root(&bao);
    let outcomes: Vec<Outcome> = (0..3).map(|_| fetch(&session, "vault:kv/app#k")).collect();
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Outcome::Throttled { .. })), "{outcomes:?}");
}

/// vaultrs 0.8: without a CA, verification could be off; here it fails closed, and not a byte of the token is sent.
#[test]
fn a_server_of_another_authority_is_refused_without_a_token() {
    let bao = OpenBao::start(OpenBaoOptions { tls: true });
    let other = FailureLab::start_tls(Fault::ok("{}"));
    let directory = tempfile::tempdir().unwrap();
    let wrong = directory.path().join("ca.pem");
    fs::write(&wrong, other.ca_pem()).unwrap();
    let login = || Login::token(Credential::text(bao.root_token()));
    for provider in [at(&bao).login(login()), at(&bao).ca_file(&wrong).login(login())] {
        let outcome = fetch(&connect(&provider), "vault:kv/app#k");
        let Outcome::Unavailable { retry: Retry::Never, .. } = &outcome else { panic!("{outcome:?}") };
        assert!(reason(&outcome).message.starts_with("there is no safe connection to vault: "), "{outcome:?}");
    }
    assert_eq!(bao.requests("kv/app"), 0);
    // From the variables, by file and by folder; other files in the folder do no harm.
    let right = bao.ca_file().unwrap();
    fs::write(directory.path().join("store.jks"), [0xFE, 0xED, 0xFE, 0xED]).unwrap();
    for (name, path) in [("VAULT_CACERT", right.clone()), ("VAULT_CAPATH", directory.path().to_owned())] {
        fs::copy(&right, directory.path().join("right.pem")).unwrap();
        let session = connect_in(&at(&bao).login(login()), None, &[(name, path.to_str().unwrap())]).unwrap();
        assert_eq!(fetch(&session, "vault:sys-less/app#k").kind(), OutcomeKind::Malformed, "it answers");
    }
    // Whoever turns verification off on a developer's machine gets what that means.
    let session = connect_in(&at(&bao).login(login()), None, &[("VAULT_SKIP_VERIFY", "true")]).unwrap();
    assert_eq!(fetch(&session, "vault:sys-less/app#k").kind(), OutcomeKind::Malformed, "it answers");
    let named = at(&bao).ca_file(&right).server_name("elsewhere.invalid").login(login());
    assert!(matches!(fetch(&connect(&named), "vault:kv/app#k"), Outcome::Unavailable { retry: Retry::Never, .. }));
    let named: VaultProvider = at(&bao).ca_file(&right).server_name("localhost").login(login());
    assert_eq!(fetch(&connect(&named), "vault:sys-less/app#k").kind(), OutcomeKind::Malformed, "it answers");
}
