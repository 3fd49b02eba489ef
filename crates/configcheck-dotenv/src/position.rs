//! Places in the input: byte spans for machines, lines and columns for people.

use std::fmt;
use std::ops::Range;

/// The UTF-8 byte order mark, which some editors write at the start of a file.
pub(crate) const BOM: &[u8] = b"\xef\xbb\xbf";

/// A range of bytes in the input; `end` is the first byte behind it.
///
/// ```
/// use configcheck_dotenv::Span;
///
/// let span = Span { start: 2, end: 5 };
/// assert_eq!(&"A=xyz"[span.range()], "xyz");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The first byte that no longer belongs to the span.
    pub end: usize,
}

impl Span {
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The span as a range, for slicing.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The number of bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds no byte, as the value of `A=` does.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A line and a column, both counted from 1.
///
/// The column counts characters (Unicode scalar values, as `char` does), not bytes and not what a terminal
/// shows as one cell; a tab is one character. A byte order mark does not count. Bytes that are not UTF-8 each
/// count as one character, unless they have the form of a continuation byte.
///
/// ```
/// use configcheck_dotenv::Position;
///
/// assert_eq!(Position { line: 3, column: 7 }.to_string(), "3:7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1. LF, CRLF and a lone CR each end a line.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// Where `offset` is, counted from the start of the line `line` at `line_start`.
    pub(crate) fn locate(input: &[u8], line_start: usize, line: u32, offset: usize) -> Self {
        let mut position = Self { line, column: 1 };
        for at in line_start..offset.min(input.len()) {
            if ends_line(input, at) {
                position.line = position.line.saturating_add(1);
                position.column = 1;
            } else if input[at] & 0b1100_0000 != 0b1000_0000 {
                position.column = position.column.saturating_add(1);
            }
        }
        position
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

/// Whether the byte at `at` is the last one of a line end: LF, or a CR that no LF follows.
pub(crate) fn ends_line(input: &[u8], at: usize) -> bool {
    match input.get(at) {
        Some(b'\n') => true,
        Some(b'\r') => input.get(at + 1) != Some(&b'\n'),
        _ => false,
    }
}

/// The first byte behind the line end that starts at `line_end`, or `line_end` itself at the end of the input.
pub(crate) fn behind_line_end(input: &[u8], line_end: usize) -> usize {
    match (input.get(line_end), input.get(line_end + 1)) {
        (None, _) => line_end,
        (Some(b'\r'), Some(b'\n')) => line_end + 2,
        _ => line_end + 1,
    }
}

/// Where the text of the input starts: behind the byte order mark, if there is one.
pub(crate) fn text_start(input: &[u8]) -> usize {
    if input.starts_with(BOM) { BOM.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::{Position, behind_line_end};

    fn check(input: &[u8], offset: usize, line: u32, column: u32) {
        assert_eq!(Position::locate(input, 0, 1, offset), Position { line, column });
    }

    #[test]
    fn columns_count_characters() {
        check("é☃=x".as_bytes(), 5, 1, 3);
        check(b"\t\tA", 2, 1, 3);
        check(b"\xff\xffA", 2, 1, 3);
    }

    #[test]
    fn each_line_end_counts_once() {
        check(b"a\nb\r\nc\rd", 2, 2, 1);
        check(b"a\nb\r\nc\rd", 5, 3, 1);
        check(b"a\nb\r\nc\rd", 7, 4, 1);
        check(b"a\n", 2, 2, 1);
        check(b"a\n", 99, 2, 1);
    }

    #[test]
    fn a_line_end_has_one_or_two_bytes() {
        assert_eq!(behind_line_end(b"a\r\nb", 1), 3);
        assert_eq!(behind_line_end(b"a\rb", 1), 2);
        assert_eq!(behind_line_end(b"a\nb", 1), 2);
        assert_eq!(behind_line_end(b"a", 1), 1);
    }
}
