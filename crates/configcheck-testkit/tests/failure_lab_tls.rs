//! TLS of the failure lab, seen from a client that trusts the lab's authority.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use configcheck_testkit::failure_lab::{FailureLab, Fault, TlsFault};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

const ASK: &[u8] = b"GET /v1/secret HTTP/1.1\r\nx-vault-token: hunter2-fake\r\nconnection: close\r\n\r\n";

fn client(lab: &FailureLab, has_certificate: bool, patience: Duration) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(lab.ca_pem().as_bytes()).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = if has_certificate {
        let certificate = CertificateDer::from_pem_slice(lab.client_certificate_pem().as_bytes()).unwrap();
        builder.with_client_auth_cert(vec![certificate], PrivateKeyDer::from_pem_slice(lab.client_key_pem().as_bytes()).unwrap()).unwrap()
    } else {
        builder.with_no_client_auth()
    };
    let stream = TcpStream::connect(lab.address()).unwrap();
    stream.set_read_timeout(Some(patience)).unwrap();
    let connection = ClientConnection::new(Arc::new(config), ServerName::try_from("127.0.0.1").unwrap()).unwrap();
    StreamOwned::new(connection, stream)
}

fn ask(lab: &FailureLab, has_certificate: bool) -> (String, io::Result<()>) {
    ask_for(lab, has_certificate, Duration::from_secs(20))
}

fn ask_for(lab: &FailureLab, has_certificate: bool, patience: Duration) -> (String, io::Result<()>) {
    let mut client = client(lab, has_certificate, patience);
    let mut answer = Vec::new();
    let end = client.write_all(ASK).and_then(|()| client.read_to_end(&mut answer)).map(drop);
    (String::from_utf8(answer).unwrap(), end)
}

#[test]
fn faults_are_played_over_good_tls() {
    let lab = FailureLab::start_tls(Fault::Status(403));
    assert!(lab.url().starts_with("https://127.0.0.1:"));
    let (answer, end) = ask(&lab, false);
    end.unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert_eq!((lab.requests_log(), lab.received()), (vec!["GET /v1/secret".to_owned()], ASK.to_vec()));

    let (answer, end) = ask(&FailureLab::start_tls(Fault::Truncated), false);
    end.unwrap();
    assert!(answer.contains("Content-Length: 80") && !answer.contains('}'), "{answer}");
    let (answer, end) = ask(&FailureLab::start_tls(Fault::ResetMidBody), false);
    assert_eq!(end.unwrap_err().kind(), io::ErrorKind::UnexpectedEof, "{answer}");
}

#[test]
fn a_client_needs_a_certificate_where_it_is_asked_for_one() {
    let lab = FailureLab::start_mutual_tls(Fault::ok("{}"));
    assert!(ask(&lab, false).1.is_err());
    assert_eq!((lab.connections(), lab.requests()), (1, 0));
    let (answer, end) = ask(&lab, true);
    end.unwrap();
    assert!(answer.ends_with("{}"), "{answer}");
}

#[test]
fn a_careful_client_refuses_each_fault_and_sends_nothing() {
    let check_for = |fault, patience, expected: &str| {
        let lab = FailureLab::start(Fault::Tls(fault));
        let (answer, end) = ask_for(&lab, false, patience);
        let error = end.unwrap_err().to_string();
        assert!(error.contains(expected), "{fault:?}: {error}");
        assert_eq!((answer.as_str(), lab.connections(), lab.requests(), lab.saw(b"hunter2-fake")), ("", 1, 0, false), "{fault:?}");
    };
    let check = |fault, expected| check_for(fault, Duration::from_secs(20), expected);
    check(TlsFault::WrongHost, "certificate not valid for name");
    check(TlsFault::Expired, "certificate expired");
    check(TlsFault::NotYetValid, "certificate not valid yet");
    check(TlsFault::SelfSigned, "UnknownIssuer");
    check(TlsFault::Untrusted, "UnknownIssuer");
    check(TlsFault::Tls11Only, "peer is incompatible");
    check_for(TlsFault::HandshakeSilent, Duration::from_millis(300), "temporarily unavailable");
}
