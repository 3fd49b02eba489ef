//! What the formats have in common: the tree that they make, the places in it, and the bounds that they keep.

use std::fmt;

use configcheck_core::origin::Span;
use configcheck_core::value::RawText;

/// A value of a file and its place.
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: NodeKind,
}

/// What a value of a file is.
pub(crate) enum NodeKind {
    /// Nothing: `null` of JSON and YAML.
    Null,
    /// Text, overwritten when it is dropped. Numbers and the like are here in their digits.
    Scalar(RawText),
    /// A list.
    List(Vec<Node>),
    /// Keys, each once, with their places, in the order of the file.
    Table(Vec<(String, Span, Node)>),
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ", self.span.line, self.span.column)?;
        // Keys are not shown either: a secret may stand in the place of one.
        f.write_str(match self.kind {
            NodeKind::Null => "Null",
            NodeKind::Scalar(_) => "Scalar(…)",
            NodeKind::List(_) => "List(…)",
            NodeKind::Table(_) => "Table(…)",
        })
    }
}

/// What is wrong with a file, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FormatError {
    /// From 1.
    pub(crate) line: u32,
    /// From 1, in characters.
    pub(crate) column: u32,
    /// A clause of ours, in small letters and without a full stop.
    pub(crate) message: &'static str,
}

/// How deep lists and tables may stand in each other.
pub(super) const DEPTH_LIMIT: usize = 64;

/// How many values a file may hold. A tree takes many times the memory of its text, so that the size of the file is no bound for it.
pub(super) const NODE_LIMIT: usize = 100_000;

pub(super) const TOO_DEEP: &str = "this is nested deeper than 64 levels";
pub(super) const TOO_MANY: &str = "the file holds more than 100,000 values";
pub(super) const DUPLICATE_KEY: &str = "this key stands here for the second time";

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Text and a place in it. Offsets are those of the text behind the byte order mark; spans count it.
pub(super) struct Source<'a> {
    text: &'a str,
    mark: usize,
    offset: usize,
    line: u32,
    column: u32,
}

impl<'a> Source<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let of = |text: &'a str, mark| Self { text, mark, offset: 0, line: 1, column: 1 };
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Err(of("", 0).error(0, "the file is UTF-16; it must be UTF-8"));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(match text.strip_prefix(BYTE_ORDER_MARK) {
                Some(rest) => of(rest, BYTE_ORDER_MARK.len()),
                None => of(text, 0),
            }),
            Err(error) => {
                let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
                let text = valid.strip_prefix(BYTE_ORDER_MARK).unwrap_or(valid);
                Err(of(text, 0).error(text.len(), "the file is not UTF-8 here"))
            }
        }
    }

    pub(super) const fn text(&self) -> &'a str {
        self.text
    }

    /// The place of a range. Ranges are asked for in the order of the text; going back costs a walk from its start.
    pub(super) fn span(&mut self, start: usize, end: usize) -> Span {
        self.go_to(start);
        let offset = |at: usize| u32::try_from(at.min(self.text.len()) + self.mark).unwrap_or(u32::MAX);
        Span { line: self.line, column: self.column, start: offset(start), end: offset(end.max(start)) }
    }

    /// The same place with another end.
    pub(super) fn until(&self, span: Span, end: usize) -> Span {
        Span { end: u32::try_from(end + self.mark).unwrap_or(u32::MAX), ..span }
    }

    pub(super) fn error(&mut self, at: usize, message: &'static str) -> FormatError {
        let span = self.span(at, at);
        FormatError { line: span.line, column: span.column, message }
    }

    /// What a file without anything in it is.
    pub(super) fn empty_table(&mut self) -> Node {
        Node { span: self.span(0, self.text.len()), kind: NodeKind::Table(Vec::new()) }
    }

    /// LF, CRLF and a lone CR end a line.
    fn go_to(&mut self, offset: usize) {
        if offset < self.offset {
            (self.offset, self.line, self.column) = (0, 1, 1);
        }
        let bytes = self.text.as_bytes();
        let end = offset.min(bytes.len());
        while self.offset < end {
            let byte = bytes[self.offset];
            let ends_line = byte == b'\n' || (byte == b'\r' && bytes.get(self.offset + 1) != Some(&b'\n'));
            if ends_line {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else if byte & 0b1100_0000 != 0b1000_0000 {
                self.column = self.column.saturating_add(1);
            }
            self.offset += 1;
        }
    }
}

/// The place of the first key that stands in the rows for the second time.
pub(super) fn duplicate(rows: &[(String, Span, Node)]) -> Option<Span> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| rows[*a].0.cmp(&rows[*b].0));
    let second = order.windows(2).filter(|pair| rows[pair[0]].0 == rows[pair[1]].0).map(|pair| pair[1]).min();
    second.map(|row| rows[row].1)
}
