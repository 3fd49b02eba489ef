//! YAML: text as it is written, what is refused, and hostile texts.

use proptest::prelude::*;

use super::check;
use crate::formats::{Format, parse};

fn reads(text: &str, expected: &str) {
    check::reads(Format::Yaml, text, expected);
}

fn refuses(text: impl AsRef<[u8]>, line: u32, column: u32, message: &str) {
    check::refuses(Format::Yaml, text, line, column, message);
}

#[test]
fn plain_text_is_the_text_that_is_written() {
    for text in ["0123456", "no", "1e5", "0x50", "1_000", "true", "12:30:45", "2024-01-01", "a b", "1.0", "%a", "nullable", ".inf"] {
        if !text.starts_with('%') {
            reads(&format!("a: {text}"), &format!("{{a: {text:?}}}"));
        }
    }
    reads("no: yes\n012: b\nnull: c", r#"{no: "yes" 012: "b" null: "c"}"#);
    reads("a: b c\n  d", r#"{a: "b c d"}"#);
    reads("a: b#c # d", r#"{a: "b#c"}"#);
}

#[test]
fn nothing_is_null() {
    reads("a: null\nb: ~\nc:\nd: [~, ]\ne: NULL\nf: Null", "{a: null b: null c: null d: [null] e: null f: null}");
    reads("a: 'null'\nb: \"~\"\nc: ''\nd: !!str null\ne: !!str", r#"{a: "null" b: "~" c: "" d: "null" e: ""}"#);
    for empty in ["---\n", "# only a comment\n", "--- # x\n...\n", "null", "~"] {
        reads(empty, "{}");
    }
}

#[test]
fn quoted_and_block_text_is_decoded() {
    reads(r#"a: "\t\u00e4\U0001F600\x41 \"q\" \\""#, r#"{a: "\tä😀A \"q\" \\"}"#);
    reads(r"a: 'it''s \n'", r#"{a: "it's \\n"}"#);
    reads("a: |\n  x\n   y\nb: >-\n  x\n  y\nc: |+\n  z\n\n", r#"{a: "x\n y\n" b: "x y" c: "z\n\n"}"#);
    reads("\u{feff}a: 1\r\nb:\r\n  - 2\r\n  - c: 3\r\n", r#"{a: "1" b: ["2" {c: "3"}]}"#);
    reads("a: {b: 1, c: [2, 3], d}", r#"{a: {b: "1" c: ["2" "3"] d: null}}"#);
    reads("- a\n- b", r#"["a" "b"]"#);
    reads("a", r#""a""#);
    reads("a:\n- 1\n-\n  - 2\n<<: x", r#"{a: ["1" ["2"]] <<: "x"}"#);
}

#[test]
fn what_is_not_read_is_refused_at_its_place() {
    const ALIAS: &str = "anchors and aliases are not read";
    const TAG: &str = "tags are not read, except `!!str`";
    const TWICE: &str = "this key stands here for the second time";
    refuses("a: 1\nb: &x 2\nc: *x", 2, 7, ALIAS);
    refuses("a: *x", 1, 4, ALIAS);
    refuses("a: &x\n  b: 1\nc:\n  <<: *x", 2, 3, ALIAS);
    refuses("a: !vault x", 1, 11, TAG);
    refuses("a: !!binary eA==", 1, 13, TAG);
    refuses("a: !!int 1", 1, 10, TAG);
    refuses("a: !!map {b: 1}", 1, 10, TAG);
    refuses("a: 1\n---\nb: 2", 2, 1, "a config file is one document; a second one starts here");
    refuses("a: 1\nb: 2\na: 1", 3, 1, TWICE);
    refuses("a: {b: 1, 'b': 2}", 1, 11, TWICE);
    refuses("? [a]\n: 1", 1, 3, "a key must be text");
    refuses("{a: 1}: 2", 1, 1, "a key must be text");
    refuses(": 1", 1, 1, "a key is missing here");
    refuses("a: b\0\nc: d", 1, 5, "a NUL character cannot stand in YAML");
}

#[test]
fn broken_text_is_refused() {
    let check = |text: &str, line, message: &str| {
        let error = parse(Format::Yaml, text.as_bytes()).expect_err("the file is broken");
        assert_eq!((error.line, error.message), (line, message), "{text}");
    };
    check("a: b: c", 1, "a colon stands where no key can be; text with a colon must stand in quotes");
    check("a: \"b\nc: 1", 1, "a quote is never closed, or the text in it is not indented");
    check("a: [1, 2\nb: 3", 2, "this is not YAML; text with special characters must stand in quotes");
    check("a:\n\tb: 1", 2, "a tab cannot stand here; YAML is indented with spaces");
    check("a: @b", 1, "this is not YAML; text with special characters must stand in quotes");
    check("a: \"\\q\"", 1, "YAML has no such escape; single quotes take text as it is");
    check("a: 1\n  b: 2", 2, "a colon stands where no key can be; text with a colon must stand in quotes");
    check("a: 'x'y", 1, "something stands behind the closing quote");
}

#[test]
fn places_are_exact() {
    let text = "\u{feff}ä: ö\r\nb:\r\n  - \"ü\"\n  - {c: 1}\n";
    assert_eq!(check::places(Format::Yaml, text), ["1:1 ä", "1:4 ö", "2:1 b", "3:5 \"ü\"", "4:6 c", "4:9 1"]);
}

#[test]
fn hostile_texts_are_refused_soon() {
    const DEEP: &str = "this is nested deeper than 64 levels";
    refuses("[".repeat(100), 1, 65, DEEP);
    refuses("[".repeat(100_000), 1, 256, DEEP);
    refuses("{a: ".repeat(100), 1, 257, DEEP);
    refuses("{a: ".repeat(10_000), 1, 1021, DEEP);
    refuses("- ".repeat(100_000), 1, 129, DEEP);
    let bomb = "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\n";
    refuses(bomb, 1, 7, "anchors and aliases are not read");
    refuses(format!("a: [{}]", "1,".repeat(400_000)), 1, 200_002, "the file holds more than 100,000 commas, colons and brackets");
    refuses("- a\n".repeat(200_000), 100_000, 3, "the file holds more than 100,000 values");
    for text in [
        "?".repeat(1 << 20),
        "? ".repeat(1 << 19),
        ":".repeat(1 << 20),
        "-\n".repeat(1 << 19),
        "a: ".repeat(1 << 18),
        "\"".repeat(1 << 20),
        "'".repeat(1 << 20),
        "!".repeat(1 << 20),
        "&".repeat(1 << 20),
        "%".repeat(1 << 20),
        "|\n".repeat(1 << 19),
        " ".repeat(1 << 20) + "\t",
        "k".repeat(1 << 20),
        "k".repeat(1 << 20) + ": 1",
        "a: |\n".to_owned() + &" \n".repeat(1 << 19),
        "a: ".to_owned() + &"\n".repeat(1 << 20) + "b",
        "a:\n".to_owned() + &"  - \n".repeat(1 << 18),
        "{a,".to_owned() + &"a,".repeat(1 << 19),
        "[a: ".to_owned() + &"a: ".repeat(1 << 18),
        "#".repeat(1 << 20),
        "--- ".repeat(1 << 18),
        "...\n".repeat(1 << 18),
    ] {
        let start = std::time::Instant::now();
        let _ = parse(Format::Yaml, text.as_bytes());
        assert!(start.elapsed().as_secs() < 5, "{:?} took {:?}", &text[..8], start.elapsed());
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        ": ",
        ":",
        "- ",
        "-",
        "? ",
        "?",
        "\n",
        "\r\n",
        "\r",
        " ",
        "  ",
        "\t",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\"",
        "'",
        "|",
        ">",
        "|2-\n",
        "#",
        " # ",
        "&a ",
        "*a",
        "!",
        "!!str ",
        "!x ",
        "%",
        "%YAML 1.2\n",
        "---",
        "--- ",
        "...",
        "\\",
        "\\x41",
        "~",
        "null",
        "ä",
        "😀",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "<<",
        "@",
        "`",
        "0",
    ]);
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(Format::Yaml, &bytes);
    }

    #[test]
    fn any_text_is_read_or_refused(text in pieces()) {
        let _ = parse(Format::Yaml, text.as_bytes());
    }

    #[test]
    fn quoted_text_comes_back(text: String) {
        prop_assume!(!text.contains('\0'));
        // JSON strings are YAML, apart from code points that YAML wants escaped.
        let text: String = text.chars().filter(|character| !character.is_control()).collect();
        let quoted = serde_json::to_string(&text).expect("it is text");
        reads(&format!("a: {quoted}"), &format!("{{a: {text:?}}}"));
    }
}
