//! What holds for every input and every value.

use configcheck_dotenv::{Document, ItemKind, parse, quote};
use proptest::prelude::*;

/// Bytes that often run into the interesting paths: quotes, escapes, line ends, pieces of UTF-8.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            &b"A="[..],
            b"export ",
            b"B_2.c",
            b"\"",
            b"'",
            b"\\",
            b"\\n",
            b"\\\"",
            b"$",
            b"#",
            b" ",
            b"\t",
            b"\n",
            b"\r",
            b"\r\n",
            b"=",
            b":",
            b"`",
            b"\0",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"\xc3",
            b"\xa9",
            b"\xc3\xa9",
        ])
        .prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Values without a NUL, half of them made of the characters that matter here.
fn values() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec!['\'', '"', '\\', '$', 'n', 'r', '\n', '\r', ' ', '#', '`', 'é', '\u{feff}']);
    let character = prop_oneof![special, any::<char>()].prop_filter("no NUL", |character| *character != '\0');
    prop::collection::vec(character, 0..40).prop_map(|characters| characters.into_iter().collect())
}

fn check_tiling(document: &Document<'_>) {
    let mut end = 0;
    for item in document.items() {
        assert_eq!(item.span.start, end);
        assert!(item.span.end > item.span.start);
        assert_eq!(document.position(item.span.start).line, item.line);
        end = item.span.end;
    }
    assert_eq!(end, document.input().len());
    assert_eq!(document.to_bytes(), document.input());
}

fn check_places(document: &Document<'_>) {
    for item in document.items() {
        let inside = |start, end| item.span.start <= start && start <= end && end <= item.span.end;
        match &item.kind {
            ItemKind::Assignment(found) => {
                assert_eq!(document.source(found.key_span), found.key.as_bytes());
                assert!(inside(found.key_span.end, found.value_span.start));
                assert!(inside(found.value_span.start, found.value_span.end));
                assert_eq!(document.position(found.key_span.start), found.key_position);
                assert_eq!(document.position(found.value_span.start), found.value_position);
                if let Some(comment) = found.comment {
                    assert!(inside(found.value_span.end, comment.start));
                    assert!(document.source(comment).starts_with(b"#"));
                }
            }
            ItemKind::Problem(problem) => {
                assert!(inside(problem.span.start, problem.span.end));
                assert!(!problem.span.is_empty());
                assert_eq!(document.position(problem.span.start), problem.position);
            }
            ItemKind::Blank | ItemKind::Comment => {}
        }
    }
}

fn check_arrives(input: &str, value: &str) {
    let document = parse(input.as_bytes());
    let read: Vec<_> = document.assignments().map(|found| (found.key, found.value.as_ref())).collect();
    assert_eq!(read, [("BEFORE", "1"), ("A", value), ("BEHIND", "2")]);
    assert_eq!(document.problems().count(), 0);
}

/// Double quotes with all five escapes, written here a second time so that the test does not trust `quote`.
fn escaped(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
    escaped.replace('\n', "\\n").replace('\r', "\\r")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_tiled_by_items(input in bytes()) {
        let document = parse(&input);
        check_tiling(&document);
        check_places(&document);
    }

    #[test]
    fn single_quotes_keep_everything(value in values()) {
        let value = value.replace(['\'', '\n', '\r'], "");
        check_arrives(&format!("BEFORE=1\nA='{value}'\nBEHIND=2\n"), &value);
    }

    #[test]
    fn double_quotes_can_hold_any_text(value in values()) {
        check_arrives(&format!("BEFORE=1\nA=\"{}\" # c\nBEHIND=2\n", escaped(&value)), &value);
    }

    #[test]
    fn quote_is_read_back(value in values()) {
        let quoted = quote(&value).expect("no NUL");
        check_arrives(&format!("BEFORE=1\nexport A={quoted}\r\nBEHIND=2"), &value);
        check_arrives(&format!("BEFORE=1\nA = {quoted} # it's a \"comment\"\nBEHIND=2\n"), &value);
    }

    #[test]
    fn a_value_can_be_replaced_in_place(input in bytes(), value in values()) {
        let document = parse(&input);
        let quoted = quote(&value).expect("no NUL");
        for (index, found) in document.assignments().enumerate().filter(|(_, found)| !found.doubtful) {
            let (before, behind) = (&input[..found.value_span.start], &input[found.value_span.end..]);
            let changed = [before, quoted.as_bytes(), behind].concat();
            let changed = parse(&changed);
            let read = changed.assignments().nth(index).expect("the same assignment");
            prop_assert_eq!((read.key, read.value.as_ref()), (found.key, value.as_str()));
        }
    }
}
