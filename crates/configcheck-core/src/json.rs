//! Writes JSON without a serializer: a service that prints its schema or its report compiles nothing for it.

use std::fmt::Write as _;

use crate::display::must_escape;

/// The widest object or list that [`indented`] leaves on one line, in bytes.
const WIDEST_LINE: usize = 100;

/// A document of ours on several lines, for files that people read and compare: what is short and holds nothing nested stays on one line.
/// Ends with a line end.
///
/// ```
/// use configcheck_core::json::indented;
///
/// assert_eq!(indented(r#"{"a":[{"b":"x, y","c":[1,2]}]}"#), "{\n  \"a\": [\n    {\n      \"b\": \"x, y\",\n      \"c\": [1, 2]\n    }\n  ]\n}\n");
/// ```
pub fn indented(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(c) = json[at..].chars().next() {
        let opens = matches!(c, '{' | '[');
        let end = if opens { flat_end(&json[at..]).map(|length| at + length) } else { None };
        if let Some(end) = end {
            spaced(&json[at..end], &mut text);
            at = end;
            continue;
        }
        match c {
            '"' => {
                let end = at + text_length(&json[at..]);
                text.push_str(&json[at..end]);
                at = end;
                continue;
            }
            '{' | '[' => {
                depth += 1;
                text.push(c);
                new_line(&mut text, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut text, depth);
                text.push(c);
            }
            ',' => {
                text.push(c);
                new_line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => text.push(c),
        }
        at += c.len_utf8();
    }
    text.push('\n');
    text
}

/// The document without blanks between its parts, for comparing two of them.
pub fn compact(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut at = 0;
    while let Some(c) = json[at..].chars().next() {
        let length = if c == '"' { text_length(&json[at..]) } else { c.len_utf8() };
        if !c.is_ascii_whitespace() {
            text.push_str(&json[at..at + length]);
        }
        at += length;
    }
    text
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

/// The length of an object or a list that stays on one line; `None` for one with another inside, or one that is too wide.
fn flat_end(json: &str) -> Option<usize> {
    let mut at = 1;
    while at < WIDEST_LINE {
        match json[at..].chars().next()? {
            '"' => at += text_length(&json[at..]),
            '{' | '[' => return None,
            '}' | ']' => return Some(at + 1),
            c => at += c.len_utf8(),
        }
    }
    None
}

/// Copies a flat object or list with a blank behind each comma and colon.
fn spaced(json: &str, text: &mut String) {
    let mut at = 0;
    while let Some(c) = json[at..].chars().next() {
        let length = if c == '"' { text_length(&json[at..]) } else { c.len_utf8() };
        text.push_str(&json[at..at + length]);
        if matches!(c, ',' | ':') {
            text.push(' ');
        }
        at += length;
    }
}

/// The length of the text that starts here, its quotes included.
fn text_length(json: &str) -> usize {
    let mut escaped = false;
    for (at, c) in json.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    json.len()
}

/// A JSON document under construction. Objects and lists are written with closures, so that brackets always match.
///
/// ```
/// use configcheck_core::json::Json;
///
/// let text = Json::object(|o| {
///     o.text("name", "a\"b");
///     o.list("sizes", |l| {
///         l.number(1);
///         l.number(2);
///     });
/// });
/// assert_eq!(text, r#"{"name":"a\"b","sizes":[1,2]}"#);
/// ```
#[derive(Debug)]
pub struct Json {
    text: String,
}

/// The members of an object.
#[derive(Debug)]
pub struct Object<'a> {
    json: &'a mut Json,
    first: bool,
}

/// The items of a list.
#[derive(Debug)]
pub struct List<'a> {
    json: &'a mut Json,
    first: bool,
}

impl Json {
    /// A document that is one object.
    pub fn object(write: impl FnOnce(&mut Object<'_>)) -> String {
        let mut json = Self { text: String::new() };
        json.write_object(write);
        json.text
    }

    fn write_object(&mut self, write: impl FnOnce(&mut Object<'_>)) {
        self.text.push('{');
        write(&mut Object { json: self, first: true });
        self.text.push('}');
    }

    fn write_list(&mut self, write: impl FnOnce(&mut List<'_>)) {
        self.text.push('[');
        write(&mut List { json: self, first: true });
        self.text.push(']');
    }

    fn write_text(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            match c {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                // What would steer a terminal that prints the document; a reader gets the very text.
                c if must_escape(c) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        // Writing to a `String` cannot fail.
                        let _ = write!(self.text, "\\u{unit:04x}");
                    }
                }
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }
}

impl Object<'_> {
    fn key(&mut self, key: &str) {
        if !std::mem::take(&mut self.first) {
            self.json.text.push(',');
        }
        self.json.write_text(key);
        self.json.text.push(':');
    }

    /// A text.
    pub fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        self.json.write_text(text);
    }

    /// A text, left out when there is none.
    pub fn text_if(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    /// A number.
    pub fn number(&mut self, key: &str, number: impl Into<i128>) {
        self.key(key);
        let _ = write!(self.json.text, "{}", number.into());
    }

    /// Text that already is JSON: a number with a fraction, or one beyond 64 bits.
    pub fn raw(&mut self, key: &str, json: &str) {
        self.key(key);
        self.json.text.push_str(json);
    }

    /// True or false.
    pub fn bool(&mut self, key: &str, value: bool) {
        self.raw(key, if value { "true" } else { "false" });
    }

    /// An object.
    pub fn object(&mut self, key: &str, write: impl FnOnce(&mut Object<'_>)) {
        self.key(key);
        self.json.write_object(write);
    }

    /// A list.
    pub fn list(&mut self, key: &str, write: impl FnOnce(&mut List<'_>)) {
        self.key(key);
        self.json.write_list(write);
    }

    /// A list of texts, left out when it is empty.
    pub fn texts_if(&mut self, key: &str, texts: &[&str]) {
        if !texts.is_empty() {
            self.list(key, |list| texts.iter().for_each(|text| list.text(text)));
        }
    }
}

impl List<'_> {
    fn item(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.json.text.push(',');
        }
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.item();
        self.json.write_text(text);
    }

    /// A number.
    pub fn number(&mut self, number: impl Into<i128>) {
        self.item();
        let _ = write!(self.json.text, "{}", number.into());
    }

    /// An object.
    pub fn object(&mut self, write: impl FnOnce(&mut Object<'_>)) {
        self.item();
        self.json.write_object(write);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_nothing_to_obey() {
        let text = Json::object(|o| o.text("a\u{1b}", "\u{202e}\u{e0041}\u{7f}\n\"ä☃"));
        assert_eq!(text, r#"{"a\u001b":"\u202e\udb40\udc41\u007f\n\"ä☃"}"#);
    }
}
