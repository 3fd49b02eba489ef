//! Nothing of a token, a credential or a value reaches a trace, at the finest level, whatever happens. rustify and vaultrs trace as well.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "the other tests use all of it")]
#[path = "openbao/harness.rs"]
mod harness;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use configcheck_core::provider::OutcomeKind;
use configcheck_test_servers::{OpenBao, unique};
use configcheck_testkit::failure_lab::{FailureLab, Fault};
use configcheck_vault::{Credential, Login, VaultProvider};
use tracing_subscriber::fmt::format::FmtSpan;

use harness::{at, batch, connect, fetch, refusal, value, wait};

#[derive(Clone, Default)]
struct Traces(Arc<Mutex<Vec<u8>>>);

impl Write for Traces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn traces_hold_no_token_no_credential_and_no_value() {
    let traces = Traces::default();
    let writer = traces.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .init();

    let bao = OpenBao::shared();
    let (kv, policy, mount) = (unique("kv"), unique("policy"), unique("userpass"));
    bao.enable(&kv, "kv", r#"{"version":"2"}"#);
    bao.write(&format!("{kv}/data/app"), r#"{"data":{"k":"not-a-real-value-4711"}}"#);
    bao.policy(&policy, &format!(r#"path "{kv}/*" {{ capabilities = ["read"] }}"#));
    bao.enable_auth(&mount, "userpass");
    bao.write(&format!("auth/{mount}/users/joe"), &format!(r#"{{"password":"not-a-real-password-4712","token_policies":["{policy}"]}}"#));
    let session = connect(&at(bao).login(Login::userpass("joe", Credential::text("not-a-real-password-4712")).mount(&mount)));
    assert_eq!(value(&session, &format!("vault:{kv}/app#k"), "k"), "not-a-real-value-4711");
    for path in ["none", "app?version=7"] {
        assert_eq!(fetch(&session, &format!("vault:{kv}/data/{path}#k")).kind(), OutcomeKind::Absent);
    }
    assert_eq!(fetch(&session, "vault:other/data/app#k").kind(), OutcomeKind::Denied);
    wait(session.probe(&batch(&[format!("vault:{kv}/data/app#k")])));
    wait(session.identity()).unwrap();
    wait(session.renew_login()).unwrap();
    wait(session.close());
    refusal(&at(bao).login(Login::userpass("joe", Credential::text("not-a-real-password-4713")).mount(&mount)), &[]);
    let given = bao.token_with(&[&policy], "10m");
    let session = connect(&at(bao).login(Login::token(Credential::text(&given))));
    assert_eq!(value(&session, &format!("vault:{kv}/data/app#k"), "k"), "not-a-real-value-4711");
    for fault in [Fault::Echo, Fault::NotHttp, Fault::ResetMidBody, Fault::ok(r#"{"data":"not-a-real-value-4711"}"#), Fault::Status(403)] {
        let lab = FailureLab::start(fault);
        let session = connect(&VaultProvider::new().address(lab.url()).login(Login::token(Credential::text(&given))));
        assert!(fetch(&session, "vault:kv/data/app#k").reason().is_some());
    }

    let traces = String::from_utf8(traces.0.lock().unwrap().clone()).unwrap();
    assert!(traces.contains("rustify"), "the traces of the libraries below are among them");
    for secret in ["not-a-real-value-4711", "not-a-real-password-4712", "not-a-real-password-4713", &given, "4711", "4712"] {
        assert!(!traces.contains(secret), "a trace holds what it must not");
    }
    assert!(!traces.contains("client_token"));
}
