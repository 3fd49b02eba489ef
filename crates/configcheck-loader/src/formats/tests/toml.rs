//! TOML: values, tables, hostile texts, and agreement with the `toml` crate.

use proptest::prelude::*;
use toml::Value;

use super::check::{self, shown};
use crate::formats::{Format, Node, NodeKind, parse};

fn reads(text: &str, expected: &str) {
    check::reads(Format::Toml, text, expected);
}

fn refuses(text: impl AsRef<[u8]>, line: u32, column: u32, message: &str) {
    check::refuses(Format::Toml, text, line, column, message);
}

const TWICE: &str = "this key stands here for the second time";

#[test]
fn numbers_become_plain_digits() {
    let check = |number: &str, expected: &str| reads(&format!("a = {number}"), &format!("{{a: {expected:?}}}"));
    check("1_000", "1000");
    check("+5", "5");
    check("-17", "-17");
    check("-0", "0");
    check("0x50", "80");
    check("0xdead_beef", "3735928559");
    check("0o17", "15");
    check("0b1010", "10");
    check("18446744073709551615", "18446744073709551615");
    check("1e5", "1e5");
    check("+1.5", "1.5");
    check("9_0.1_0E-1_0", "90.10E-10");
    check("inf", "inf");
    check("+nan", "nan");
    check("true", "true");
    check("1979-05-27 07:32:00Z", "1979-05-27 07:32:00Z");
    check("07:32:00", "07:32:00");
}

#[test]
fn strings_are_decoded() {
    reads(r#"a = "\t\u00e4\U0001F600\e\x41 \"q\"""#, r#"{a: "\tä😀\u{1b}A \"q\""}"#);
    reads(r"a = 'C:\temp\0123'", r#"{a: "C:\\temp\\0123"}"#);
    reads("a = \"\"\"\nx\n  y \\\n  z\"\"\"", r#"{a: "x\n  y z"}"#);
    reads("a = '''\nx\\\n'y'\n'''", r#"{a: "x\\\n'y'\n"}"#);
    reads("'a b' = 1\n\"\\u0063\" = 2", r#"{a b: "1" c: "2"}"#);
}

#[test]
fn tables_are_put_together() {
    reads("a.b.c = 1\na.b.d = 2\na.e = 3", r#"{a: {b: {c: "1" d: "2"} e: "3"}}"#);
    reads("[a.b]\nc = 1\n[a]\nd = 2\n[x]", r#"{a: {b: {c: "1"} d: "2"} x: {}}"#);
    reads("[[a]]\nb = 1\n[a.c]\nd = 2\n[[a]]\n[[a.e]]\n[[a.e]]\nf = 3", r#"{a: [{b: "1" c: {d: "2"}} {e: [{} {f: "3"}]}]}"#);
    reads("a = { b = 1, c.d = [1, {e = 2}, [3]], c.f = 4 }", r#"{a: {b: "1" c: {d: ["1" {e: "2"} ["3"]] f: "4"}}}"#);
    reads("a = [\n 1, # one\n 2,\n]\nb = {}\nc = []", r#"{a: ["1" "2"] b: {} c: []}"#);
    reads("[fruit]\napple.color = 1\n[fruit.apple.texture]\nsmooth = true", r#"{fruit: {apple: {color: "1" texture: {smooth: "true"}}}}"#);
    reads("\u{feff}a = 1\r\n# comment\r\n", r#"{a: "1"}"#);
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    refuses("a = 1\n\na = 1", 3, 1, TWICE);
    refuses("a = 1\n'a' = 2", 2, 1, TWICE);
    refuses("[a]\n[b]\n[ a ]", 3, 3, TWICE);
    refuses("a = 1\n[a]", 2, 2, TWICE);
    refuses("a.b = 1\n[a]", 2, 2, TWICE);
    refuses("[a]\nb = 1\n[[a]]", 3, 3, TWICE);
    refuses("a = []\n[[a]]", 2, 3, TWICE);
    refuses("[[a]]\n[a]", 2, 2, TWICE);
    refuses("a = {}\na.b = 1", 2, 1, TWICE);
    refuses("a = {}\n[a.b]", 2, 2, TWICE);
    refuses("a = 1\na.b = 1", 2, 1, TWICE);
    refuses("a = { b = 1, b = 2 }", 1, 14, TWICE);
    refuses("a = { b.c = 1, b = 2 }", 1, 16, TWICE);
    refuses("[a.b.c]\nz = 9\n[a]\nb.c.t = 9", 4, 3, TWICE);
    refuses("[[a.b]]\n[a]\nb.y = 2", 3, 1, TWICE);
    refuses("[a.b.c]\n[a]\nb.d = 1\n[a.b]", 4, 4, TWICE);
}

#[test]
fn broken_text_is_refused_where_it_breaks() {
    refuses("ä = 1", 1, 1, "a key with other characters than letters, digits, `_` and `-` must stand in quotes");
    refuses("a = secret-not-real", 1, 5, "text must stand in quotes");
    refuses("a = not-a-real-secret", 1, 5, "this is not a number as TOML writes them; text must stand in quotes");
    refuses("a =", 1, 4, "a value is missing here");
    refuses("a = # b", 1, 5, "a value is missing here");
    refuses("a\nb = 1", 1, 2, "a value is missing here");
    refuses("= 1", 1, 1, "a key is missing here");
    refuses("a. = 1", 1, 4, "a key is missing here");
    refuses("[]", 1, 2, "a key is missing here");
    refuses("a = [1,\n2", 1, 5, "this bracket is never closed");
    refuses("a = {b = 1", 1, 5, "this bracket is never closed");
    refuses("[a", 1, 1, "this bracket is never closed");
    refuses("a = ['1' '2']", 1, 10, "a comma is missing here");
    refuses("a = [1,,2]", 1, 8, "there is a comma too many");
    refuses("a = '1' b = 2", 1, 9, "a new key needs a line of its own");
    refuses("a = \"b\nc = 1", 1, 5, "this string is not closed, or holds a control character");
    refuses("a = '''b\n", 1, 5, "this string is not closed, or holds a control character");
    refuses("a = \"b\\c\"", 1, 8, "TOML has no such escape; single quotes take text as it is");
    refuses("a = 0123456", 1, 5, "a number does not start with a zero; text must stand in quotes");
    refuses("a = 80a80", 1, 5, "text must stand in quotes");
    refuses("a = 1-2", 1, 5, "this is neither a number nor a date; text must stand in quotes");
    refuses("a = 1__0", 1, 5, "an underscore in a number stands between digits; text must stand in quotes");
    for number in ["1_0x", "1_0.5.5", "1_0.", "1_0e", "1_0e+-5", "0_1", "00_1.5", "1_0inf", "0x", "0x_1", "0xg", "1.e5", "+-1"] {
        assert!(parse(Format::Toml, format!("a = {number}").as_bytes()).is_err(), "{number}");
    }
    refuses("a = True", 1, 5, "this is neither `true` nor `false`; text must stand in quotes");
    refuses("a = 1 # \u{1}", 1, 9, "a comment must not hold control characters");
}

#[test]
fn places_are_exact() {
    let text = "\u{feff}\"ä\" = \"ö\"; b"; // Only to show that text behind a value is refused, at its place.
    refuses(text, 1, 10, "a new key needs a line of its own");
    let text = "\u{feff}\"ä\" = \"ö\" # ü\r\n[b.c]\r\nd . e = [1, { f = 0x2 }]\n";
    let expected = ["1:1 \"ä\"", "1:7 \"ö\"", "2:2 b", "2:4 c", "3:1 d", "3:5 e", "3:10 1", "3:15 f", "3:19 0x2"];
    assert_eq!(check::places(Format::Toml, text), expected);
}

#[test]
fn hostile_texts_are_refused_soon() {
    const DEEP: &str = "this is nested deeper than 64 levels";
    refuses(format!("a = {}", "[".repeat(100_000)), 1, 69, DEEP);
    refuses(format!("a = {}", "{a=".repeat(100_000)), 1, 195, DEEP);
    refuses(format!("{}a = 1", "a.".repeat(20_000)), 1, 129, DEEP);
    refuses(format!("[{}a]", "a.".repeat(20_000)), 1, 130, DEEP);
    refuses(format!("a = [{}]", "1,".repeat(300_000)), 1, 200_002, "the file holds more than 100,000 values");
    refuses("[[a]]\n".repeat(100_000), 50_001, 3, "the file holds more than 100,000 values");
    refuses(format!("[{}a]\n", "a.".repeat(60)).repeat(20_000), 6_049, 49, "the file holds more than 750,000 words, numbers and signs");
    refuses("a = ".to_owned() + &"\"".repeat(1 << 20), 1, 13, "a new key needs a line of its own");
    assert!(parse(Format::Toml, "]".repeat(1 << 20).as_bytes()).is_err());
    assert!(parse(Format::Toml, "= ".repeat(1 << 19).as_bytes()).is_err());
    assert!(parse(Format::Toml, "a = [\n".repeat(1 << 17).as_bytes()).is_err());
    assert!(parse(Format::Toml, format!("a = {}1", "-".repeat(1 << 20)).as_bytes()).is_err());
    assert!(parse(Format::Toml, format!("a = {}", "_".repeat(1 << 20)).as_bytes()).is_err());
    let wide: Vec<_> = (0..45_000).map(|number| format!("k{number} = 1")).collect();
    assert!(parse(Format::Toml, wide.join("\n").as_bytes()).is_ok());
    let deep = format!("a = {}1{}", "[".repeat(63), "]".repeat(63));
    assert!(parse(Format::Toml, deep.as_bytes()).is_ok());
}

fn value() -> impl Strategy<Value = Value> {
    let date = prop::sample::select(vec!["1979-05-27T07:32:00Z", "1979-05-27T00:32:00.5-07:00", "1979-05-27", "07:32:00"]);
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        date.prop_map(|date| Value::Datetime(date.parse().expect("a date"))),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| prop_oneof![prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array), table(inner)])
}

fn table(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::hash_map("[a-z ä.\"-]{0,4}", inner, 0..6).prop_map(|rows| Value::Table(rows.into_iter().collect()))
}

fn agrees(node: &Node, value: &Value) -> bool {
    match (&node.kind, value) {
        (NodeKind::Scalar(text), Value::String(value)) => text.text() == Some(value),
        (NodeKind::Scalar(text), Value::Boolean(value)) => text.text() == Some(if *value { "true" } else { "false" }),
        (NodeKind::Scalar(text), Value::Integer(value)) => text.text() == Some(&value.to_string()),
        (NodeKind::Scalar(text), Value::Float(value)) => text
            .text()
            .and_then(|text| text.parse::<f64>().ok())
            .is_some_and(|float| float.to_bits() == value.to_bits() || (float.is_nan() && value.is_nan())),
        (NodeKind::Scalar(text), Value::Datetime(value)) => {
            text.text().and_then(|text| text.parse::<toml::value::Datetime>().ok()).as_ref() == Some(value)
        }
        (NodeKind::List(items), Value::Array(values)) => {
            items.len() == values.len() && items.iter().zip(values).all(|(item, value)| agrees(item, value))
        }
        (NodeKind::Table(rows), Value::Table(values)) => {
            rows.len() == values.len() && rows.iter().all(|(key, _, row)| values.get(key).is_some_and(|value| agrees(row, value)))
        }
        _ => false,
    }
}

fn lines() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "a = 1",
        "b = 2",
        "a.b = 1",
        "a.c = 2",
        "a.b.c = 3",
        "b.a = 1",
        "[a]",
        "[b]",
        "[a.b]",
        "[a.b.c]",
        "[b.a]",
        "[[a]]",
        "[[b]]",
        "[[a.b]]",
        "[[a.b.c]]",
        "a = {}",
        "a = { b = 1 }",
        "b = { a.b = 1, a.c = 2 }",
        "a = []",
        "a = [{ b = 1 }]",
        "c = [1, 2",
        "]",
        "",
        "# x",
    ]);
    prop::collection::vec(line, 0..7).prop_map(|lines| lines.join("\n"))
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        ".",
        "=",
        " ",
        "\n",
        "\r\n",
        "\r",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "\\",
        "\\n",
        "\\u00e4",
        "1",
        "0",
        "_",
        "-",
        "+",
        "e",
        "0x",
        "0b",
        ":",
        "07:32",
        "1979-05-27",
        "T",
        "Z",
        "#",
        "ä",
        "true",
        "inf",
        "a = ",
        "\t",
        "\u{1}",
        "\u{7f}",
    ]);
    prop::collection::vec(piece, 0..10).prop_map(|pieces| format!("k = {}", pieces.concat()))
}

fn same_as_toml(text: &str) -> Result<(), TestCaseError> {
    let ours = parse(Format::Toml, text.as_bytes());
    match toml::from_str::<toml::Table>(text) {
        Ok(table) => {
            let node = ours.map_err(|error| TestCaseError::fail(format!("{text:?}: {error:?}")))?;
            prop_assert!(agrees(&node, &Value::Table(table)), "{text:?}\n{}", shown(&node));
        }
        Err(error) => prop_assert!(ours.is_err(), "{text:?}: {}\n{error}", shown(&ours.expect("it was read"))),
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(Format::Toml, &bytes);
    }

    #[test]
    fn documents_agree_with_the_toml_crate(value in table(value()), pretty: bool) {
        let text = if pretty { toml::to_string_pretty(&value) } else { toml::to_string(&value) }.expect("it is TOML");
        same_as_toml(&text)?;
    }

    #[test]
    fn tables_agree_with_the_toml_crate(text in lines()) {
        same_as_toml(&text)?;
    }

    #[test]
    fn broken_values_agree_with_the_toml_crate(text in pieces()) {
        same_as_toml(&text)?;
    }
}
