//! Z1: the readers of `.env` files.

use configcheck_dotenv::{Dialect, Document, ItemKind, Position, Reading, Span, items, parse, quote, read_as};

use crate::pieces;

/// What stands for a secret.
const MARK: &str = "hunter2";

/// More than this many bytes are not put into values.
const PUT_IN_LIMIT: usize = 1 << 20;

/// What the readers of `.env` files disagree about.
pub(crate) const PIECES: &[&str] = &[
    "A=",
    "B=",
    "export ",
    "\n",
    "\r\n",
    "\r",
    "\"",
    "'",
    "`",
    "\\",
    "\\n",
    "\\\"",
    "\\'",
    "\\$",
    "\\\\",
    "$",
    "$$",
    "$'",
    "$\"",
    "$(",
    "$((",
    "(",
    ")",
    "{",
    "}",
    "${",
    "$A",
    "$OUTER",
    "${A}",
    "${OUTER}",
    "${B:-",
    "${B-x}",
    "${A:+y}",
    "${A:?z}",
    "${B:=w}",
    "${#A}",
    "${1}",
    "${A%x}",
    "~/",
    ":",
    ": ",
    "#",
    " #",
    " ",
    "\t",
    "=",
    "+=",
    ";",
    "&&",
    "|",
    "&",
    "<<E\n",
    ">",
    "é",
    "x",
    "0",
    "_",
    "-",
    ".",
    "[",
    "]",
    "\u{feff}",
    "\u{2028}",
    "\u{a0}",
    "\0",
    "KEY_2.c=",
    "-----BEGIN KEY-----\n",
    "c2VjcmV0=\n",
    "\\x41",
    "\\0101",
    "\\u00e9",
    "set -a\n",
    "'\n",
    "\"\n",
    MARK,
];

fn outer(name: &str) -> Option<String> {
    match name {
        "OUTER" => Some(format!("{MARK}\n'\"$A")),
        "HOME" => Some(MARK.to_owned()),
        _ => None,
    }
}

pub(crate) fn check(bytes: &[u8]) {
    match bytes.first() {
        Some(b'S') => check_that_no_value_is_shown(&bytes[1..]),
        Some(b'Q') => check_quoting(&String::from_utf8_lossy(&bytes[1..])),
        _ => check_reading(&pieces::read(bytes, PIECES)),
    }
}

/// What holds for any bytes.
fn check_reading(input: &[u8]) {
    let document = parse(input);
    assert!(document.items().iter().cloned().eq(items(input)), "one by one and all at once the items are the same");
    check_tiling(&document);
    check_places(&document);
    for dialect in Dialect::ALL {
        let reading = read_as(input, *dialect, &outer);
        check_reading_places(&document, &reading, dialect.name());
        assert_eq!(reading, read_as(input, *dialect, &outer), "a second reading is the same");
        let size: usize = reading.variables.iter().filter_map(|found| Some(found.value.as_ref()?.len())).sum();
        assert!(size <= 3 * input.len() + PUT_IN_LIMIT, "{}: what is put in is bounded", dialect.name());
    }
    check_replacing(&document);
}

fn check_tiling(document: &Document<'_>) {
    let mut end = 0;
    for item in document.items() {
        assert_eq!(item.span.start, end, "an item starts where the one before it ends");
        assert!(item.span.end > item.span.start, "an item is not empty");
        assert_eq!(document.position(item.span.start).line, item.line, "the line of an item");
        end = item.span.end;
    }
    assert_eq!(document.to_bytes(), document.input(), "the items are the file");
}

fn check_places(document: &Document<'_>) {
    for item in document.items() {
        let inside = |span: Span| {
            check_span(document, span, "the reader");
            assert!(item.span.start <= span.start && span.end <= item.span.end, "a place is in its item");
        };
        match &item.kind {
            ItemKind::Assignment(found) => {
                assert_eq!(document.source(found.key_span), found.key.as_bytes(), "the key stands where it is said to");
                inside(found.key_span);
                inside(found.value_span);
                assert!(found.key_span.end <= found.value_span.start, "the value stands behind its key");
                check_position(document, found.key_span, found.key_position);
                check_position(document, found.value_span, found.value_position);
                if let Some(comment) = found.comment {
                    inside(comment);
                    assert!(found.value_span.end <= comment.start, "the comment stands behind the value");
                    assert!(document.source(comment).starts_with(b"#"), "a comment starts with #");
                }
            }
            ItemKind::Problem(problem) => {
                inside(problem.span);
                problem.key.into_iter().for_each(inside);
                assert!(!problem.span.is_empty(), "a problem is somewhere");
                check_position(document, problem.span, problem.position);
            }
            ItemKind::Blank | ItemKind::Comment => {}
        }
    }
}

fn check_reading_places(document: &Document<'_>, reading: &Reading<'_>, who: &str) {
    let check_span = |span| check_span(document, span, who);
    for found in &reading.variables {
        check_span(found.key_span);
        check_span(found.value_span);
        check_position(document, found.key_span, found.key_position);
        check_position(document, found.value_span, found.value_position);
    }
    for refusal in &reading.refusals {
        check_span(refusal.span);
        check_position(document, refusal.span, refusal.position);
        refusal.key.into_iter().for_each(check_span);
    }
}

/// A span is in the file, and in a file of UTF-8 it parts no character.
fn check_span(document: &Document<'_>, span: Span, who: &str) {
    let input = document.input();
    assert!(span.start <= span.end && span.end <= input.len(), "{who}: a place is in the file: {span:?}");
    if let Ok(text) = std::str::from_utf8(input) {
        assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{who}: a place parts no character: {span:?}");
    }
}

fn check_position(document: &Document<'_>, span: Span, position: Position) {
    assert_eq!(document.position(span.start), position, "line and column are those of the place");
}

/// A value that is written in the place of another one arrives, and everything else stays.
fn check_replacing(document: &Document<'_>) {
    let input = document.input();
    let value = "it's $5 \"net\" \\ #1\r\n\u{e9}";
    let quoted = quote(value).unwrap();
    let found = document.assignments().enumerate().filter(|(_, found)| !found.doubtful);
    for (index, found) in found.take(8) {
        let changed = [&input[..found.value_span.start], quoted.as_bytes(), &input[found.value_span.end..]].concat();
        let changed = parse(&changed);
        let read = changed.assignments().nth(index).unwrap();
        assert_eq!((read.key, read.value.as_ref()), (found.key, value), "a value is replaced in its place");
    }
}

/// A value arrives as it was, however it is made of quotes, escapes and line ends.
fn check_quoting(value: &str) {
    let Some(quoted) = quote(value) else {
        assert!(value.contains('\0'), "only a NUL cannot be written");
        return;
    };
    for input in [format!("BEFORE=1\nexport A={quoted}\r\nBEHIND=2"), format!("BEFORE=1\nA = {quoted} # it's a \"comment\"\nBEHIND=2\n")] {
        let document = parse(input.as_bytes());
        let read: Vec<_> = document.assignments().map(|found| (found.key, found.value.as_ref())).collect();
        assert!(read == [("BEFORE", "1"), ("A", value), ("BEHIND", "2")], "a written value is read back: {input:?}");
        assert_eq!(document.problems().count(), 0, "a written value is no problem: {input:?}");
    }
}

/// Keys are known and values may hold anything: then no output has a value in it.
fn check_that_no_value_is_shown(bytes: &[u8]) {
    let mut input = Vec::new();
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate().take(16) {
        let key = ["A=", "B=", "export C=", "D_1="][number % 4];
        // A `&` or `;` starts a new command for a shell, and what stands behind it may be a key.
        let value: Vec<u8> =
            pieces::joined(line, PIECES).into_iter().filter(|byte| !matches!(byte, b'\n' | b'\r' | b'&' | b';' | b'|')).collect();
        let value = String::from_utf8_lossy(&value).replace('\u{2028}', "");
        input.extend_from_slice(key.as_bytes());
        input.extend_from_slice(value.as_bytes());
        input.push(b'\n');
    }
    let shown = |text: String, who: &str| assert!(!text.contains(MARK), "{who} shows a value: {text}");
    let document = parse(&input);
    let problems: Vec<_> = document.problems().map(ToString::to_string).collect();
    shown(format!("{document:?}{:?}{:#?}{problems:?}", document.items(), document.items()), "the reader");
    for dialect in Dialect::ALL {
        let reading = read_as(&input, *dialect, &outer);
        let refusals: Vec<_> = reading.refusals.iter().map(ToString::to_string).collect();
        shown(format!("{reading:?}{:#?}{refusals:?}", reading.variables), dialect.name());
    }
}
