//! `requires`, `conflicts`, `one_of`.

use configcheck::AppConfig;

use crate::{findings, load};

#[derive(AppConfig)]
struct Tls {
    #[config(requires = "key_file")]
    cert_file: Option<String>,
    key_file: Option<String>,
    #[config(conflicts("cert_file", "key_file"))]
    plain: Option<bool>,
}

#[test]
fn requires_demands_another_field() {
    assert_eq!(findings::<Tls>(&[]), [""; 0]);
    assert_eq!(findings::<Tls>(&[("CERT_FILE", "a")]), ["requires CERT_FILE"]);
    assert_eq!(load::<Tls>(&[("CERT_FILE", "a"), ("KEY_FILE", "b")]).key_file.as_deref(), Some("b"));
}

#[test]
fn conflicts_excludes_another_field() {
    assert_eq!(load::<Tls>(&[("PLAIN", "true")]).plain, Some(true));
    let found = findings::<Tls>(&[("PLAIN", "true"), ("CERT_FILE", "a"), ("KEY_FILE", "b")]);
    assert!(!found.is_empty() && found.iter().all(|finding| finding.starts_with("conflicting-keys")), "{found:?}");
}

#[derive(AppConfig)]
struct Login {
    #[config(one_of = "login")]
    login_file: Option<String>,
    #[config(one_of = "login")]
    login_url: Option<String>,
}

#[test]
fn one_of_wants_exactly_one() {
    assert_eq!(load::<Login>(&[("LOGIN_URL", "u")]).login_url.as_deref(), Some("u"));
    for variables in [&[][..], &[("LOGIN_URL", "u"), ("LOGIN_FILE", "f")]] {
        assert_eq!(findings::<Login>(variables).len(), 1, "{variables:?}");
    }
}
