//! Faults of the network and of the server, at the level of one request: the outcome of each, and that nothing gets out.

use std::fs;

use configcheck_core::provider::{Outcome, OutcomeKind, Retry};
use configcheck_testkit::failure_lab::{FailureLab, Fault, RetryAfter, TlsFault};
use configcheck_vault::{Credential, Login, VaultProvider};

use crate::harness::{connect, fetch, reason, refusal};

const TOKEN: &str = "s.not-a-real-token-4711";
const MARK: &str = "hunter2-fake";

fn at_lab(lab: &FailureLab) -> VaultProvider {
    VaultProvider::new().address(lab.url()).login(Login::token(Credential::text(TOKEN)))
}

/// What becomes of a reference when the server plays a fault. One request was sent, and what is told holds nothing of it.
fn play(fault: Fault) -> Outcome {
    let lab = FailureLab::start(fault);
    let outcome = fetch(&connect(&at_lab(&lab)), "vault:secret/data/app#password");
    assert!(lab.requests() <= 1, "{:?}", lab.requests_log());
    assert!(matches!(outcome, Outcome::Found(_)) || !reason(&outcome).message.is_empty());
    let told = format!("{outcome:?}");
    assert!(!told.contains(TOKEN) && !told.contains(MARK), "{told}");
    outcome
}

#[test]
fn a_status_has_its_outcome() {
    for (status, kind) in [
        (401, OutcomeKind::Denied),
        (403, OutcomeKind::Denied),
        (405, OutcomeKind::Malformed),
        (400, OutcomeKind::Malformed),
        (418, OutcomeKind::Malformed),
        (204, OutcomeKind::Malformed),
        (412, OutcomeKind::Unavailable),
        (429, OutcomeKind::Throttled),
        (472, OutcomeKind::Unavailable),
        (473, OutcomeKind::Unavailable),
        (500, OutcomeKind::Unavailable),
        (501, OutcomeKind::Unavailable),
        (502, OutcomeKind::Unavailable),
        (503, OutcomeKind::Unavailable),
    ] {
        assert_eq!(play(Fault::Status(status)).kind(), kind, "{status}");
    }
}

/// Where VAULT_ADDR leads to another web server, its 404 is no word about a secret: no default may stand in.
#[test]
fn only_vaults_own_404_means_that_nothing_is_there() {
    assert_eq!(play(Fault::json(404, r#"{"errors":[]}"#)).kind(), OutcomeKind::Absent);
    for body in ["", "{}", "<html>not found</html>", r#"{"message":"hunter2-fake"}"#, "[]", "null"] {
        let outcome = play(Fault::json(404, body));
        assert_eq!(outcome.kind(), OutcomeKind::Malformed, "{body}");
        assert!(reason(&outcome).message.ends_with("does not answer as vault does (404)"), "{outcome:?}");
    }
}

#[test]
fn the_time_to_come_back_is_passed_on() {
    let Outcome::Throttled { retry_after, .. } = play(Fault::RetryAfter { status: 429, after: RetryAfter::Seconds(7) }) else { panic!() };
    assert_eq!(retry_after.map(|after| after.as_secs()), Some(7));
    let Outcome::Throttled { retry_after: None, .. } = play(Fault::RetryAfter { status: 429, after: RetryAfter::Unsaid }) else { panic!() };
}

/// vaultrs 0.8: errors hold the body of the answer, and a wrong type is quoted.
#[test]
fn an_answer_that_is_no_secret_is_told_without_its_text() {
    for body in [
        "",
        "hunter2-fake",
        "null",
        "[]",
        "{}",
        r#"{"data":null}"#,
        r#"{"data":"hunter2-fake"}"#,
        r#"{"data":["hunter2-fake"]}"#,
        r#"{"data":{"password":"hunter2-fake"#,
        r#"{"data":{"password":"hunter2-fake","password":"other"}}"#,
        r#"{"data":{"data":"hunter2-fake","metadata":{"version":1,"created_time":"x","deletion_time":"","destroyed":false}}}"#,
        r#"{"data":{"password":"\ud83d hunter2-fake"}}"#,
        r#"{"data":{"a":1},"data":{"a":2}}"#,
        r#"{"data":{"a":1},"lease_duration":"hunter2-fake"}"#,
        r#"{"data":{"a":1},"lease_duration":-1}"#,
    ] {
        assert_eq!(play(Fault::ok(body)).kind(), OutcomeKind::Malformed, "{body}");
    }
    let deep = format!(r#"{{"data":{{"a":{}1{}}}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let outcome = play(Fault::ok(deep));
    assert!(matches!(outcome.kind(), OutcomeKind::Found | OutcomeKind::Malformed), "read without a stack to overflow");
}

#[test]
fn a_connection_that_breaks_is_tried_a_few_times() {
    for fault in [Fault::CloseAtOnce, Fault::Truncated, Fault::ChunkedTruncated, Fault::ResetMidBody] {
        let name = format!("{fault:?}");
        let outcome = play(fault);
        assert!(matches!(outcome, Outcome::Unavailable { retry: Retry::Few, .. }), "{name}: {outcome:?}");
    }
}

#[test]
fn an_answer_without_measure_is_refused() {
    for fault in [
        Fault::HugeBody { declared: true, bytes: 1 << 30 },
        Fault::HugeBody { declared: false, bytes: 1 << 30 },
        Fault::GzipBomb,
        Fault::ManyHeaders(100_000),
        Fault::LongHeader(1 << 20),
        Fault::NotHttp,
    ] {
        let name = format!("{fault:?}");
        assert_eq!(play(fault).kind(), OutcomeKind::Malformed, "{name}");
    }
}

/// vaultrs 0.8: a redirect takes the token to another host, and the load succeeds.
#[test]
fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let second = FailureLab::witness();
        let outcome = play(Fault::Redirect { status, to: second.url() });
        // A standby node redirects while its cluster chooses another active one, which passes.
        let Outcome::Unavailable { retry, .. } = &outcome else { panic!("{outcome:?}") };
        assert_eq!(*retry, if status == 307 { Retry::Few } else { Retry::Never });
        assert!(reason(&outcome).help[0].contains(&format!("VAULT_ADDR={}", second.url())), "{outcome:?}");
        second.assert_untouched();
    }
}

/// vaultrs 0.8: `Debug` of an error holds the body, which may repeat the request with its token.
#[test]
fn a_server_that_repeats_the_request_gets_nothing_out() {
    assert_eq!(play(Fault::Echo).kind(), OutcomeKind::Unavailable);
    let lab = FailureLab::start(Fault::Echo);
    let login = Login::userpass("joe", Credential::text(MARK));
    let outcome = refusal(&VaultProvider::new().address(lab.url()).login(login), &[]);
    assert!(lab.saw(MARK.as_bytes()) && !format!("{outcome:?}").contains(MARK), "{outcome:?}");
    let refusing = FailureLab::start(Fault::json(400, r#"{"errors":["hunter2-fake is wrong"]}"#));
    let login = Login::app_role(Credential::text("role"), Credential::text(MARK));
    let outcome = refusal(&VaultProvider::new().address(refusing.url()).login(login), &[]);
    assert!(outcome.kind() == OutcomeKind::AuthFailed && !format!("{outcome:?}").contains(MARK), "{outcome:?}");
}

#[test]
fn a_login_whose_answer_is_no_login_is_told() {
    for body in ["{}", r#"{"auth":null}"#, r#"{"auth":{"client_token":null}}"#, r#"{"auth":{"client_token":"s.fa\nke"}}"#, "hunter2-fake"] {
        let lab = FailureLab::start(Fault::ok(body));
        let outcome = refusal(&VaultProvider::new().address(lab.url()).login(Login::userpass("joe", Credential::text(MARK))), &[]);
        assert_eq!(outcome.kind(), OutcomeKind::Malformed, "{body}");
    }
}

#[test]
fn a_faulty_certificate_sees_no_token() {
    let directory = tempfile::tempdir().unwrap();
    let faults =
        [TlsFault::WrongHost, TlsFault::Expired, TlsFault::NotYetValid, TlsFault::SelfSigned, TlsFault::Untrusted, TlsFault::Tls11Only];
    for fault in faults {
        let lab = FailureLab::start(Fault::Tls(fault));
        // Its authority is trusted, so that only the fault keeps the token from being sent.
        let authority = directory.path().join("ca.pem");
        fs::write(&authority, lab.ca_pem()).unwrap();
        let outcome = fetch(&connect(&at_lab(&lab).ca_file(authority)), "vault:secret/data/app#password");
        assert!(matches!(outcome, Outcome::Unavailable { retry: Retry::Never, .. }), "{fault:?}: {outcome:?}");
        assert!(!lab.saw(TOKEN.as_bytes()) && lab.requests() == 0, "{fault:?}");
    }
}

/// vaultrs 0.8: a bad address panics, with the address in the message.
#[test]
fn an_address_that_is_none_is_told_without_its_credentials() {
    for address in ["https://u:hunter2-fake@h:99999", "hunter2-fake", "file:///hunter2-fake", "http://169.254.169.254/hunter2-fake"] {
        let outcome = refusal(&VaultProvider::new().address(address).login(Login::agent()), &[]);
        assert!(outcome.kind() == OutcomeKind::Misconfigured && !format!("{outcome:?}").contains(MARK), "{outcome:?}");
    }
}
