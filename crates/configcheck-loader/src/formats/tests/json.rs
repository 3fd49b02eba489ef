//! JSON: the grammar of RFC 8259, hostile texts, and agreement with `serde_json`.

use proptest::prelude::*;
use serde_json::Value;

use super::check::{self, shown};
use crate::formats::{Format, Node, NodeKind, parse};

fn reads(text: &str, expected: &str) {
    check::reads(Format::Json, text, expected);
}

fn refuses(text: impl AsRef<[u8]>, line: u32, column: u32, message: &str) {
    check::refuses(Format::Json, text, line, column, message);
}

#[test]
fn scalars_stay_as_they_are_written() {
    reads(r#"{"a": 1.50E+02, "b": -0, "c": true, "d": false, "e": null}"#, r#"{a: "1.50E+02" b: "-0" c: "true" d: "false" e: null}"#);
    reads(r#"{"a":18446744073709551616,"b":"0123456"}"#, r#"{a: "18446744073709551616" b: "0123456"}"#);
    reads(r#" { "a" : [ ] , "b" : { } , "c" : [ 1 , [ 2 ] ] } "#, r#"{a: [] b: {} c: ["1" ["2"]]}"#);
}

#[test]
fn the_root_may_be_anything() {
    reads("[1, {}]", r#"["1" {}]"#);
    reads(" \"a\" ", r#""a""#);
    reads("null", "null");
}

#[test]
fn strings_are_decoded() {
    reads(r#"{"a":"\"\\\/\b\f\n\r\t"}"#, r#"{a: "\"\\/\u{8}\u{c}\n\r\t"}"#);
    reads(r#"{"\u0061":"\u00e4\ud83d\ude00\u0000"}"#, "{a: \"ä😀\\0\"}");
    reads("{\"ä\":\"😀\u{7f}\"}", "{ä: \"😀\\u{7f}\"}");
}

#[test]
fn broken_text_is_refused_where_it_breaks() {
    refuses("{", 1, 2, "a key in double quotes is missing here");
    refuses("{\"a\"", 1, 5, "a colon is missing behind the key");
    refuses("{\"a\":", 1, 6, "a value is missing here");
    refuses("{\"a\":1", 1, 7, "a comma or the closing brace is missing here");
    refuses("{\"a\":1,}", 1, 8, "a comma stands before the closing brace");
    refuses("{\"a\":[1,]}", 1, 9, "a comma stands before the closing bracket");
    refuses("{\"a\":[1 2]}", 1, 9, "a comma or the closing bracket is missing here");
    refuses("{\n  \"ä\": not-a-real-secret\n}", 2, 8, "text must stand in double quotes");
    refuses("{'a':1}", 1, 2, "a key in double quotes is missing here");
    refuses("{\"a\":'b'}", 1, 6, "JSON has double quotes only");
    refuses("{\"a\":1} // b", 1, 9, "something stands behind the end of the JSON text");
    refuses("// a\n{}", 1, 1, "JSON has no comments");
    refuses("{\"a\":1 /* b */}", 1, 8, "a comma or the closing brace is missing here");
    refuses("{\"a\":truth}", 1, 6, "text must stand in double quotes");
    refuses("{\"a\":nulls}", 1, 6, "text must stand in double quotes");
    refuses("{\"a\":secret}", 1, 6, "a value is missing here");
    refuses("{\"a\":1,\n\"b\":2,\n \"a\":1}", 3, 2, "this key stands here for the second time");
    refuses("{\"a\":1,\"\\u0061\":1}", 1, 8, "this key stands here for the second time");
}

#[test]
fn numbers_are_those_of_the_grammar() {
    const MESSAGE: &str = "this is not a number as JSON writes them; text must stand in quotes";
    for number in ["01", "1.", ".5", "-", "+1", "1e", "1e+", "0x50", "1_000", "--1", "1.5.5", "80a80", "-x"] {
        let text = format!("{{\"a\":{number}}}");
        assert!(parse(Format::Json, text.as_bytes()).is_err(), "{text}");
    }
    refuses("{\"a\": 80a80}", 1, 7, MESSAGE);
    refuses("{\"a\": 01}", 1, 7, MESSAGE);
}

#[test]
fn broken_strings_are_refused_where_they_break() {
    refuses("{\"a\":\"b\n\"}", 1, 6, "this string is not closed on its line");
    refuses("{\"a\":\"b", 1, 6, "this string is not closed on its line");
    refuses("{\"a\":\"b\\", 1, 6, "this string is not closed on its line");
    refuses("{\"a\":\"b\tc\"}", 1, 8, "a control character must be written as an escape");
    refuses("{\"a\":\"b\\xc\"}", 1, 8, "JSON has no such escape");
    refuses("{\"a\":\"\\u12g4\"}", 1, 7, "four hexadecimal digits must follow `\\u`");
    refuses("{\"a\":\"\\u+123\"}", 1, 7, "four hexadecimal digits must follow `\\u`");
    refuses("{\"a\":\"\\u12\"}", 1, 7, "four hexadecimal digits must follow `\\u`");
    for half in ["\\ud800", "\\udc00", "\\ud800x", "\\ud800\\n", "\\ud800\\ud800", "\\ud83d\\u0041"] {
        refuses(format!("{{\"a\":\"{half}\"}}"), 1, 7, "this escape is half of a surrogate pair");
    }
}

#[test]
fn places_are_exact() {
    let text = "\u{feff}{\"ä\": \"ö\", \"b\": [1,\r\n  null, {\"c\": \"\\n\"}]}";
    let expected = ["1:2 \"ä\"", "1:7 \"ö\"", "1:12 \"b\"", "1:18 1", "2:3 null", "2:10 \"c\"", "2:15 \"\\n\""];
    assert_eq!(check::places(Format::Json, text), expected);
}

#[test]
fn hostile_texts_are_refused_soon() {
    refuses("[".repeat(100_000), 1, 65, "this is nested deeper than 64 levels");
    refuses("{\"a\":".repeat(100_000), 1, 321, "this is nested deeper than 64 levels");
    refuses(format!("[{}", "1,".repeat(400_000)), 1, 200_000, "the file holds more than 100,000 values");
    refuses(format!("{{\"a\": \"{}", "\\".repeat(1 << 20)), 1, 7, "this string is not closed on its line");
    refuses(format!("{{\"{}\"", "k".repeat(1 << 20)), 1, (1 << 20) + 4, "a colon is missing behind the key");
    let wide: Vec<_> = (0..90_000).map(|number| format!("\"k{number}\":1")).collect();
    assert!(parse(Format::Json, format!("{{{}}}", wide.join(",")).as_bytes()).is_ok());
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(63), "]".repeat(63));
    assert!(parse(Format::Json, deep.as_bytes()).is_ok());
}

fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![any::<i64>().prop_map(Value::from), any::<u64>().prop_map(Value::from), any::<f64>().prop_map(Value::from)];
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, any::<String>().prop_map(Value::from)];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6).prop_map(|rows| Value::Object(rows.into_iter().collect())),
        ]
    })
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

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"", "1", "0", "-", ".5", "e3", "E+", "true", "null", " ", "\n", "\\u00e4",
        "\\ud83d", "\\ude00", "\\n", "\\", "x", "{\"a\":", "{\"b\":[", "ä", "\t", "\u{feff}",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| format!("{{\"k\":{}}}", pieces.concat()))
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(Format::Json, &bytes);
    }

    #[test]
    fn documents_agree_with_serde_json(value in value(), pretty: bool) {
        let value = Value::Object([("root".to_owned(), value)].into_iter().collect());
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.expect("it is JSON");
        let node = parse(Format::Json, text.as_bytes()).expect("it can be read");
        prop_assert!(agrees(&node, &value), "{text}\n{}", shown(&node));
    }

    #[test]
    fn broken_documents_agree_with_serde_json(text in pieces()) {
        let ours = parse(Format::Json, text.as_bytes());
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => {
                let is_duplicate = matches!(&ours, Err(error) if error.message.starts_with("This key stands"));
                prop_assert!(is_duplicate || agrees(ours.as_ref().expect("it can be read"), &value), "{text}");
            }
            Err(error) => prop_assert!(ours.is_err() || error.to_string().contains("out of range"), "{text}"),
        }
    }
}
