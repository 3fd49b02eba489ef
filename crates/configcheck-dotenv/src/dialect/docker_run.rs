//! `docker run --env-file`: one variable a line, and everything behind the `=` is the value.

use std::borrow::Cow;

use super::Reading;
use super::expand::Scope;
use super::record::{Record, Why};
use crate::position::{BOM, Span};

/// A Go scanner takes no longer line than this, with its line feed.
const LONGEST_LINE: usize = 64 * 1024;

const NOT_UTF8: Why =
    Why { message: "this line is not UTF-8", help: "save the file as UTF-8; write binary data in base64", goes_on: false };

const LONG_LINE: Why = Why {
    message: "this line has 64 KiB or more, and docker reads no line that long",
    help: "shorten the value, or put it into a file",
    goes_on: false,
};

const BLANK_IN_KEY: Why = Why {
    message: "there is a blank before the `=`, and docker allows none there",
    help: "write `KEY=value` without `export` and without blanks around the key",
    goes_on: false,
};

const NO_KEY: Why =
    Why { message: "there is no key before the `=`", help: "write the key before the `=`, or remove the line", goes_on: false };

pub(super) fn read<'a>(input: &'a [u8], scope: &Scope<'_>) -> Reading<'a> {
    let mut record = Record::new(input);
    for line in Lines::new(input) {
        if line.too_long {
            record.refuse(Span::new(line.start, line.end), LONG_LINE, None);
            break;
        }
        let Ok(text) = line.text(input) else {
            record.refuse(Span::new(line.start, line.end), NOT_UTF8, None);
            break;
        };
        let (key, value) = text.split_once('=').map_or((text, None), |(key, value)| (key, Some(value)));
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let start = line.end - text.len();
        let key_span = Span::new(start, start + key.len());
        if key.contains([' ', '\t']) {
            record.refuse(key_span, BLANK_IN_KEY, None);
            break;
        }
        if key.is_empty() {
            record.refuse(Span::new(start, start + 1), NO_KEY, None);
            break;
        }
        let value_start = value.map_or(key_span.end, |value| line.end - value.len());
        let value = value.map(Cow::Borrowed).or_else(|| scope.outer(key).map(Cow::Owned));
        if value.is_some() {
            record.set(key, value, key_span, Span::new(value_start, value_start.max(line.end)));
        }
    }
    record.finish()
}

/// One line as a Go scanner hands it on: without its line feed and one CR before it.
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) too_long: bool,
}

impl Line {
    /// The line without the blanks before it, once all of it is known to be UTF-8.
    pub(super) fn text<'a>(&self, input: &'a [u8]) -> Result<&'a str, std::str::Utf8Error> {
        str::from_utf8(&input[self.start..self.end]).map(str::trim_start)
    }
}

/// The lines of a file, without a byte order mark before the first.
pub(super) struct Lines<'a> {
    input: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    pub(super) const fn new(input: &'a [u8]) -> Self {
        Self { input, at: 0 }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let rest = self.input.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let line = rest[..length].strip_suffix(b"\r").unwrap_or(&rest[..length]);
        let mark = if self.at == 0 && line.starts_with(BOM) { BOM.len() } else { 0 };
        let found = Line { start: self.at + mark, end: self.at + line.len(), too_long: length >= LONGEST_LINE };
        self.at += length + 1;
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_LINE, Lines};

    #[test]
    fn a_line_of_64_kib_is_too_long() {
        let check = |length: usize, too_long: bool| {
            let input = "x".repeat(length) + "\nA=1\r\n";
            let lines: Vec<_> = Lines::new(input.as_bytes()).map(|line| (line.end - line.start, line.too_long)).collect();
            assert_eq!(lines, [(length, too_long), (3, false)]);
        };
        check(LONGEST_LINE - 1, false);
        check(LONGEST_LINE, true);
    }
}
