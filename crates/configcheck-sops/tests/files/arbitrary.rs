//! Arbitrary documents: whatever the real sops encrypts and decrypts, we decrypt to the same.

use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::real::{decrypted_by_sops, read, texts, try_encrypt};

/// What sops encrypts, we read as sops does, and refuse where sops itself cannot read it back.
fn agrees(name: &str, text: &str, rule: &[&str]) -> Result<bool, TestCaseError> {
    let Some(encrypted) = try_encrypt(name, text.as_bytes(), rule) else { return Ok(false) };
    match decrypted_by_sops(name, &encrypted) {
        Some(expected) => {
            let outcome = read(name, &encrypted);
            prop_assert!(outcome.reason().is_none(), "{:?}\n{}\n{}", outcome, text, encrypted);
            prop_assert_eq!(texts(&outcome), expected, "{}\n{}", text, encrypted);
        }
        None => prop_assert!(read(name, &encrypted).reason().is_some(), "{}\n{}", text, encrypted),
    }
    Ok(true)
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z][a-zA-Z0-9_]{0,8}",
        1 => "[a-z]{1,4}_unencrypted",
        1 => "[^\\p{C}.\u{2028}\u{2029}\u{fffd}]{1,10}",
        1 => prop::sample::select(vec!["yes", "null", "1", "true", "- a", "a: b", "#", "1e3", "=", "2024-01-02"]).prop_map(str::to_owned),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -~]{0,20}",
        2 => "[^\u{fffd}]{0,12}",
        1 => "([a-z #:'\"-]{0,8}\n){1,4}[a-z ]{0,4}",
        1 => prop::sample::select(vec!["true", "null", "~", "1", "1.0", "0x1f", "2024-01-02", "", " ", "ENC[x]", "#", "- a", "a: b", "|"]).prop_map(str::to_owned),
    ]
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        5 => text().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => (-1000..1000_i64).prop_map(Value::from),
        2 => any::<f64>().prop_map(Value::from),
        // In the middle between two shortest texts.
        1 => (0..u32::MAX).prop_map(|number| Value::from(1_125_899_906_842_624.0 + f64::from(number) + 0.25)),
        1 => (-100.0..100.0_f64).prop_map(|number| Value::from((number * 100.0).round() / 100.0)),
        1 => Just(Value::Null),
    ];
    let node = leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key(), inner, 0..5).prop_map(|members| Value::from(Map::from_iter(members))),
        ]
    });
    prop::collection::btree_map(key(), node, 1..6).prop_map(|members| Value::from(Map::from_iter(members)))
}

fn rule() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::select(vec![
        vec![],
        vec![],
        vec!["encrypted_regex: '^[a-m]'"],
        vec!["unencrypted_regex: '[0-9]'"],
        vec!["encrypted_suffix: a"],
        vec!["mac_only_encrypted: true"],
        vec!["encrypted_regex: e", "mac_only_encrypted: true"],
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents(document in document(), rule in rule()) {
        let text = document.to_string();
        agrees("s.json", &text, &rule)?;
        agrees("s.yaml", &text, &rule)?;
    }

    #[test]
    fn yaml_values_without_quotes(
        values in prop::collection::vec(prop_oneof![
            "[-+]?[0-9_.]{1,6}([eE][-+]?[0-9]{1,3})?",
            "[-+]?0[xXoObB]?[0-9a-fA-F_]{1,6}",
            "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\\.[0-9]{1,10})?(Z|[-+][0-9]{2}:[0-9]{2})?)?",
            "[-+]?(inf|nan|true|True|yes|null|Null|~|y|N|on|=|<)",
            "[a-zA-Z0-9+.=_/-]{1,8}",
        ], 1..6),
    ) {
        for suffix in ["", "_unencrypted"] {
            let text: String = values.iter().enumerate().map(|(number, value)| format!("k{number}{suffix}: {value}\n")).collect();
            agrees("s.yaml", &text, &[])?;
        }
    }

    #[test]
    fn dotenv_files(rows in prop::collection::vec(("[A-Za-z_]{1,8}", "[^\n\r\u{fffd}]{0,20}"), 1..6), suffix in "(_unencrypted)?") {
        let rows: std::collections::BTreeMap<_, _> = rows.into_iter().collect();
        let text: String = rows.iter().map(|(key, value)| format!("{key}{suffix}={value}\n")).collect();
        agrees("s.env", &text, &[])?;
    }

    #[test]
    fn ini_files(rows in prop::collection::btree_map("[a-e]( d)?", ("[a-zA-Z_.]{1,8}", "[ -~ü]{0,16}"), 1..6), suffix in "(_unencrypted)?") {
        let text: String = rows.iter().map(|(section, (key, value))| format!("[{section}]\n{key}{suffix} = {value}\n")).collect();
        agrees("s.ini", &text, &[])?;
    }
}
