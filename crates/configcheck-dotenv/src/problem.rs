//! What can be wrong with a line, in words that say what to do and never repeat the line.

use std::fmt;

use crate::item::Quote;
use crate::position::{Position, Span};

/// Something the reader could not read, and where.
///
/// `Display` and `Debug` show the place and the kind, never text of the file.
///
/// ```
/// use configcheck_dotenv::{ProblemKind, Quote, parse};
///
/// let document = parse(b"A=1\nKEY=\"not-a-real-secret\nB=2\n");
/// let problem = document.problems().next().expect("the quote is never closed");
///
/// assert_eq!(problem.kind, ProblemKind::UnterminatedQuote(Quote::Double));
/// assert_eq!(document.source(problem.key.expect("a good key")), b"KEY");
/// assert_eq!(problem.to_string(), "2:5: this double quote is never closed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The bytes that are wrong. They may be part of a secret: underline them only where the reader of the
    /// output may see the file.
    pub span: Span,
    /// Where the span starts.
    pub position: Position,
    /// The key, when it is well formed and an `=` follows it. A line without `=` has no key here, because it
    /// may as well be a piece of a secret.
    pub key: Option<Span>,
    /// Whether this line may be a piece of a broken value: a quote on an earlier line went wrong, or the line
    /// right before this one has no `=`.
    ///
    /// Do not show the key of a doubtful problem unless it is one you expected: it may be part of a secret.
    pub doubtful: bool,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.position, self.kind)
    }
}

/// The kinds of problems. `Display` writes the [`message`](ProblemKind::message).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The line has text but no `=`.
    MissingEquals,
    /// A colon and a blank stand between the key and the value, as in YAML.
    ColonForEquals,
    /// The key holds a character that is not allowed there.
    InvalidKey,
    /// Nothing stands before the `=`.
    EmptyKey,
    /// The quote that opens the value is never closed. The place is that of the opening quote.
    UnterminatedQuote(Quote),
    /// Something other than a comment follows the closing quote.
    TextAfterQuote,
    /// A NUL byte, which no environment variable can hold.
    NulByte,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// The whole file is UTF-16, which its byte order mark says.
    Utf16,
}

impl ProblemKind {
    /// What is wrong, as a clause without a full stop.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::MissingEquals => "this line has no `=`",
            Self::ColonForEquals => "a colon stands where `=` is needed",
            Self::InvalidKey => "this key is not a valid name",
            Self::EmptyKey => "there is no key before the `=`",
            Self::UnterminatedQuote(Quote::Single) => "this single quote is never closed",
            Self::UnterminatedQuote(Quote::Double) => "this double quote is never closed",
            Self::UnterminatedQuote(Quote::None) => "this quote is never closed",
            Self::TextAfterQuote => "there is text behind the closing quote",
            Self::NulByte => "there is a NUL byte here, which no environment variable can hold",
            Self::InvalidUtf8 => "there are bytes here that are not UTF-8",
            Self::Utf16 => "this file is UTF-16, not UTF-8",
        }
    }

    /// What to do about it, as a clause without a full stop.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::MissingEquals => "write `KEY=value`, or `KEY=` for an empty value, or put `#` before a comment",
            Self::ColonForEquals => "write `=` between the key and the value",
            Self::InvalidKey => "use letters, digits, `_` and `.` only, with a letter or `_` first, and no quotes around the key",
            Self::EmptyKey => "write the key before the `=`, or remove the line",
            Self::UnterminatedQuote(Quote::Single) => "close it with `'`; a value that holds a `'` needs double quotes around it",
            Self::UnterminatedQuote(_) => "close it with `\"`; a `\"` inside the value is written `\\\"`",
            Self::TextAfterQuote => {
                "put the whole value inside one pair of quotes; only a comment may follow; inside double quotes, \
                 `\"` is written `\\\"`, and single quotes cannot hold a `'`"
            }
            Self::NulByte => "remove the byte; if the file has many, save it as UTF-8",
            Self::InvalidUtf8 => "save the file as UTF-8; write binary data in base64",
            Self::Utf16 => "save the file as UTF-8; in Windows PowerShell, `>` writes UTF-16; use `Set-Content -Encoding utf8`",
        }
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.message())
    }
}
