//! F7: whose certificates are taken, and that nothing is sent before they are.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, SystemTime};

use configcheck_core::Outcome;
use configcheck_core::provider::Retry;
use configcheck_http::{Client, ClientSettings, FailureKind, Identity, Roots, SettingsProblem};
use configcheck_testkit::failure_lab::{FailureLab, Fault, TlsFault};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use zeroize::Zeroizing;

use crate::world::{PATIENCE, TOKEN, Watch, client, failure, get};

fn trusting(lab: &FailureLab) -> ClientSettings {
    ClientSettings::new().roots(Roots::Only(lab.ca_pem().into())).connect_timeout(Duration::from_secs(10))
}

fn with_identity(lab: &FailureLab, certificate: &str, key: &str) -> Result<Client, SettingsProblem> {
    Client::new(trusting(lab).identity(Identity::from_pem(certificate, Zeroizing::new(key.into()))))
}

#[test]
fn a_good_certificate_is_taken_and_told_of() {
    let lab = FailureLab::start_tls(Fault::ok("{}"));
    let client = Client::new(trusting(&lab)).unwrap();
    for url in [lab.url(), lab.url().replace("127.0.0.1", "localhost")] {
        assert_eq!(*get(&client, &url).unwrap().body, b"{}");
    }
    let peer = client.peer().unwrap();
    assert_eq!((peer.address, peer.tls), (lab.address(), Some("1.3")));
    let year_2400 = SystemTime::UNIX_EPOCH + Duration::from_hours(13_569_465_600 / 3600);
    assert_eq!(peer.certificate_not_after, Some(year_2400));
    let both = Client::new(ClientSettings::new().roots(Roots::SystemAnd(lab.ca_pem().into()))).unwrap();
    assert_eq!(get(&both, &lab.url()).unwrap().status, 200);
}

#[test]
fn f7_bad_certificates_are_refused_before_anything_is_sent() {
    for (fault, says) in [
        (TlsFault::WrongHost, "is for another host: elsewhere.example"),
        (TlsFault::Expired, "expired at 2020-01-01T00:00:00Z"),
        (TlsFault::NotYetValid, "is not valid before 2399-01-01T00:00:00Z"),
        (TlsFault::SelfSigned, "is signed by nobody who is trusted here"),
        (TlsFault::Untrusted, "is signed by nobody who is trusted here"),
    ] {
        let lab = FailureLab::start(Fault::Tls(fault));
        let failure = failure(&Client::new(trusting(&lab)).unwrap(), &lab.url());
        assert_eq!((failure.kind(), failure.retry()), (FailureKind::Tls, Retry::Never), "{fault:?}");
        assert_eq!(failure.to_string(), format!("the certificate of {} {says}", lab.address()));
        assert!(matches!(failure.outcome("Vault"), Outcome::Unavailable { retry: Retry::Never, .. }));
        assert_eq!((lab.connections(), lab.requests()), (1, 0), "{fault:?}");
        assert!(!lab.saw(TOKEN.as_bytes()));
    }
}

#[test]
fn f7_old_versions_are_refused() {
    let lab = FailureLab::start(Fault::Tls(TlsFault::Tls11Only));
    let failure = failure(&Client::new(trusting(&lab)).unwrap(), &lab.url());
    assert_eq!(failure.to_string(), format!("{} speaks neither TLS 1.2 nor TLS 1.3 as it is used here", lab.address()));
    assert!(!lab.saw(TOKEN.as_bytes()));
}

#[test]
fn a_handshake_without_an_answer_takes_no_longer_than_a_connection_may() {
    let lab = FailureLab::start(Fault::Tls(TlsFault::HandshakeSilent));
    let failure = failure(&Client::new(trusting(&lab).connect_timeout(Duration::from_millis(300))).unwrap(), &lab.url());
    assert_eq!((failure.kind(), failure.retry()), (FailureKind::ConnectTimeout, Retry::UntilDeadline));
    assert!(!lab.saw(TOKEN.as_bytes()));
}

#[test]
fn the_authorities_of_the_system_do_not_vouch_for_the_lab_and_its_own_do_not_for_another() {
    let (lab, other) = (FailureLab::start_tls(Fault::ok("{}")), FailureLab::start_tls(Fault::ok("{}")));
    for client in [client(), Client::new(trusting(&other)).unwrap()] {
        assert_eq!(failure(&client, &lab.url()).kind(), FailureKind::Tls);
    }
    assert_eq!(lab.requests(), 0);
}

#[test]
fn another_name_can_be_asked_for() {
    let lab = FailureLab::start(Fault::Tls(TlsFault::WrongHost));
    let client = Client::new(trusting(&lab).server_name("elsewhere.example")).unwrap();
    assert_eq!(get(&client, &lab.url()).unwrap().status, 200);
    let lab = FailureLab::start_tls(Fault::ok("{}"));
    let client = Client::new(trusting(&lab).server_name("elsewhere.example")).unwrap();
    assert!(failure(&client, &lab.url()).to_string().contains("is for another host"));
}

#[test]
fn verification_is_off_only_where_it_was_said() {
    for fault in [TlsFault::Expired, TlsFault::SelfSigned, TlsFault::WrongHost, TlsFault::Untrusted] {
        let lab = FailureLab::start(Fault::Tls(fault));
        let client = Client::new(ClientSettings::new().verify(false)).unwrap();
        assert_eq!(get(&client, &lab.url()).unwrap().status, 200, "{fault:?}");
    }
}

#[test]
fn a_client_shows_its_certificate_where_one_is_wanted() {
    let lab = FailureLab::start_mutual_tls(Fault::ok("{}"));
    let client = with_identity(&lab, lab.client_certificate_pem(), lab.client_key_pem()).unwrap();
    assert_eq!(get(&client, &lab.url()).unwrap().status, 200);

    let stranger = FailureLab::start_mutual_tls(Fault::ok("{}"));
    let of_another = with_identity(&lab, stranger.client_certificate_pem(), stranger.client_key_pem()).unwrap();
    for client in [Client::new(trusting(&lab)).unwrap(), of_another] {
        let failure = failure(&client, &lab.url());
        assert_eq!(failure.to_string(), format!("{} did not accept our client certificate, or wants one", lab.address()));
    }
    assert_eq!(lab.requests(), 1);
}

#[test]
fn certificates_and_keys_that_cannot_be_used_are_refused_at_once() {
    let lab = FailureLab::start_mutual_tls(Fault::ok("{}"));
    let other = FailureLab::start_mutual_tls(Fault::ok("{}"));
    let (certificate, key) = (lab.client_certificate_pem(), lab.client_key_pem());
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let damaged = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for (certificate, key, expected) in [
        ("", key, SettingsProblem::NoCertificate),
        (key, key, SettingsProblem::NoCertificate),
        (certificate, "", SettingsProblem::NoKey),
        (certificate, certificate, SettingsProblem::NoKey),
        (certificate, encrypted, SettingsProblem::EncryptedKey),
        (certificate, damaged, SettingsProblem::Key),
        (certificate, other.client_key_pem(), SettingsProblem::KeyMismatch),
    ] {
        assert_eq!(with_identity(&lab, certificate, key).unwrap_err(), expected);
    }
    let damaged = format!("{}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", lab.ca_pem());
    for (roots, expected) in [("", SettingsProblem::NoRoots), (key, SettingsProblem::NoRoots), (&damaged, SettingsProblem::Root(2))] {
        assert_eq!(Client::new(ClientSettings::new().roots(Roots::Only(roots.into()))).unwrap_err(), expected);
    }
    assert_eq!(Client::new(ClientSettings::new().server_name("not a name")).unwrap_err(), SettingsProblem::ServerName);
    let debug = format!("{:?}", trusting(&lab).identity(Identity::from_pem(certificate, Zeroizing::new(key.into()))));
    assert!(!debug.contains("BEGIN"), "{debug}");
}

#[test]
fn f10_a_part_is_never_taken_for_the_whole() {
    for (fault, expected) in [
        (Fault::Truncated, FailureKind::Truncated),
        (Fault::ChunkedTruncated, FailureKind::Truncated),
        (Fault::ResetMidBody, FailureKind::Truncated),
    ] {
        let name = format!("{fault:?}");
        let lab = FailureLab::start_tls(fault);
        let kind = failure(&Client::new(trusting(&lab)).unwrap(), &lab.url()).kind();
        let reset = name == "ResetMidBody" && kind == FailureKind::Reset;
        assert!(kind == expected || reset, "{name}: {kind:?}");
    }
}

#[test]
fn a_key_of_an_elliptic_curve_is_read_in_its_older_form_too() {
    let lab = FailureLab::start_mutual_tls(Fault::ok("{}"));
    let newer = PrivatePkcs8KeyDer::from_pem_slice(lab.client_key_pem().as_bytes()).unwrap();
    // PKCS#8 is a header around the older form: version, algorithm, and an octet string that holds it.
    let der = newer.secret_pkcs8_der();
    let at = der.windows(4).skip(4).position(|window| window[0] == 0x04 && window[2] == 0x30 && window[3] < 0x80).unwrap() + 4;
    let older =
        format!("-----BEGIN EC PRIVATE KEY-----\n{}\n-----END EC PRIVATE KEY-----\n", base64(&der[at + 2..][..usize::from(der[at + 1])]));
    let client = with_identity(&lab, lab.client_certificate_pem(), &older).unwrap();
    assert_eq!(get(&client, &lab.url()).unwrap().status, 200);
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let number = part.iter().chain([&0; 2]).take(3).fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
        for digit in 0..4 {
            let shown = digit <= part.len();
            text.push(if shown { char::from(DIGITS[number >> (18 - 6 * digit) & 63]) } else { '=' });
        }
    }
    text
}

#[test]
fn tls_and_plain_http_do_not_meet() {
    let plain = Watch::start(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(failure(&client(), &plain.url().replace("http", "https")).to_string(), format!("{} does not speak TLS", plain.address));
    assert!(!plain.read.recv_timeout(PATIENCE).unwrap().windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes()));
}
