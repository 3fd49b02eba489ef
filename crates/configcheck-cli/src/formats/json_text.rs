//! What the JSON formats share: a document that a terminal can print without obeying anything in it.

use std::borrow::Cow;
use std::fmt::Write as _;

use configcheck_core::display::escaped;
use configcheck_core::json::{Json, Object};

/// A document that is one object, on one line.
pub(crate) fn object(write: impl FnOnce(&mut Object<'_>)) -> String {
    let mut document = harmless(Json::object(write));
    document.push('\n');
    document
}

/// A document that is a list of objects, each on its line.
pub(super) fn list(objects: &[String]) -> String {
    if objects.is_empty() {
        return "[]\n".to_owned();
    }
    harmless(format!("[\n{}\n]\n", objects.join(",\n")))
}

/// A count as the writer takes it.
pub(crate) fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Writes as `\u` escapes what the writer leaves and a terminal would obey: a reader gets the very text, a terminal gets nothing to turn.
/// Such characters stand within texts only, so the document stays the same.
fn harmless(document: String) -> String {
    if document.chars().all(is_harmless) {
        return document;
    }
    let mut text = String::with_capacity(document.len() + 64);
    for c in document.chars() {
        if is_harmless(c) {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

/// The line breaks are ours: the writer escapes those of texts.
fn is_harmless(c: char) -> bool {
    c.is_ascii_graphic() || matches!(c, ' ' | '\n') || matches!(escaped(c.encode_utf8(&mut [0; 4])), Cow::Borrowed(_))
}
