//! Goes through the input once, line by line, and makes the items.
//!
//! The structure is found on bytes first; text is made of it only where all of it is UTF-8.

use std::fmt;

use crate::item::{Assignment, Item, ItemKind};
use crate::key::{self, KeyScan, skip_blanks};
use crate::position::{Position, Span, behind_line_end, text_start};
use crate::problem::{Problem, ProblemKind};
use crate::value::{self, Failure, Value};
use crate::work;

/// Reads all items; together they tile the input.
pub(crate) fn read(input: &[u8]) -> Vec<Item<'_>> {
    let mut items = Vec::with_capacity(count_line_feeds(input) + 1);
    items.extend(Items::new(input));
    items
}

/// The items of a `.env` file one after the other, for a caller who does not keep them all. Made by [`items`](crate::items).
#[derive(Clone)]
pub struct Items<'a> {
    source: Source<'a>,
    input: &'a [u8],
    start: usize,
    text: usize,
    line: u32,
    broken_quote: bool,
    behind_loose_text: bool,
}

impl<'a> Items<'a> {
    pub(crate) fn new(input: &'a [u8]) -> Self {
        let source = Source::new(input);
        Self { source, input, start: 0, text: text_start(input), line: 1, broken_quote: false, behind_loose_text: false }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        if self.start >= self.input.len() {
            return None;
        }
        if self.start == 0 && (self.input.starts_with(b"\xff\xfe") || self.input.starts_with(b"\xfe\xff")) {
            self.start = self.input.len();
            return Some(utf16(self.input));
        }
        let scan = Scan::new(self.input, self.text);
        let end = behind_line_end(self.input, scan.line_end);
        let place = Place { text: self.text, end, line: self.line, doubtful: self.broken_quote || self.behind_loose_text };
        let item = Item { span: Span::new(self.start, end), line: self.line, kind: self.source.kind(&scan, &place) };
        self.broken_quote |= scan.broken_quote;
        self.behind_loose_text = matches!(scan.found, Found::Problem(ProblemKind::MissingEquals, ..));
        self.line = self.line.saturating_add(scan.breaks).saturating_add(1);
        self.start = end;
        self.text = end;
        Some(item)
    }
}

impl fmt::Debug for Items<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Items").field("line", &self.line).finish_non_exhaustive()
    }
}

/// Counts in pieces that a byte can count, which the compiler turns into vector code.
fn count_line_feeds(input: &[u8]) -> usize {
    let count = |piece: &[u8]| piece.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>();
    input.chunks(255).map(|piece| usize::from(count(piece))).sum()
}

fn utf16(input: &[u8]) -> Item<'_> {
    let problem =
        Problem { kind: ProblemKind::Utf16, span: Span::new(0, 2), position: Position { line: 1, column: 1 }, key: None, doubtful: false };
    Item { span: Span::new(0, input.len()), line: 1, kind: ItemKind::Problem(problem) }
}

/// One item as found in the bytes.
struct Scan {
    found: Found,
    /// Where the last line of the item ends, before its line end.
    line_end: usize,
    /// How many line ends stand before that line.
    breaks: u32,
    /// Whether the item has a quote that went wrong.
    broken_quote: bool,
}

enum Found {
    Blank,
    Comment,
    Assignment(KeyScan, Value),
    Problem(ProblemKind, Span, Option<Span>),
}

impl Scan {
    fn new(input: &[u8], start: usize) -> Self {
        let first = skip_blanks(input, start);
        match input.get(first) {
            None | Some(b'\n' | b'\r') => Self::line(Found::Blank, first),
            Some(b'#') => Self::line(Found::Comment, value::line_end(input, first)),
            Some(_) => {
                let key = key::scan(input, first);
                match key.value_start(input) {
                    Some(value_start) => Self::assignment(input, key, value_start),
                    None => Self::without_key(input, first, key),
                }
            }
        }
    }

    fn line(found: Found, line_end: usize) -> Self {
        Self { found, line_end, breaks: 0, broken_quote: false }
    }

    fn assignment(input: &[u8], key: KeyScan, value_start: usize) -> Self {
        match value::scan(input, value_start) {
            Ok(value) => Self { line_end: value.line_end, breaks: value.breaks, found: Found::Assignment(key, value), broken_quote: false },
            Err(Failure { kind, span, line_end, breaks }) => {
                Self { found: Found::Problem(kind, span, Some(key.text)), line_end, breaks, broken_quote: true }
            }
        }
    }

    /// A line with text but without a well-formed key and an `=` behind it.
    fn without_key(input: &[u8], first: usize, key: KeyScan) -> Self {
        let line_end = value::line_end(input, first);
        let name = if key.exported { key.text.start } else { first };
        let colon = key.text.end;
        let is_yaml = !key.text.is_empty()
            && input[colon..line_end].first() == Some(&b':')
            && matches!(input.get(colon + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r'));
        if is_yaml {
            return Self::skip_value(input, ProblemKind::ColonForEquals, Span::new(colon, colon + 1), colon + 1);
        }
        work::spent(line_end - name);
        let Some(equals) = input[name..line_end].iter().position(|byte| *byte == b'=').map(|at| name + at) else {
            let span = value::trimmed(input, first, line_end);
            return Self::line(Found::Problem(ProblemKind::MissingEquals, span, None), line_end);
        };
        let (kind, span) = if equals == name {
            (ProblemKind::EmptyKey, Span::new(equals, equals + 1))
        } else {
            (ProblemKind::InvalidKey, value::trimmed(input, name, equals))
        };
        Self::skip_value(input, kind, span, equals + 1)
    }

    /// Takes the value of a line with a bad key into the item, so that the lines of a quoted value are not
    /// read as items of their own.
    fn skip_value(input: &[u8], kind: ProblemKind, span: Span, value_start: usize) -> Self {
        let (line_end, breaks, broken_quote) = match value::scan(input, value_start) {
            Ok(value) => (value.line_end, value.breaks, false),
            Err(failure) => (failure.line_end, failure.breaks, true),
        };
        Self { found: Found::Problem(kind, span, None), line_end, breaks, broken_quote }
    }
}

/// Where an item stands.
struct Place {
    /// The first byte of its text, behind a byte order mark.
    text: usize,
    end: usize,
    line: u32,
    doubtful: bool,
}

/// The input, and whether its text can be taken without looking again.
#[derive(Clone, Copy)]
struct Source<'a> {
    input: &'a [u8],
    /// The whole input, when all of it is UTF-8 without a NUL byte.
    text: Option<&'a str>,
}

impl<'a> Source<'a> {
    fn new(input: &'a [u8]) -> Self {
        let text = if input.contains(&0) { None } else { str::from_utf8(input).ok() };
        Self { input, text }
    }

    fn kind(&self, item: &Scan, place: &Place) -> ItemKind<'a> {
        if self.text.is_none()
            && let Some((kind, span)) = self.flaw(place.text, place.end)
        {
            let key = match item.found {
                Found::Assignment(key, _) => Some(key.text),
                Found::Problem(_, _, key) => key,
                Found::Blank | Found::Comment => None,
            };
            return self.problem(kind, span, key, place);
        }
        match &item.found {
            Found::Blank => ItemKind::Blank,
            Found::Comment => ItemKind::Comment,
            Found::Assignment(key, value) => self.assignment(key, value, place),
            Found::Problem(kind, span, key) => self.problem(*kind, *span, *key, place),
        }
    }

    fn assignment(&self, key: &KeyScan, value: &Value, place: &Place) -> ItemKind<'a> {
        let (Some(key_text), Some(content)) = (self.text(key.text), self.text(value.content)) else {
            // Cannot happen: such bytes are a flaw, which was looked for before.
            return self.problem(ProblemKind::InvalidUtf8, value.span, Some(key.text), place);
        };
        ItemKind::Assignment(Assignment {
            key: key_text,
            key_span: key.text,
            key_position: place.behind_ascii(key.text.start),
            value: if value.escapes { value::decode(content) } else { content.into() },
            value_span: value.span,
            value_position: place.behind_ascii(value.span.start),
            quote: value.quote,
            exported: key.exported,
            comment: value.comment,
            doubtful: place.doubtful,
        })
    }

    fn problem(&self, kind: ProblemKind, span: Span, key: Option<Span>, place: &Place) -> ItemKind<'a> {
        work::spent(span.start - place.text);
        let position = Position::locate(self.input, place.text, place.line, span.start);
        ItemKind::Problem(Problem { kind, span, position, key, doubtful: place.doubtful })
    }

    fn text(&self, span: Span) -> Option<&'a str> {
        match self.text {
            Some(text) => text.get(span.range()),
            None => str::from_utf8(&self.input[span.range()]).ok(),
        }
    }

    /// The first byte of an item that is NUL or not UTF-8.
    fn flaw(&self, start: usize, end: usize) -> Option<(ProblemKind, Span)> {
        work::spent(end - start);
        let bytes = &self.input[start..end];
        let (valid, length) = match str::from_utf8(bytes) {
            Ok(_) => (bytes.len(), 0),
            Err(error) => (error.valid_up_to(), error.error_len().unwrap_or(bytes.len() - error.valid_up_to())),
        };
        if let Some(nul) = bytes[..valid].iter().position(|byte| *byte == 0) {
            return Some((ProblemKind::NulByte, Span::new(start + nul, start + nul + 1)));
        }
        (length > 0).then(|| (ProblemKind::InvalidUtf8, Span::new(start + valid, start + valid + length)))
    }
}

impl Place {
    /// The position of a byte on the first line that only ASCII characters stand before: blanks, `export`,
    /// the key and the `=`.
    fn behind_ascii(&self, offset: usize) -> Position {
        let column = u32::try_from(offset - self.text).unwrap_or(u32::MAX).saturating_add(1);
        Position { line: self.line, column }
    }
}
