//! The input as text, in the form in which a dialect sees it, and the way back to the bytes of the input.

use std::borrow::Cow;

use crate::position::Span;

/// What a dialect changes in the input before it reads it.
#[derive(Clone, Copy, Default)]
pub(super) struct Change {
    /// Each CRLF and each lone CR becomes an LF.
    pub(super) line_ends: bool,
    /// NUL bytes are left out.
    pub(super) nul: bool,
}

/// Text with places that can be found again in the input. Bytes that are not UTF-8 are U+FFFD in it.
pub(super) struct Text<'a> {
    text: Cow<'a, str>,
    /// Where the distance between a place in the text and one in the input changes: both places.
    shifts: Vec<(usize, usize)>,
}

impl<'a> Text<'a> {
    /// The input from `start` on.
    pub(super) fn new(input: &'a [u8], start: usize, change: Change) -> Self {
        let body = &input[start..];
        let changes = |byte: &u8| (*byte == b'\r' && change.line_ends) || (*byte == 0 && change.nul);
        if !body.iter().any(changes)
            && let Ok(text) = str::from_utf8(body)
        {
            return Self { text: Cow::Borrowed(text), shifts: vec![(0, start)] };
        }
        let mut copy = Copy { text: String::with_capacity(body.len()), shifts: vec![(0, start)], at: start };
        for chunk in body.utf8_chunks() {
            copy.valid(chunk.valid(), change);
            if !chunk.invalid().is_empty() {
                // A CR at the end of the piece before cannot be waiting for an LF here.
                copy.text.push(char::REPLACEMENT_CHARACTER);
                copy.at += chunk.invalid().len();
                copy.shift();
            }
        }
        Self { text: Cow::Owned(copy.text), shifts: copy.shifts }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The place in the input that a place in the text stands for.
    pub(super) fn place(&self, at: usize) -> usize {
        let behind = self.shifts.partition_point(|(text, _)| *text <= at);
        let (text, input) = self.shifts[behind - 1];
        input + (at - text)
    }

    /// The bytes of the input that a part of the text stands for.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let start = self.place(start);
        Span::new(start, self.place(end).max(start))
    }
}

struct Copy {
    text: String,
    shifts: Vec<(usize, usize)>,
    /// The first byte of the input that is not copied yet.
    at: usize,
}

impl Copy {
    fn valid(&mut self, text: &str, change: Change) {
        let mut rest = text;
        while let Some(at) = rest.find(['\r', '\0']) {
            self.plain(&rest[..at]);
            let behind = &rest[at + 1..];
            let length = match rest.as_bytes()[at] {
                0 if change.nul => 1,
                b'\r' if change.line_ends => {
                    self.text.push('\n');
                    if behind.starts_with('\n') { 2 } else { 1 }
                }
                _ => {
                    self.plain(&rest[at..=at]);
                    0
                }
            };
            self.at += length;
            if length > 0 {
                self.shift();
            }
            rest = &rest[at + length.max(1)..];
        }
        self.plain(rest);
    }

    fn plain(&mut self, text: &str) {
        self.text.push_str(text);
        self.at += text.len();
    }

    fn shift(&mut self) {
        self.shifts.push((self.text.len(), self.at));
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Text};

    fn check(input: &[u8], change: Change, expected: &str, places: &[usize]) {
        let text = Text::new(input, 0, change);
        assert_eq!(text.as_str(), expected);
        let found: Vec<_> = expected.char_indices().map(|(at, _)| text.place(at)).chain([text.place(expected.len())]).collect();
        assert_eq!(found, places);
    }

    #[test]
    fn places_lead_back_to_the_input() {
        let all = Change { line_ends: true, nul: true };
        check(b"ab", all, "ab", &[0, 1, 2]);
        check(b"a\r\nb\rc\n", all, "a\nb\nc\n", &[0, 1, 3, 4, 5, 6, 7]);
        check(b"a\0\0b", all, "ab", &[0, 3, 4]);
        check(b"\xffa\xe2\x98", all, "\u{fffd}a\u{fffd}", &[0, 1, 2, 4]);
        check(b"\r\n\0\xff", Change::default(), "\r\n\0\u{fffd}", &[0, 1, 2, 3, 4]);
    }
}
