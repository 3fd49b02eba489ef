//! Reads the bytes of a `.env` file into a lossless list of items with exact places.
//!
//! The crate opens no file and reads no environment variable: bytes go in, items come out. It never fails as
//! a whole. A line that cannot be read becomes an [`ItemKind::Problem`] and the other lines are read as
//! usual, so that one run shows every mistake. No message and no `Debug` output holds a value.
//!
//! ```
//! let document = configcheck_dotenv::parse(b"PORT=8080 # web\nexport NAME='a b'\n\nTOKEN: x\n");
//!
//! let read: Vec<_> = document.assignments().map(|a| (a.key, a.value.as_ref())).collect();
//! assert_eq!(read, [("PORT", "8080"), ("NAME", "a b")]);
//!
//! let problem = document.problems().next().expect("the colon is a problem");
//! assert_eq!(problem.position.to_string(), "4:6");
//! assert_eq!(problem.kind.help(), "write `=` between the key and the value");
//! ```
//!
//! # The dialect
//!
//! Readers of `.env` files disagree on many inputs. This one reads the core on which nearly all agree, keeps
//! text literal where they do not, and reports what it would have to guess.
//!
//! - **Lines** end with LF, CRLF or a lone CR. A UTF-8 byte order mark at the start is skipped.
//! - **Keys** are `[A-Za-z_][A-Za-z0-9_.]*`. Blanks (space and tab) may stand before the key and around `=`.
//!   An `export` and a blank may stand before the key.
//! - **Comments** start with `#`: as the first character of a line, behind an unquoted value when a blank
//!   stands before the `#`, and behind a closing quote. So `A=x#y` is `x#y`, and `A=x #y` is `x`.
//! - **Unquoted values** run to the comment or the line end. Blanks at both ends are dropped; everything else
//!   is literal: backslashes, quotes inside, backticks, JSON.
//! - **Single quotes** keep everything literal up to the next `'`, over several lines if need be.
//! - **Double quotes** may span lines too. `\n`, `\r`, `\"`, `\\` and `\$` are decoded; every other backslash
//!   stays, with the character behind it.
//! - **Line ends inside quotes** are kept as they stand: a file with CRLF gives a value with CRLF.
//! - **`$` is literal** everywhere. Nothing is expanded and nothing is executed.
//! - **Duplicates** are all returned, in order. Which one counts is for the caller to say.
//!
//! # Doubtful lines
//!
//! When a quote is never closed, reading goes on with the next line. The lines behind it may then be pieces
//! of the broken value: the base64 line `c2VjcmV0=` of a private key looks like an assignment to the key
//! `c2VjcmV0`. The same happens when a key is pasted without quotes; then the line right behind one without
//! `=` may be its last piece. Such items are marked [`doubtful`](Assignment::doubtful). Do not show a doubtful
//! key unless it is one you expected.
//!
//! # Other dialects
//!
//! [`read_as`] tells what another program makes of the same file: a shell, `docker run`, Docker Compose, the
//! libraries for Node, Python, Ruby and Rust, systemd or kubectl. See [`Dialect`].
//!
//! # Cost
//!
//! Reading is linear in the size of the input, whatever the input is. A value is borrowed from the input
//! unless an escape has to be decoded. An item takes a fixed number of bytes, also for an empty line, so a
//! caller who reads files from strangers should bound their size.

#![forbid(unsafe_code)]

mod dialect;
mod document;
mod item;
mod key;
mod position;
mod problem;
mod quote;
mod reader;
mod value;
mod work;

pub use dialect::{Dialect, Reading, Refusal, Variable, begins_line, read_as};
pub use document::Document;
pub use item::{Assignment, Item, ItemKind, Quote};
pub use position::{Position, Span};
pub use problem::{Problem, ProblemKind};
pub use quote::quote;
pub use reader::Items;

/// Reads the bytes of a `.env` file.
///
/// This cannot fail: what cannot be read is a [`Problem`] among the items.
///
/// ```
/// let document = configcheck_dotenv::parse(b"GREETING=\"hello\\nworld\"\n");
/// let assignment = document.assignments().next().expect("one assignment");
/// assert_eq!(assignment.key, "GREETING");
/// assert_eq!(assignment.value, "hello\nworld");
/// ```
#[must_use]
pub fn parse(input: &[u8]) -> Document<'_> {
    Document::new(input, reader::read(input))
}

/// Reads the items one after the other, for a caller who does not keep them all: a large file costs no memory beyond itself.
///
/// ```
/// let lines: Vec<u32> = configcheck_dotenv::items(b"A=1\n\nB='2\n3'\nC=4").map(|item| item.line).collect();
/// assert_eq!(lines, [1, 2, 3, 5]);
/// ```
pub fn items(input: &[u8]) -> Items<'_> {
    Items::new(input)
}
