//! What the reader makes of a file: items that tile it, and the assignments among them.

use std::borrow::Cow;
use std::fmt;

use crate::position::{Position, Span};
use crate::problem::Problem;

/// One or more whole lines of the input that belong together.
///
/// The items tile the input: the first starts at byte 0, each starts where the one before it ends, and the
/// last ends with the input. Only a quoted value makes an item longer than one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item<'a> {
    /// The whole lines, line end included. A byte order mark belongs to the first item.
    pub span: Span,
    /// The number of the first line, from 1.
    pub line: u32,
    /// What the lines hold.
    pub kind: ItemKind<'a>,
}

/// What the lines of an item hold.
///
/// ```
/// use configcheck_dotenv::{ItemKind, parse};
///
/// let document = parse(b"# web\n\nPORT=8080\nPORT\n");
/// let kinds: Vec<_> = document.items().iter().map(|item| &item.kind).collect();
/// assert!(matches!(
///     kinds[..],
///     [ItemKind::Comment, ItemKind::Blank, ItemKind::Assignment(_), ItemKind::Problem(_)]
/// ));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind<'a> {
    /// A line without any text.
    Blank,
    /// A line that holds a comment and nothing else.
    Comment,
    /// A key and its value.
    Assignment(Assignment<'a>),
    /// Something the reader could not read.
    Problem(Problem),
}

/// A key, its value and where both stand.
///
/// `Debug` shows neither the value nor its length, and no doubtful key.
///
/// ```
/// use configcheck_dotenv::{Quote, parse};
///
/// let document = parse(b"  export KEY = 'not-a-real-secret' # why\n");
/// let assignment = document.assignments().next().expect("one assignment");
///
/// assert_eq!(assignment.key, "KEY");
/// assert_eq!(assignment.key_position.to_string(), "1:10");
/// assert_eq!(assignment.value, "not-a-real-secret");
/// assert_eq!(document.source(assignment.value_span), b"'not-a-real-secret'");
/// assert_eq!(assignment.quote, Quote::Single);
/// assert!(assignment.exported);
/// assert_eq!(document.source(assignment.comment.expect("a comment")), b"# why");
/// assert!(!format!("{assignment:?}").contains("not-a-real-secret"));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assignment<'a> {
    /// The key, without `export`.
    pub key: &'a str,
    /// The bytes of the key.
    pub key_span: Span,
    /// Where the key starts.
    pub key_position: Position,
    /// The value as a program should see it; borrowed from the input unless an escape was decoded.
    pub value: Cow<'a, str>,
    /// The bytes of the value as written, quotes included. An empty value stands right behind the `=`.
    pub value_span: Span,
    /// Where the value starts, which is its opening quote if it has one.
    pub value_position: Position,
    /// How the value is quoted.
    pub quote: Quote,
    /// Whether `export` stands before the key.
    pub exported: bool,
    /// The comment behind the value, from its `#` to the line end.
    pub comment: Option<Span>,
    /// Whether this line may be a piece of a broken value: a quote on an earlier line went wrong, or the line
    /// right before this one has no `=`.
    ///
    /// Do not show the key of a doubtful assignment unless it is one you expected: it may be part of a secret.
    pub doubtful: bool,
}

impl fmt::Debug for Assignment<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.doubtful { "<doubtful>" } else { self.key };
        formatter
            .debug_struct("Assignment")
            .field("key", &key)
            .field("key_position", &self.key_position)
            .field("value_position", &self.value_position)
            .field("quote", &self.quote)
            .field("exported", &self.exported)
            .finish_non_exhaustive()
    }
}

/// The quotes around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quote {
    /// No quotes.
    None,
    /// Single quotes: everything between them is literal.
    Single,
    /// Double quotes: a few escapes are decoded.
    Double,
}

#[cfg(test)]
mod tests {
    use crate::parse;

    #[test]
    fn debug_shows_no_value() {
        let input = b"A=hunter2\nB='hunter2'\nC=\"hunter2\\n\"\nD=\"hunter2\nhunter2=hunter2\nE=1 # hunter2\n";
        let document = parse(input);
        assert_eq!(document.assignments().count(), 5);
        let shown = format!("{document:?}\n{:?}\n{:#?}", document.items(), document.items());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
