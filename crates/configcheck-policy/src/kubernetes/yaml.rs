//! As much of YAML as roles are written in.

use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};

use crate::document::Unread;

/// The deepest nesting that is read.
const DEEPEST: usize = 32;

/// Text as a plain scalar where it can only be read as text, else in quotes.
pub(super) fn scalar(text: &str) -> String {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_plain = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
        && !words.contains(&text);
    if is_plain { text.to_owned() } else { Value::from(text).to_string() }
}

/// Text within a comment, which ends with its line.
pub(super) fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

/// The documents of a file; every scalar is text.
pub(super) fn documents(text: &str) -> Result<Vec<Value>, Unread> {
    let unread = |line: usize, message: &str| Err(Unread { line, message: message.to_owned() });
    let (mut documents, mut frames) = (Vec::new(), Vec::new());
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let Ok((event, span)) = event else { return unread(0, "this is no YAML") };
        let line = span.start.line();
        let done = match event {
            Event::Scalar(text, ..) => Value::from(text.into_owned()),
            Event::SequenceStart(..) | Event::MappingStart(..) if frames.len() >= DEEPEST => {
                return unread(line, "this is nested too deep");
            }
            Event::SequenceStart(..) => {
                frames.push(Frame::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                frames.push(Frame::Table(Map::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match frames.pop() {
                Some(Frame::List(items)) => Value::Array(items),
                Some(Frame::Table(rows, _)) => Value::Object(rows),
                None => continue,
            },
            Event::Alias(_) => return unread(line, "anchors and aliases are not read"),
            _ => continue,
        };
        match frames.last_mut() {
            None => documents.push(done),
            Some(Frame::List(items)) => items.push(done),
            Some(Frame::Table(rows, key)) => match (key.take(), done) {
                (None, Value::String(name)) => *key = Some(name),
                (None, _) => return unread(line, "a key is no text"),
                (Some(name), value) => {
                    if rows.insert(name, value).is_some() {
                        return unread(line, "a key stands twice");
                    }
                }
            },
        }
    }
    Ok(documents)
}

enum Frame {
    List(Vec<Value>),
    Table(Map<String, Value>, Option<String>),
}
