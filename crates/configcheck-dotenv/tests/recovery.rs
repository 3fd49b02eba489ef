//! What is reported for a broken line, where, and that the lines behind it are still read.

use configcheck_dotenv::{Document, ItemKind, ProblemKind, Quote, parse};

/// One line per item: `KEY=value` as a program sees it, or the place and kind of a problem. A `?` marks what
/// is doubtful. Blank lines and comments are left out.
fn outline(document: &Document<'_>) -> Vec<String> {
    let line = |kind: &ItemKind<'_>| match kind {
        ItemKind::Blank | ItemKind::Comment => None,
        ItemKind::Assignment(found) => {
            let doubt = if found.doubtful { "?" } else { "" };
            Some(format!("{doubt}{}={}", found.key, found.value))
        }
        ItemKind::Problem(problem) => {
            let doubt = if problem.doubtful { "?" } else { "" };
            let key = problem.key.map_or("-".into(), |span| String::from_utf8_lossy(document.source(span)));
            Some(format!("{doubt}{} {} {key}", problem.position, name(problem.kind)))
        }
    };
    document.items().iter().filter_map(|item| line(&item.kind)).collect()
}

fn name(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::MissingEquals => "missing-equals",
        ProblemKind::ColonForEquals => "colon",
        ProblemKind::InvalidKey => "invalid-key",
        ProblemKind::EmptyKey => "empty-key",
        ProblemKind::UnterminatedQuote(Quote::Single) => "unterminated-single",
        ProblemKind::UnterminatedQuote(_) => "unterminated-double",
        ProblemKind::TextAfterQuote => "text-after-quote",
        ProblemKind::NulByte => "nul",
        ProblemKind::InvalidUtf8 => "utf-8",
        ProblemKind::Utf16 => "utf-16",
        _ => "unknown",
    }
}

fn check(input: impl AsRef<[u8]>, expected: &[&str]) {
    let input = input.as_ref();
    let document = parse(input);
    assert_eq!(outline(&document), expected, "{}", input.escape_ascii());
    assert_eq!(document.to_bytes(), input);
    for problem in document.problems() {
        assert_eq!(document.position(problem.span.start), problem.position);
    }
    for found in document.assignments() {
        assert_eq!(document.position(found.key_span.start), found.key_position);
        assert_eq!(document.position(found.value_span.start), found.value_position);
    }
}

#[test]
fn lines_without_an_assignment() {
    check("A\nB=2\n", &["1:1 missing-equals -", "?B=2"]);
    check("  A  \nB=2\n", &["1:3 missing-equals -", "?B=2"]);
    check("export A\nB=2\n", &["1:1 missing-equals -", "?B=2"]);
    check("!!!\r\n; c\rB=2", &["1:1 missing-equals -", "?2:1 missing-equals -", "?B=2"]);
    check("\u{a0}\nB=2", &["1:1 missing-equals -", "?B=2"]);
}

#[test]
fn bad_keys() {
    check("A-B=1\nB=2\n", &["1:1 invalid-key -", "B=2"]);
    check(" 1A = 1\nB=2\n", &["1:2 invalid-key -", "B=2"]);
    check("export CLÉ=1\nB=2\n", &["1:8 invalid-key -", "B=2"]);
    check("A B=1\n\"A\"=1\n", &["1:1 invalid-key -", "2:1 invalid-key -"]);
    check("=1\n =1\nexport = 1\n", &["1:1 empty-key -", "2:2 empty-key -", "export=1"]);
}

#[test]
fn a_colon_for_an_equals() {
    check("A: 1\nB=2\n", &["1:2 colon -", "B=2"]);
    check("A:\nB=2\n", &["1:2 colon -", "B=2"]);
    check("https://example.com/?a=b\n", &["1:1 invalid-key -"]);
    check("A:1\n", &["1:1 missing-equals -"]);
}

#[test]
fn the_quoted_value_of_a_bad_key_is_not_read_as_lines() {
    check("my-key=\"-----BEGIN\nabc=\n-----END\" # c\nB=2\n", &["1:1 invalid-key -", "B=2"]);
    check("KEY: 'x\nabc=\n'\nB=2\n", &["1:4 colon -", "B=2"]);
    check("A-B=\"x\nB=2\n", &["1:1 invalid-key -", "?B=2"]);
}

#[test]
fn unterminated_quotes() {
    check("A=\"x\nB=2\n", &["1:3 unterminated-double A", "?B=2"]);
    check("A = 'x\nB=2\n", &["1:5 unterminated-single A", "?B=2"]);
    check("é=1\nA=\"x\\\"\n", &["1:1 invalid-key -", "2:3 unterminated-double A"]);
    check("A=\"", &["1:3 unterminated-double A"]);
    check("A='it''s\nB=2", &["1:7 text-after-quote A", "?B=2"]);
}

#[test]
fn an_unterminated_quote_does_not_swallow_the_next_quoted_value() {
    check("A=\"x\nB=\"y\"\nC=3\n", &["1:3 unterminated-double A", "?B=y", "?C=3"]);
    check("A='x\nB=2\n  export C = 'z'\n", &["1:3 unterminated-single A", "?B=2", "?C=z"]);
    check("A='x\nB=it's\n", &["1:3 unterminated-single A", "?B=it's"]);
    check("A=\"x\nB=\"y\nC=\"z\n", &["1:3 unterminated-double A", "?2:3 unterminated-double B", "?3:3 unterminated-double C"]);
}

#[test]
fn a_key_pasted_without_quotes_leaves_a_doubtful_line() {
    check(
        "KEY=-----BEGIN\nbm90\nbm90LXJlYWw=\n-----END\n\nB=2\n",
        &["KEY=-----BEGIN", "2:1 missing-equals -", "?bm90LXJlYWw=", "4:1 missing-equals -", "B=2"],
    );
}

#[test]
fn text_behind_a_closing_quote() {
    check("A=\"x\" y\nB=2\n", &["1:7 text-after-quote A", "?B=2"]);
    check("A='it\\'s'\nB=2\n", &["1:8 text-after-quote A", "?B=2"]);
    check("A=\"x\"'y'z\nB=2\n", &["1:6 text-after-quote A", "?B=2"]);
    check("A=\"l1\nö\" y  \nB=2\n", &["2:4 text-after-quote A", "?B=2"]);
}

#[test]
fn bytes_that_are_no_text() {
    check(b"A=x\0y\nB=2\n", &["1:4 nul A", "B=2"]);
    check(b"B=1\nA=\xff\xfe\nB=2\n", &["B=1", "2:3 utf-8 A", "B=2"]);
    check(b"# \xff\n\0\nB=\xc3\xa9\n", &["1:3 utf-8 -", "2:1 nul -", "?B=\u{e9}"]);
    check(b"A=\"x\n\xc3\"\nB=2\n", &["2:1 utf-8 A", "B=2"]);
    check(b"A=\"\xff\nB=2\n", &["1:4 utf-8 A", "?B=2"]);
    check(b"A=\xc3", &["1:3 utf-8 A"]);
    check(b"A=\xc3\xa9\0\xff", &["1:4 nul A"]);
}

#[test]
fn a_file_in_utf_16() {
    let little: Vec<u8> = "\u{feff}A=1\nB=2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&little, &["1:1 utf-16 -"]);
    let big: Vec<u8> = "\u{feff}A=1\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&big, &["1:1 utf-16 -"]);
    let unmarked: Vec<u8> = "A=1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&unmarked, &["1:2 nul -", "2:1 nul -"]);
}

#[test]
fn a_byte_order_mark_is_skipped_once() {
    check("\u{feff}A=1\nB=2\n", &["A=1", "B=2"]);
    check("\u{feff}", &[]);
    check("\u{feff}!\n\u{feff}A=1\n", &["1:1 missing-equals -", "?2:1 invalid-key -"]);
}

#[test]
fn line_ends_of_all_kinds() {
    check("A=1\rB='x\r\ny' \r\n\n\rC=3", &["A=1", "B=x\r\ny", "C=3"]);
    let document = parse(b"A=1\rB='x\r\ny' \r\n\n\rC=3");
    let lines: Vec<_> = document.items().iter().map(|item| item.line).collect();
    assert_eq!(lines, [1, 2, 4, 5, 6]);
}

#[test]
fn doubtful_keys_are_not_in_debug_output() {
    let document = parse(b"A=\"-----BEGIN\nbm90LXJlYWw=\n");
    let doubtful = document.assignments().next().expect("the second line reads as an assignment");
    assert!(doubtful.doubtful);
    assert!(!format!("{document:?}{doubtful:?}").contains("bm90LXJlYWw"));
}

#[test]
fn every_kind_has_a_message_and_help() {
    for kind in [
        ProblemKind::MissingEquals,
        ProblemKind::ColonForEquals,
        ProblemKind::InvalidKey,
        ProblemKind::EmptyKey,
        ProblemKind::UnterminatedQuote(Quote::Single),
        ProblemKind::UnterminatedQuote(Quote::Double),
        ProblemKind::TextAfterQuote,
        ProblemKind::NulByte,
        ProblemKind::InvalidUtf8,
        ProblemKind::Utf16,
    ] {
        for clause in [kind.message(), kind.help()] {
            assert!(!clause.ends_with('.') && clause.starts_with(char::is_lowercase), "{clause}");
        }
        assert_eq!(kind.to_string(), kind.message());
    }
}
