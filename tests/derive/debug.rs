//! The derived `Debug`, and `no_debug`.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use configcheck::{AppConfig, Secret};
use url::Url;

use crate::load;

/// Has no `Debug`.
struct Opaque;

impl std::str::FromStr for Opaque {
    type Err = ();

    fn from_str(_: &str) -> Result<Self, ()> {
        Ok(Self)
    }
}

/// Shows its text.
#[derive(Debug)]
struct Wrapped(String);

impl std::str::FromStr for Wrapped {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(Self(text.to_owned()))
    }
}

#[derive(AppConfig)]
struct Settings {
    port: u16,
    key: Secret<String>,
    maybe: Option<Secret<Url>>,
    keys: Vec<Secret<String>>,
    #[config(secret)]
    pin: u16,
    link: Url,
    text: String,
    links: Vec<Url>,
    by_name: BTreeMap<String, String>,
    absent: Option<String>,
    wrapped: Wrapped,
    opaque: Opaque,
    path: PathBuf,
    paths: Option<Vec<PathBuf>>,
    wraps: Vec<Wrapped>,
    wraps_by_name: HashMap<String, Wrapped>,
    maybe_wrapped: Option<Wrapped>,
    opaques: Vec<Opaque>,
    #[config(nested)]
    inner: Inner,
}

#[derive(AppConfig)]
struct Inner {
    token: Secret<String>,
    size: Option<u8>,
}

const URL: &str = "postgres://user:not-a-real-password@host/db";

const VARIABLES: [(&str, &str); 19] = [
    ("PORT", "80"),
    ("KEY", "not-a-real-key"),
    ("MAYBE", URL),
    ("KEYS", "not-a-real-key,not-a-real-key"),
    ("PIN", "4711"),
    ("LINK", URL),
    ("TEXT", URL),
    ("LINKS", URL),
    ("BY_NAME", "main=postgres://user:not-a-real-password@host/db"),
    ("WRAPPED", URL),
    ("OPAQUE", "any"),
    ("PATH", URL),
    ("PATHS", URL),
    ("WRAPS", URL),
    ("WRAPS_BY_NAME", "main=postgres://user:not-a-real-password@host/db"),
    ("MAYBE_WRAPPED", URL),
    ("OPAQUES", "a,b"),
    ("INNER_TOKEN", "not-a-real-token"),
    ("INNER_SIZE", "5"),
];

#[test]
fn secrets_are_not_shown_and_the_rest_is() {
    let settings: Settings = load(&VARIABLES);
    let (short, long) = (format!("{settings:?}"), format!("{settings:#?}"));
    for text in [&short, &long] {
        assert!(!text.contains("not-a-real") && !text.contains("4711") && !text.contains("user"), "{text}");
        for shown in ["port: 80", "key: Secret(…)", "pin: Secret(…)", "absent: None", "***@host/db", "Opaque"] {
            assert!(text.contains(shown), "{shown} in {text}");
        }
    }
    assert!(
        short.contains("links: [\"postgres://***@host/db\"]") && short.contains("by_name: {\"main\": \"postgres://***@host/db\"}"),
        "{short}"
    );
    for shown in [
        "path: \"postgres://***@host/db\"",
        "paths: Some([\"postgres://***@host/db\"])",
        "wraps: [Wrapped(\"postgres://***@host/db\")]",
        "wraps_by_name: {\"main\": Wrapped(\"postgres://***@host/db\")}",
        "maybe_wrapped: Some(Wrapped(\"postgres://***@host/db\"))",
    ] {
        assert!(short.contains(shown), "{shown} in {short}");
    }
    assert!(short.contains("inner: Inner { token: Secret(…), size: Some(5) }"), "{short}");
    assert!(long.lines().count() > 13, "{long}");
}

#[test]
fn control_characters_are_escaped() {
    let variables: Vec<_> = VARIABLES.iter().map(|(name, value)| (*name, if *name == "TEXT" { "a\u{1b}[31m" } else { value })).collect();
    let text = format!("{:?}", load::<Settings>(&variables));
    assert!(text.contains("a\\u{1b}[31m"), "{text}");
}

#[derive(AppConfig, Debug)]
#[config(no_debug)]
struct Own {
    port: u16,
    key: Secret<String>,
}

#[test]
fn with_no_debug_the_service_has_its_own() {
    assert_eq!(format!("{:?}", load::<Own>(&[("PORT", "1"), ("KEY", "not-a-real-key")])), "Own { port: 1, key: Secret(…) }");
}
