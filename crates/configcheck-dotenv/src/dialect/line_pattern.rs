//! The pattern that dotenv for Node and dotenv for Ruby find their lines with, written out by hand.
//!
//! Both are one regular expression: blanks, an `export`, a key, `=` or `: `, then a quoted value or text up to
//! a `#`, and a comment. What these expressions leave over when they backtrack is worked out here, so that the
//! search stays linear.

use std::ops::Range;

/// In what the two expressions differ.
pub(super) struct LinePattern {
    pub(super) is_blank: fn(char) -> bool,
    /// What `^`, `$` and `.` take for the end of a line.
    pub(super) is_line_end: fn(char) -> bool,
    pub(super) is_key: fn(char) -> bool,
    pub(super) quotes: &'static [u8],
    /// Whether a key may stand without `=`.
    pub(super) key_alone: bool,
}

/// A line that the expression matches.
pub(super) struct Line {
    pub(super) exported: bool,
    pub(super) key: Range<usize>,
    /// With the blanks and quotes around it.
    pub(super) value: Option<Range<usize>>,
    pub(super) end: usize,
}

impl LinePattern {
    /// The first line that starts at or behind `from`, which is a line start or a line end.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<Line> {
        let mut start = from;
        loop {
            let first = self.skip_blanks(text, start);
            if first == text.len() {
                return None;
            }
            if let Some(line) = self.line(text, first) {
                return Some(line);
            }
            // Every line start in the blanks before `first` leads to `first` again.
            let end = self.line_end(text, first);
            start = end + text[end..].chars().next()?.len_utf8();
        }
    }

    fn line(&self, text: &str, first: usize) -> Option<Line> {
        let behind_export = first + "export".len();
        let exported = text[first..].starts_with("export").then(|| self.skip_blanks(text, behind_export));
        let exported = exported.filter(|key| *key > behind_export).and_then(|key| self.assignment(text, key, true));
        exported.or_else(|| self.assignment(text, first, false))
    }

    fn assignment(&self, text: &str, start: usize, exported: bool) -> Option<Line> {
        let length = text[start..].find(|character| !(self.is_key)(character)).unwrap_or(text.len() - start);
        let key = start..start + length;
        if key.is_empty() {
            return None;
        }
        let behind = self.skip_blanks(text, key.end);
        let value_start = if text[behind..].starts_with('=') {
            behind + 1
        } else if let Some(blank) = text[key.end..].strip_prefix(':').and_then(|rest| rest.chars().next())
            && (self.is_blank)(blank)
        {
            key.end + 1 + blank.len_utf8()
        } else if self.key_alone {
            return self.tail(text, key.end).map(|end| Line { exported, key, value: None, end });
        } else {
            return None;
        };
        if let Some((value, end)) = self.quoted(text, value_start) {
            return Some(Line { exported, key, value: Some(value), end });
        }
        let length = text[value_start..].find(['#', '\n']).unwrap_or(text.len() - value_start);
        let value_end = value_start + length;
        let value = (length > 0).then_some(value_start..value_end);
        self.tail(text, value_end).map(|end| Line { exported, key, value, end })
    }

    /// A quoted value that only blanks and a comment follow on its line.
    ///
    /// A quote behind a backslash closes the value only when no other one does; then the last such quote does.
    fn quoted(&self, text: &str, start: usize) -> Option<(Range<usize>, usize)> {
        let opening = self.skip_blanks(text, start);
        let bytes = text.as_bytes();
        let quote = *bytes.get(opening).filter(|byte| self.quotes.contains(byte))?;
        let mut escaped = Vec::new();
        let mut at = opening + 1;
        while at < bytes.len() {
            if bytes[at] == quote {
                if bytes[at - 1] != b'\\' {
                    break;
                }
                escaped.push(at);
            }
            at += 1;
        }
        let plain = (at < bytes.len()).then_some(at);
        let mut closings = plain.into_iter().chain(escaped.into_iter().rev());
        closings.find_map(|closing| self.tail(text, closing + 1).map(|end| (start..closing + 1, end)))
    }

    /// Where a line ends whose value ends at `start`, if nothing but blanks and a comment is behind it.
    fn tail(&self, text: &str, start: usize) -> Option<usize> {
        let behind = self.skip_blanks(text, start);
        match text[behind..].chars().next() {
            None => Some(behind),
            Some('#') => Some(self.line_end(text, behind)),
            Some(_) => text[start..behind].rfind(self.is_line_end).map(|found| start + found),
        }
    }

    fn line_end(&self, text: &str, start: usize) -> usize {
        text[start..].find(self.is_line_end).map_or(text.len(), |found| start + found)
    }

    fn skip_blanks(&self, text: &str, start: usize) -> usize {
        text[start..].find(|character| !(self.is_blank)(character)).map_or(text.len(), |found| start + found)
    }
}
