//! Fields of `serde::Deserialize` types: directed by what the type asks for.

use configcheck::{AppConfig, ExposeSecret, Secret};
use serde::Deserialize;

use crate::{findings, load, load_toml, said};

#[derive(Deserialize, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Fast,
    VerySafe,
    Custom(u8),
    Range { from: u8 },
}

#[derive(Deserialize, Debug, PartialEq)]
struct Limits {
    burst: u16,
    names: Vec<String>,
    note: Option<String>,
    #[serde(default)]
    strict: bool,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Meters(f64);

#[derive(Deserialize, Debug, PartialEq)]
struct Pair(u8, String);

/// Does not say what it wants.
#[derive(Deserialize, Debug, PartialEq)]
#[serde(untagged)]
enum Any {
    Number(u16),
    Text(String),
}

#[derive(AppConfig)]
struct Settings {
    mode: Mode,
    limits: Option<Limits>,
    width: Option<Meters>,
    pair: Option<Pair>,
    modes: Option<Vec<Mode>>,
    any: Option<Any>,
    hidden: Option<Secret<Mode>>,
}

#[test]
fn a_type_gets_what_it_asks_for() {
    let loaded: Settings = load(&[
        ("MODE", "very_safe"),
        ("WIDTH", "1.5"),
        ("PAIR", "7, seven"),
        ("MODES", "fast,very_safe"),
        ("ANY", "0123"),
        ("HIDDEN", "fast"),
    ]);
    assert_eq!((loaded.mode, loaded.width), (Mode::VerySafe, Some(Meters(1.5))));
    assert_eq!((loaded.pair, loaded.modes), (Some(Pair(7, "seven".to_owned())), Some(vec![Mode::Fast, Mode::VerySafe])));
    assert_eq!(loaded.any, Some(Any::Text("0123".to_owned())), "text stays text");
    assert_eq!(loaded.hidden.map(|mode| *mode.expose_secret() == Mode::Fast), Some(true));
}

#[test]
fn tables_and_lists_of_a_file_fill_structs_and_variants() {
    let text =
        "mode = { custom = \"5\" }\nmodes = [\"fast\", { range = { from = 2 } }]\n[limits]\nburst = 9\nnames = [\"a,b\"]\nstrict = true\n";
    let loaded: Settings = load_toml(text);
    assert_eq!(loaded.mode, Mode::Custom(5));
    assert_eq!(loaded.modes, Some(vec![Mode::Fast, Mode::Range { from: 2 }]));
    let expected = Limits { burst: 9, names: vec!["a,b".to_owned()], note: None, strict: true };
    assert_eq!(loaded.limits, Some(expected));
}

#[test]
fn what_does_not_fit_is_a_finding_without_the_text() {
    let bad = [
        ("MODE", "fsat"),
        ("WIDTH", "1m"),
        ("PAIR", "1,2,3"),
        ("LIMITS", "burst=1"),
        ("MODES", "fast,slow"),
        ("HIDDEN", "not-a-real-mode"),
    ];
    let expected: Vec<String> =
        ["MODE", "LIMITS", "WIDTH", "PAIR", "MODES", "HIDDEN"].iter().map(|name| format!("invalid-value {name}")).collect();
    assert_eq!(findings::<Settings>(&bad), expected);
    let said = said::<Settings>(&bad);
    assert!(said.contains("very_safe") && said.contains("fast"), "{said}");
    assert!(!said.contains("not-a-real-mode"), "{said}");
}
