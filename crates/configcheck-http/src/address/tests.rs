//! Addresses: what is accepted and how it is written back, and every refusal.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

const ALL: Reach = Reach { plain_http: true, link_local: true };

#[test]
fn addresses_are_written_back_without_what_is_usual() {
    for (text, written, host, port) in [
        ("https://vault.internal", "https://vault.internal", "vault.internal", 443),
        ("https://Vault.Internal:8200/", "https://vault.internal:8200", "vault.internal", 8200),
        ("https://vault.internal.:8200", "https://vault.internal.:8200", "vault.internal.", 8200),
        ("http://127.0.0.1:8200", "http://127.0.0.1:8200", "127.0.0.1", 8200),
        ("http://[::1]:8200/base/path/", "http://[::1]:8200/base/path", "::1", 8200),
        ("http://[::1]", "http://[::1]", "::1", 80),
        ("http://localhost", "http://localhost", "localhost", 80),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example", "xn--bcher-kva.example", 443),
        ("https://vault_0.vault.svc", "https://vault_0.vault.svc", "vault_0.vault.svc", 443),
    ] {
        let address = Address::parse(text, Reach::default()).unwrap();
        assert_eq!((address.to_string().as_str(), address.host().as_str(), address.port()), (written, host, port), "{text}");
    }
}

#[test]
fn what_is_no_address_of_a_server_is_refused() {
    use AddressProblem::{Empty, Host, NoScheme, Path, Port, Query, Scheme, Userinfo};
    for (text, problem) in [
        ("", Empty),
        ("vault.internal:8200", NoScheme),
        ("file:///etc/passwd", Scheme),
        ("ftp://vault.internal", Scheme),
        ("HTTPS://vault.internal", Scheme),
        (" https://vault.internal", Scheme),
        ("gopher://127.0.0.1", Scheme),
        ("https://user:hunter2-fake@vault.internal", Userinfo),
        ("https://hunter2-fake@vault.internal", Userinfo),
        ("https://user:hunter2/fake@vault.internal", Userinfo),
        ("https://vault.internal\\@127.0.0.1", Userinfo),
        ("https://vault.internal:", Port),
        ("https://vault.internal:0", Port),
        ("https://vault.internal:65536", Port),
        ("https://vault.internal:+80", Port),
        ("https://", Host),
        ("https://:8200", Host),
        ("https://[::1", Host),
        ("https://[::1]8200", Host),
        ("https://[fe80::1%25eth0]", Host),
        ("https://vault internal", Host),
        ("https://vault\u{0}.internal", Host),
        ("https://väult.internal", Host),
        ("https://vault%2einternal", Host),
        ("https://-vault.internal", Host),
        ("https://vault..internal", Host),
        ("https://2130706433", Host),
        ("https://0x7f.1", Host),
        ("https://127.1", Host),
        ("https://127.0.0.1.", Host),
        ("https://169.254.43518", Host),
        ("https://0251.0376.0251.0376", Host),
        ("https://vault.internal/../x", Path),
        ("https://vault.internal/%2e%2e/x", Path),
        ("https://vault.internal/a b", Path),
        ("https://vault.internal/a//b", Path),
        ("https://vault.internal\r\nx: y", Host),
        ("https://vault.internal?x=y", Query),
        ("https://vault.internal/v1#x", Query),
    ] {
        let refused = Address::parse(text, ALL).unwrap_err();
        assert_eq!(refused, problem, "{text}");
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
        assert!(!refused.help().is_empty());
    }
}

#[test]
fn plain_http_stays_on_this_machine_unless_it_is_allowed() {
    let plain = Reach { plain_http: true, ..Reach::default() };
    for text in ["http://vault.internal", "http://10.0.0.1:8200", "http://0.0.0.0", "http://localhost.example", "http://[fd00::1]"] {
        assert!(matches!(Address::parse(text, Reach::default()), Err(AddressProblem::InTheClear(_))), "{text}");
        assert!(Address::parse(text, plain).is_ok(), "{text}");
    }
    for text in ["http://127.3.2.1", "http://[::1]", "http://[::ffff:127.0.0.1]", "http://localhost:8200"] {
        assert!(Address::parse(text, Reach::default()).is_ok(), "{text}");
    }
}

#[test]
fn link_local_addresses_are_refused_unless_they_are_allowed() {
    let link_local = Reach { link_local: true, ..Reach::default() };
    for text in
        ["http://169.254.169.254", "https://169.254.170.2/v2", "http://[fe80::1]", "http://[fd00:ec2::254]", "http://[::ffff:a9fe:a9fe]"]
    {
        for reach in [Reach::default(), Reach { plain_http: true, ..Reach::default() }] {
            assert!(matches!(Address::parse(text, reach), Err(AddressProblem::LinkLocal(_))), "{text}");
        }
        assert!(Address::parse(text, link_local).is_ok(), "{text}");
    }
    // Only they: the rest of the world stays out of reach of plain http.
    assert!(Address::parse("http://10.0.0.1", link_local).is_err());
}

#[test]
fn what_a_name_stands_for_is_held_to_the_same() {
    let https = Address::parse("https://vault.internal", Reach::default()).unwrap();
    let link_local: IpAddr = "169.254.169.254".parse().unwrap();
    assert!(matches!(https.may_lead_to(link_local, Reach::default()), Err(AddressProblem::NameOfLinkLocal(_))));
    assert!(https.may_lead_to(link_local, ALL).is_ok());
    assert!(https.may_lead_to("10.0.0.1".parse().unwrap(), Reach::default()).is_ok());
    let localhost = Address::parse("http://localhost", Reach::default()).unwrap();
    assert!(matches!(localhost.may_lead_to("10.0.0.1".parse().unwrap(), Reach::default()), Err(AddressProblem::InTheClear(_))));
    assert!(localhost.may_lead_to("::1".parse().unwrap(), Reach::default()).is_ok());
}

#[test]
fn paths_are_put_behind_the_base_path() {
    let address = Address::parse("https://gateway.example/vault/", Reach::default()).unwrap();
    assert_eq!(address.join("/v1/kv?list=true"), "https://gateway.example/vault/v1/kv?list=true");
    assert_eq!(address.base_path(), "/vault");
    assert_eq!(address.authority(), "gateway.example");
    assert_eq!(Address::parse("http://[::1]:8200", Reach::default()).unwrap().authority(), "[::1]:8200");
}
