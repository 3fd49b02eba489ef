//! Z4: the readers of config files, of encrypted files and of policies, beside independent readers where there are some.

use configcheck_core::SecretRef;
use configcheck_policy::{Needs, Unread, iam, kubernetes, vault};
use serde_json::Value;

use crate::document::{Entry, Node as SopsNode};
use crate::formats::{Format, FormatError, Node, NodeKind, parse};
use crate::{pieces, sops};
use grammars::{HCL, IAM, INI, JSON, RBAC, TOML, YAML};

mod grammars;

const SOPS: [sops::Format; 4] = [sops::Format::Json, sops::Format::Yaml, sops::Format::Ini, sops::Format::Dotenv];

/// A reader refuses what is deeper.
const DEEPEST: usize = 64;

pub(crate) fn check(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    // A capital letter takes the bytes as they stand, as files of the corpus do; a small one makes pieces of the grammar of them.
    let read = |pieces| if kind.is_ascii_uppercase() { rest.to_vec() } else { pieces::joined(rest, pieces) };
    match kind.to_ascii_lowercase() {
        b'j' => check_json(&read(JSON)),
        b't' => check_toml(&read(TOML)),
        b'y' => check_yaml(&read(YAML)),
        b'i' => check_sops(&String::from_utf8_lossy(&read(INI))),
        b'h' => check_vault(&String::from_utf8_lossy(&read(HCL))),
        b'a' => check_iam(&String::from_utf8_lossy(&read(IAM))),
        b'k' => check_kubernetes(&String::from_utf8_lossy(&read(RBAC))),
        _ => [Format::Json, Format::Toml, Format::Yaml].into_iter().for_each(|format| drop(parsed(format, rest))),
    }
}

/// What a reader makes of a file. Its places are in the file.
fn parsed(format: Format, bytes: &[u8]) -> Result<Node, FormatError> {
    let read = parse(format, bytes);
    match &read {
        Ok(node) => check_node(node, bytes, 0),
        Err(error) => {
            let lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).count();
            assert!((1..=lines).contains(&(error.line as usize)), "{}: an error has a line of the file: {error:?}", format.name());
            assert!((1..=bytes.len() + 1).contains(&(error.column as usize)), "{}: an error has a column: {error:?}", format.name());
            assert!(parse(format, bytes).is_err_and(|again| again == *error), "{}: a second reading is the same", format.name());
        }
    }
    read
}

fn check_node(node: &Node, bytes: &[u8], depth: usize) {
    assert!(depth <= DEEPEST, "a tree is not deeper than is allowed");
    let (start, end) = (node.span.start as usize, node.span.end as usize);
    assert!(start <= end && end <= bytes.len(), "a place is in the file: {start}..{end} of {}", bytes.len());
    let text = std::str::from_utf8(bytes).unwrap_or_else(|_| panic!("only text is read"));
    assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "a place parts no character");
    match &node.kind {
        NodeKind::Null | NodeKind::Scalar(_) => {}
        NodeKind::List(items) => items.iter().for_each(|item| check_node(item, bytes, depth + 1)),
        NodeKind::Table(rows) => {
            for (_, span, row) in rows {
                assert!(span.start <= span.end && span.end as usize <= bytes.len(), "the place of a key is in the file");
                check_node(row, bytes, depth + 1);
            }
        }
    }
}

/// Our JSON is that of `serde_json`, but for what [`json_differs`] names; sops' JSON is the same, and JSON is YAML.
fn check_json(bytes: &[u8]) {
    let ours = parsed(Format::Json, bytes);
    // An empty file is an empty table here, and a byte order mark is passed over.
    let body = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if body.iter().all(u8::is_ascii_whitespace) {
        return assert!(ours.is_ok(), "an empty file is read");
    }
    let theirs = serde_json::from_slice::<Value>(body);
    match (&ours, &theirs) {
        (Ok(node), Ok(value)) => assert!(agrees(node, value), "JSON is read as serde_json reads it: {value}"),
        (Ok(_), Err(error)) => assert!(error.to_string().contains("out of range"), "serde_json refuses what is read here: {error}"),
        (Err(error), Ok(value)) => assert!(json_differs(error), "serde_json reads what is refused here: {error:?} {value}"),
        (Err(_), Err(_)) => {}
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    check_sops(text);
    let encrypted = sops::Format::Json.read(text);
    if let (Ok(Node { kind: NodeKind::Table(rows), .. }), Ok(entries)) = (&ours, &encrypted) {
        assert!(same_keys(rows, entries), "sops' reader finds the same keys");
    }
    if let Ok(node) = &ours
        && encrypted.is_ok()
        && is_yaml_too(text)
    {
        let yaml = parsed(Format::Yaml, bytes).unwrap_or_else(|error| panic!("JSON is YAML: {error:?} {text:?}"));
        assert!(same(node, &yaml), "JSON is read alike as YAML: {text:?}");
    }
}

/// What is refused here on purpose, and read by `serde_json`: keys that stand twice, and what is deeper or more than a config file may be.
fn json_differs(error: &FormatError) -> bool {
    error.message.contains("second time") || error.message.contains("deeper") || error.message.contains("more than 100,000")
}

/// Whether a JSON text means the same in YAML: no tabs, no control characters, a blank behind each colon, and no halves of surrogate pairs.
fn is_yaml_too(text: &str) -> bool {
    let plain = |letter: char| {
        letter == '\n' || (!letter.is_control() && !matches!(letter, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}'))
    };
    text.chars().all(plain) && !text.contains("\\u") && !text.contains('\n') && text.len() < 1_000
}

fn agrees(node: &Node, value: &Value) -> bool {
    match (&node.kind, value) {
        (NodeKind::Null, Value::Null) => true,
        (NodeKind::Scalar(text), Value::String(value)) => text.text() == Some(value),
        (NodeKind::Scalar(text), Value::Bool(value)) => text.text() == Some(if *value { "true" } else { "false" }),
        (NodeKind::Scalar(text), Value::Number(value)) => {
            // serde_json reads floats to the last digit but one.
            let close = |text: &str, value: f64| text.parse().is_ok_and(|float: f64| (float - value).abs() <= value.abs() * 1e-12);
            text.text().is_some_and(|text| text == value.to_string() || value.as_f64().is_some_and(|value| close(text, value)))
        }
        (NodeKind::List(items), Value::Array(values)) => {
            items.len() == values.len() && items.iter().zip(values).all(|(item, value)| agrees(item, value))
        }
        (NodeKind::Table(rows), Value::Object(values)) => {
            rows.len() == values.len() && rows.iter().all(|(key, _, row)| values.get(key).is_some_and(|value| agrees(row, value)))
        }
        _ => false,
    }
}

fn same(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        // A file that holds nothing is an empty table in YAML.
        (NodeKind::Null, NodeKind::Null) => true,
        (NodeKind::Null, NodeKind::Table(rows)) => rows.is_empty(),
        (NodeKind::Scalar(one), NodeKind::Scalar(other)) => one.text() == other.text(),
        (NodeKind::List(one), NodeKind::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (NodeKind::Table(one), NodeKind::Table(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.0 == other.0 && same(&one.2, &other.2))
        }
        _ => false,
    }
}

fn same_keys(rows: &[(String, configcheck_core::origin::Span, Node)], entries: &[Entry]) -> bool {
    rows.len() == entries.len()
        && rows.iter().zip(entries).all(|(row, entry)| {
            row.0 == entry.key
                && match (&row.2.kind, &entry.node) {
                    (NodeKind::Table(rows), SopsNode::Table(entries)) => same_keys(rows, entries),
                    (NodeKind::List(items), SopsNode::List(others)) => items.len() == others.len(),
                    (NodeKind::Null, SopsNode::Null) | (NodeKind::Scalar(_), SopsNode::Scalar(_)) => true,
                    _ => false,
                }
        })
}

/// Our TOML is that of the toml crate: what is put together of its parser's events is decided here.
fn check_toml(bytes: &[u8]) {
    let ours = parsed(Format::Toml, bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let theirs = toml::from_str::<toml::Table>(text);
    match (&ours, theirs) {
        (Ok(node), Ok(table)) => {
            assert!(agrees_with_toml(node, &toml::Value::Table(table)), "TOML is read as the toml crate reads it: {text:?}");
        }
        (Ok(_), Err(error)) => assert!(is_too_large_for_toml(&error), "the toml crate refuses what is read here: {text:?} {error}"),
        (Err(error), Ok(_)) => assert!(toml_differs(error), "the toml crate reads what is refused here: {text:?} {error:?}"),
        (Err(_), Err(_)) => {}
    }
}

/// What is refused here on purpose, and read by the toml crate: what is deeper or more than a config file may be.
fn toml_differs(error: &FormatError) -> bool {
    ["deeper", "more than 100,000", "more than 750,000"].iter().any(|words| error.message.contains(words))
}

/// Whole numbers beyond 64 bits, which a field's own type judges here.
fn is_too_large_for_toml(error: &toml::de::Error) -> bool {
    error.message().contains("overflow")
}

fn agrees_with_toml(node: &Node, value: &toml::Value) -> bool {
    match (&node.kind, value) {
        (NodeKind::Scalar(text), toml::Value::String(value)) => text.text() == Some(value),
        (NodeKind::Scalar(text), toml::Value::Integer(value)) => text.text() == Some(&value.to_string()),
        (NodeKind::Scalar(text), toml::Value::Boolean(value)) => text.text() == Some(&value.to_string()),
        (NodeKind::Scalar(text), toml::Value::Float(value)) => text.text().is_some_and(|text| {
            text.parse().is_ok_and(|float: f64| float.to_bits() == value.to_bits() || (float.is_nan() && value.is_nan()))
        }),
        (NodeKind::Scalar(_), toml::Value::Datetime(_)) => true,
        (NodeKind::List(items), toml::Value::Array(values)) => {
            items.len() == values.len() && items.iter().zip(values).all(|(item, value)| agrees_with_toml(item, value))
        }
        (NodeKind::Table(rows), toml::Value::Table(values)) => {
            rows.len() == values.len() && rows.iter().all(|(key, _, row)| values.get(key).is_some_and(|value| agrees_with_toml(row, value)))
        }
        _ => false,
    }
}

/// YAML has no other reader here that reads the same part of it; sops' reader is held to the same keys.
fn check_yaml(bytes: &[u8]) {
    drop(parsed(Format::Yaml, bytes));
    if let Ok(text) = std::str::from_utf8(bytes) {
        check_sops(text);
    }
}

/// The readers of encrypted files read or refuse, and the line that they name is one of the file.
fn check_sops(text: &str) {
    let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count();
    for format in SOPS {
        match format.read(text) {
            Ok(entries) => check_entries(&entries, lines, 0),
            Err(problem) => assert!((1..=lines + 1).contains(&problem.line), "a problem has a line of the file: {problem:?} of {lines}"),
        }
    }
}

fn check_entries(entries: &[Entry], lines: usize, depth: usize) {
    assert!(depth <= DEEPEST, "a tree is not deeper than is allowed");
    for entry in entries {
        assert!((1..=lines).contains(&entry.line), "a key stands on a line of the file: {} of {lines}", entry.line);
        check_entries(entry.node.as_table(), lines, depth + 1);
    }
}

fn needs(texts: &[&str]) -> Needs {
    let mut needs = Needs::default();
    for text in texts {
        let reference = SecretRef::parse(text).and_then(Result::ok).unwrap();
        needs.add(&reference, "API_KEY");
    }
    needs
}

/// A policy in use is compared or not read; of one that is not read a line is told, and nothing of its text.
fn check_compared(compare: &dyn Fn(&str) -> Result<configcheck_policy::Drift, Unread>, text: &str) {
    let first = compare(text);
    assert!(first == compare(text), "a second comparison is the same");
    if let Err(unread) = first {
        let lines = text.split(['\n', '\r']).count();
        assert!(unread.line <= lines + 1, "what is not read has a line of the file: {unread:?} of {lines}");
        assert!(!unread.message.is_empty(), "what is not read is told why");
    }
}

fn check_vault(text: &str) {
    let (needs, options) = (needs(&["vault:secret/data/app#key", "vault:kv/data/a/b#c"]), vault::Options::default());
    let compare = |text: &str| vault::compare(&needs, &options, text).unwrap();
    check_compared(&compare, text);
    let own = vault::policy(&needs, &options).unwrap();
    assert!(compare(&own.text).is_ok_and(|drift| drift.is_none()), "our own policy does not differ");
}

fn check_iam(text: &str) {
    let (needs, options) = (
        needs(&["aws-sm:app#key", "aws-ssm:/shop/key"]),
        iam::Options {
            partition: "aws".into(),
            region: Some("eu-central-1".into()),
            account: Some("123456789012".into()),
            ..iam::Options::default()
        },
    );
    let compare = |text: &str| iam::compare(&needs, &options, text).unwrap();
    check_compared(&compare, text);
    let own = iam::policy(&needs, &options).unwrap();
    assert!(compare(&own.text).is_ok_and(|drift| drift.is_none()), "our own policy does not differ");
}

fn check_kubernetes(text: &str) {
    let options = kubernetes::Options { service: "shop".into(), namespace: Some("shop".into()), service_account: None };
    let needs = needs(&["k8s:shop/app#key"]);
    let compare = |text: &str| kubernetes::compare(&needs, &options, text).unwrap();
    check_compared(&compare, text);
    let own = kubernetes::policy(&needs, &options).unwrap();
    assert!(compare(&own.text).is_ok_and(|drift| drift.is_none()), "our own policy does not differ");
}
