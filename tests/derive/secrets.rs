//! `Secret<T>`, `secret`, `public`, `from`.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};

use configcheck::{AppConfig, ConfigValue, ExposeSecret, Secret, Secret as S};
use configcheck_core::schema::Sensitivity;
use url::Url;

use crate::{findings, load, load_toml, said, spec};

#[derive(AppConfig)]
struct Shapes {
    text: Secret<String>,
    address: Secret<Url>,
    path: Secret<PathBuf>,
    bytes: Secret<Vec<u8>>,
    number: Secret<u64>,
    parsed: Secret<std::net::Ipv4Addr>,
    listed: Secret<Vec<String>>,
    list: Vec<Secret<String>>,
    optional: Option<Secret<String>>,
    absent: Option<Secret<u8>>,
}

const SHAPES: [(&str, &str); 9] = [
    ("TEXT", " not a real key "),
    ("ADDRESS", "postgres://user:not-real@host/db"),
    ("PATH", "/run/not/real"),
    ("BYTES", "1,2"),
    ("NUMBER", "42"),
    ("PARSED", "127.0.0.1"),
    ("LISTED", "a,b"),
    ("LIST", "c,d"),
    ("OPTIONAL", "e"),
];

#[test]
fn secrets_of_many_types_are_read() {
    let loaded: Shapes = load(&SHAPES);
    assert_eq!(loaded.text.expose_secret(), " not a real key ");
    assert_eq!(loaded.address.expose_secret().host_str(), Some("host"));
    assert_eq!(loaded.path.expose_secret().to_str(), Some("/run/not/real"));
    assert_eq!(loaded.bytes.expose_secret(), b"1,2");
    assert_eq!(*loaded.number.expose_secret(), 42);
    assert!(loaded.parsed.expose_secret().is_loopback());
    assert_eq!(loaded.listed.expose_secret(), &["a", "b"]);
    assert_eq!(loaded.list.iter().map(ExposeSecret::expose_secret).collect::<Vec<_>>(), ["c", "d"]);
    assert_eq!(loaded.optional.map(|secret| secret.expose_secret().clone()).as_deref(), Some("e"));
    assert!(loaded.absent.is_none());
}

#[test]
fn every_shape_is_secret_in_the_schema() {
    for key in Shapes::schema().keys() {
        assert_eq!(key.spec.sensitivity, Sensitivity::Secret, "{}", key.variable);
    }
    assert_eq!(spec::<Shapes>("LISTED").rust_type, "Vec<String>");
}

#[derive(AppConfig)]
struct Marked {
    #[config(secret)]
    pin: u16,
    #[config(public)]
    csrf_token: String,
    plain: u16,
}

#[test]
fn words_decide_what_may_be_shown() {
    assert_eq!(spec::<Marked>("PIN").sensitivity, Sensitivity::Secret);
    assert_eq!(spec::<Marked>("CSRF_TOKEN").sensitivity, Sensitivity::Public);
    assert_eq!(spec::<Marked>("PLAIN").sensitivity, Sensitivity::Plain);
    let bad = [("PIN", "not-a-real-pin"), ("CSRF_TOKEN", "t"), ("PLAIN", "plainly-wrong")];
    assert_eq!(findings::<Marked>(&bad), ["invalid-value PIN", "invalid-value PLAIN"]);
    assert!(!said::<Marked>(&bad).contains("not-a-real-pin"));
}

#[derive(AppConfig)]
struct Referring {
    #[config(from("vault:secret/data/app#key", "file:/nowhere/key"))]
    key: Option<String>,
}

#[test]
fn from_names_references_in_order() {
    assert_eq!(spec::<Referring>("KEY").from, ["vault:secret/data/app#key", "file:/nowhere/key"]);
    assert_eq!(load::<Referring>(&[("KEY", "given")]).key.as_deref(), Some("given"));
}

#[derive(AppConfig)]
struct FromFile {
    keys: Vec<Secret<String>>,
}

#[test]
fn secrets_of_a_list_come_from_a_file_too() {
    let loaded: FromFile = load_toml("keys = [\"not, real\", \"b\"]");
    assert_eq!(loaded.keys.iter().map(|key| key.expose_secret().as_str()).collect::<Vec<_>>(), ["not, real", "b"]);
}

static GIVEN_BACK: AtomicUsize = AtomicUsize::new(0);

/// Gives its buffer back, as `url::Url` does.
struct Buffered(String);

impl FromStr for Buffered {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl From<Buffered> for String {
    fn from(buffered: Buffered) -> Self {
        GIVEN_BACK.fetch_add(1, Ordering::Relaxed);
        buffered.0
    }
}

/// Gives nothing back.
struct Kept(u8);

impl FromStr for Kept {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.bytes().next().unwrap_or_default()))
    }
}

#[derive(AppConfig)]
struct OwnTypes {
    buffered: Secret<Buffered>,
    kept: Option<Secret<Kept>>,
}

#[test]
fn a_type_that_gives_its_buffer_back_is_wiped_through_it() {
    let loaded: OwnTypes = load(&[("BUFFERED", "not-a-real-key"), ("KEPT", "k")]);
    assert_eq!(loaded.buffered.expose_secret().0, "not-a-real-key");
    assert_eq!(loaded.kept.as_ref().map(|kept| kept.expose_secret().0), Some(b'k'));
    drop(loaded);
    assert_eq!(GIVEN_BACK.load(Ordering::Relaxed), 1);
}

type Pw = Secret<u16>;
type Pws = Vec<Secret<String>>;
type ByName = std::collections::BTreeMap<String, Pw>;

/// A secret inside a type of its own.
#[derive(ConfigValue, Debug)]
struct Wrapped(#[allow(dead_code, reason = "only its `Debug` is of interest")] S<u16>);

/// Says itself that it is a secret, and has a `Debug` that shows it.
#[derive(Debug)]
struct Own(#[allow(dead_code, reason = "only its `Debug` is of interest")] String);

impl ConfigValue for Own {
    const TYPE: configcheck_core::schema::TypeSpec = configcheck_core::schema::TypeSpec::Text;
    const IS_SECRET: bool = true;

    fn from_input(input: configcheck_core::from_value::Input<'_>) -> Result<Self, configcheck_core::from_value::Mismatch> {
        input.text().map(|text| Self(text.to_owned()))
    }
}

#[derive(AppConfig)]
struct Aliased {
    alias: Pw,
    renamed: S<u16>,
    maybe: Option<Pw>,
    listed: Vec<Pw>,
    mapped: std::collections::BTreeMap<String, S<u16>>,
    list: Pws,
    map: ByName,
    wrapped: Wrapped,
    own: Own,
    owns: Vec<Own>,
    #[config(public)]
    shown: Pw,
    #[config(with = kept)]
    by_hand: S<Kept>,
}

fn kept(text: &str) -> Result<S<Kept>, Infallible> {
    text.parse().map(Secret::new)
}

const ALIASED: [(&str, &str); 12] = [
    ("ALIAS", "4711"),
    ("RENAMED", "4711"),
    ("MAYBE", "4711"),
    ("LISTED", "4711,4711"),
    ("MAPPED", "a=4711"),
    ("LIST", "x4711"),
    ("MAP", "a=4711"),
    ("WRAPPED", "4711"),
    ("OWN", "4711"),
    ("OWNS", "4711"),
    ("SHOWN", "4711"),
    ("BY_HAND", "4711"),
];

#[test]
fn a_secret_of_another_name_is_a_secret() {
    for key in Aliased::schema().keys() {
        assert_eq!(key.spec.sensitivity, Sensitivity::Secret, "{}", key.variable);
    }
    let loaded: Aliased = load(&ALIASED);
    assert_eq!((*loaded.alias.expose_secret(), *loaded.renamed.expose_secret(), loaded.listed.len()), (4711, 4711, 2));
    assert_eq!((loaded.list.len(), loaded.map.len(), loaded.mapped.len()), (1, 1, 1));
    assert!(loaded.maybe.is_some() && *loaded.shown.expose_secret() == 4711 && loaded.by_hand.expose_secret().0 == b'4');
    let text = format!("{loaded:?} {loaded:#?}");
    assert!(!text.contains("4711") && text.contains("alias: Secret(…)"), "{text}");
    let bad = ALIASED.map(|(name, _)| (name, "not-a-real-pin"));
    assert!(!said::<Aliased>(&bad).contains("not-a-real-pin"));
}
