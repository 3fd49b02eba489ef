//! The read file: its items, and the way back to the bytes.

use std::fmt;

use crate::item::{Assignment, Item, ItemKind};
use crate::position::{Position, Span, text_start};
use crate::problem::Problem;

/// A read `.env` file: the input and the items that tile it.
///
/// `Debug` shows the number of items, never text of the file.
///
/// ```
/// let input = b"# database\r\nURL = postgres://db.example/app\r\n";
/// let document = configcheck_dotenv::parse(input);
/// assert_eq!(document.items().len(), 2);
/// assert_eq!(document.to_bytes(), input);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Document<'a> {
    input: &'a [u8],
    items: Vec<Item<'a>>,
}

impl<'a> Document<'a> {
    pub(crate) fn new(input: &'a [u8], items: Vec<Item<'a>>) -> Self {
        Self { input, items }
    }

    /// All items in the order of the file. An empty input has none.
    #[must_use]
    pub fn items(&self) -> &[Item<'a>] {
        &self.items
    }

    /// The items themselves, for a caller who keeps the values.
    ///
    /// ```
    /// use configcheck_dotenv::{ItemKind, parse};
    ///
    /// let items = parse(b"A=1\n").into_items();
    /// assert!(matches!(&items[0].kind, ItemKind::Assignment(assignment) if assignment.key == "A"));
    /// ```
    #[must_use]
    pub fn into_items(self) -> Vec<Item<'a>> {
        self.items
    }

    /// The assignments in the order of the file, duplicates included.
    ///
    /// ```
    /// let document = configcheck_dotenv::parse(b"A=1\nA=2\n");
    /// let values: Vec<_> = document.assignments().map(|a| a.value.as_ref()).collect();
    /// assert_eq!(values, ["1", "2"]);
    /// ```
    pub fn assignments(&self) -> impl Iterator<Item = &Assignment<'a>> {
        self.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Assignment(assignment) => Some(assignment),
            _ => None,
        })
    }

    /// The problems in the order of the file.
    ///
    /// ```
    /// let document = configcheck_dotenv::parse(b"A-B=1\n=2\nC=3\n");
    /// let lines: Vec<_> = document.problems().map(|problem| problem.position.line).collect();
    /// assert_eq!(lines, [1, 2]);
    /// ```
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Problem(problem) => Some(problem),
            _ => None,
        })
    }

    /// The bytes that were read.
    #[must_use]
    pub fn input(&self) -> &'a [u8] {
        self.input
    }

    /// The bytes of a span, or none if the span is not one of this input.
    ///
    /// ```
    /// let document = configcheck_dotenv::parse(b"A=1\nB='2'\n");
    /// let second = document.assignments().nth(1).expect("two assignments");
    /// assert_eq!(document.source(second.value_span), b"'2'");
    /// ```
    #[must_use]
    pub fn source(&self, span: Span) -> &'a [u8] {
        self.input.get(span.range()).unwrap_or_default()
    }

    /// The line and column of a byte. An offset behind the end is taken as the end.
    ///
    /// The items already hold the positions of keys, values and problems; this is for any other place, such
    /// as that of a comment.
    ///
    /// ```
    /// let document = configcheck_dotenv::parse("A=1\nB='ö\nö' # why\n".as_bytes());
    /// let comment = document.assignments().nth(1).and_then(|b| b.comment).expect("a comment");
    /// assert_eq!(document.position(comment.start).to_string(), "3:4");
    /// ```
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let behind = self.items.partition_point(|item| item.span.start <= offset);
        let (start, line) = match self.items[..behind].last() {
            Some(item) if item.span.start > 0 => (item.span.start, item.line),
            _ => (text_start(self.input), 1),
        };
        Position::locate(self.input, start, line, offset)
    }

    /// Puts the file together again from its items; the result equals the input byte for byte.
    ///
    /// ```
    /// let input = b"\xef\xbb\xbfA = 1\r\n!!!\r\nB=\"x";
    /// assert_eq!(configcheck_dotenv::parse(input).to_bytes(), input);
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.input.len());
        for item in &self.items {
            bytes.extend_from_slice(self.source(item.span));
        }
        bytes
    }
}

impl fmt::Debug for Document<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Document").field("items", &self.items.len()).finish_non_exhaustive()
    }
}
