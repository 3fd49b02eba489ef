//! What every format keeps: exact values, exact places, and clauses that quote nothing.

use std::path::Path;

use super::{Format, parse};

#[test]
fn the_extension_says_the_format() {
    let check = |path: &str, expected| assert_eq!(Format::of_path(Path::new(path)), expected, "{path}");
    check("config.toml", Some(Format::Toml));
    check("a.b/config.YML", Some(Format::Yaml));
    check("config.prod.yaml", Some(Format::Yaml));
    check("config.json", Some(Format::Json));
    check("config.json5", None);
    check("toml", None);
    check(".toml", None);
    check("config.toml.bak", None);
}

#[test]
fn a_format_without_its_feature_is_told() {
    for format in [Format::Toml, Format::Yaml, Format::Json] {
        let result = parse(format, b"");
        assert_eq!(result.is_ok(), format.is_available(), "{}", format.name());
    }
}

mod check {
    use std::time::{Duration, Instant};

    use crate::formats::{Format, FormatError, Node, NodeKind, parse};

    /// The tree as text, with scalars in quotes.
    pub(super) fn shown(node: &Node) -> String {
        match &node.kind {
            NodeKind::Null => "null".to_owned(),
            NodeKind::Scalar(text) => format!("{:?}", text.text().unwrap_or("not text")),
            NodeKind::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(" ")),
            NodeKind::Table(rows) => {
                let rows: Vec<_> = rows.iter().map(|(key, _, value)| format!("{key}: {}", shown(value))).collect();
                format!("{{{}}}", rows.join(" "))
            }
        }
    }

    pub(super) fn reads(format: Format, text: &str, expected: &str) {
        match parse(format, text.as_bytes()) {
            Ok(node) => assert_eq!(shown(&node), expected, "{text}"),
            Err(error) => unreachable!("{text}: {error:?}"),
        }
    }

    /// The file is refused at a place.
    pub(super) fn refuses(format: Format, bytes: impl AsRef<[u8]>, line: u32, column: u32, message: &str) {
        let bytes = bytes.as_ref();
        let start = Instant::now();
        let error = parse(format, bytes).expect_err("the file is refused");
        assert!(start.elapsed() < Duration::from_secs(20), "{message}: it took {:?}", start.elapsed());
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
        assert_eq!((error.line, error.column, error.message), (line, column, message), "{shown}");
        let FormatError { message, .. } = error;
        assert!(!message.ends_with('.'), "{message}");
    }

    /// The source text of every scalar and key, through its span.
    pub(super) fn places(format: Format, text: &str) -> Vec<String> {
        let node = parse(format, text.as_bytes()).expect("the file can be read");
        let mut places = Vec::new();
        collect(&node, text, &mut places);
        places
    }

    fn collect(node: &Node, text: &str, places: &mut Vec<String>) {
        let place = |span: configcheck_core::origin::Span| {
            let range = usize::try_from(span.start).expect("small")..usize::try_from(span.end).expect("small");
            format!("{}:{} {}", span.line, span.column, &text[range])
        };
        match &node.kind {
            NodeKind::Null | NodeKind::Scalar(_) => places.push(place(node.span)),
            NodeKind::List(items) => items.iter().for_each(|item| collect(item, text, places)),
            NodeKind::Table(rows) => {
                for (_, key, value) in rows {
                    places.push(place(*key));
                    collect(value, text, places);
                }
            }
        }
    }
}

#[test]
fn all_formats_take_the_same_encodings() {
    for format in [Format::Toml, Format::Yaml, Format::Json].into_iter().filter(|format| format.is_available()) {
        for empty in ["", "\u{feff}", " \r\n\t\n", "\u{feff}\n"] {
            check::reads(format, empty, "{}");
        }
        check::refuses(format, b"a\xc3\xa4 \xff", 1, 4, "the file is not UTF-8 here");
        check::refuses(format, b"\n\n\xef\xbb\xbfa\n\xe2\x82", 4, 1, "the file is not UTF-8 here");
        check::refuses(format, b"\xff\xfea\0", 1, 1, "the file is UTF-16; it must be UTF-8");
    }
}

mod json;
#[cfg(feature = "toml")]
mod toml;
#[cfg(feature = "yaml")]
mod yaml;
