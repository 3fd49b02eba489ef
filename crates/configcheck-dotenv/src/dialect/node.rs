//! The npm package dotenv: one regular expression over the file, and no line is ever refused.

use super::Reading;
use super::line_pattern::LinePattern;
use super::record::Record;
use super::text::{Change, Text};

const LINE: LinePattern = LinePattern {
    is_blank,
    is_line_end,
    is_key: |character| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-'),
    quotes: b"'\"`",
    key_alone: false,
};

pub(super) fn read(input: &[u8]) -> Reading<'_> {
    let mut record = Record::new(input);
    let text = Text::new(input, 0, Change { line_ends: true, nul: false });
    let source = text.as_str();
    let mut at = 0;
    while let Some(line) = LINE.find(source, at) {
        at = line.end;
        let key = &source[line.key.clone()];
        if key == "__proto__" {
            // An object has this already, and text cannot replace it.
            continue;
        }
        let place = line.value.unwrap_or(line.key.end..line.key.end);
        let raw = &source[place.clone()];
        let trimmed = raw.trim_matches(is_blank);
        let start = if trimmed.is_empty() { place.start } else { place.end - raw.trim_start_matches(is_blank).len() };
        let span = text.span(start, start + trimmed.len());
        record.set(key.to_owned(), Some(value(trimmed).into()), text.span(line.key.start, line.key.end), span);
    }
    record.finish()
}

fn value(trimmed: &str) -> String {
    let value = without_quotes(trimmed);
    if trimmed.starts_with('"') { value.replace("\\n", "\n").replace("\\r", "\r") } else { value }
}

/// Takes off each pair of quotes of which one opens a line and the other one closes a line.
fn without_quotes(value: &str) -> String {
    let bytes = value.as_bytes();
    let ends_line = |at: usize| value[at..].chars().next().is_none_or(is_line_end);
    let last = |quote: u8| (0..bytes.len()).rev().find(|at| bytes[*at] == quote && ends_line(*at + 1));
    let mut closings = [b'\'', b'"', b'`'].map(|quote| (quote, None));
    let mut output = String::with_capacity(value.len());
    let mut copied = 0;
    let mut at = 0;
    loop {
        if let Some((quote, closing)) = closings.iter_mut().find(|(quote, _)| bytes.get(at) == Some(quote)) {
            let closing = *closing.get_or_insert_with(|| last(*quote));
            if let Some(closing) = closing.filter(|closing| *closing > at) {
                output.push_str(&value[copied..at]);
                output.push_str(&value[at + 1..closing]);
                copied = closing + 1;
                at = copied;
            }
        }
        let Some(found) = value[at..].find(is_line_end) else {
            output.push_str(&value[copied..]);
            return output;
        };
        at += found + value[at + found..].chars().next().map_or(0, char::len_utf8);
    }
}

fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// `\s` of JavaScript.
fn is_blank(character: char) -> bool {
    character == '\u{feff}' || (character.is_whitespace() && character != '\u{85}')
}
