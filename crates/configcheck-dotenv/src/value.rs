//! Scans a value: where it ends, whether escapes need decoding, and what may follow it.
//!
//! The scans work on bytes and cut only at ASCII characters, so UTF-8 is never split.

use std::borrow::Cow;

use crate::item::Quote;
use crate::key::{self, skip_blanks};
use crate::position::{Span, ends_line};
use crate::problem::ProblemKind;
use crate::work;

/// A value that could be read.
#[derive(Clone, Copy)]
pub(crate) struct Value {
    /// The value as written, quotes included.
    pub(crate) span: Span,
    /// The value without its quotes.
    pub(crate) content: Span,
    pub(crate) quote: Quote,
    /// Whether the content has an escape that must be decoded.
    pub(crate) escapes: bool,
    pub(crate) comment: Option<Span>,
    /// Where the line of the value ends, before its line end.
    pub(crate) line_end: usize,
    /// How many line ends stand inside the value.
    pub(crate) breaks: u32,
}

/// A value that could not be read, and where reading can go on.
#[derive(Clone, Copy)]
pub(crate) struct Failure {
    pub(crate) kind: ProblemKind,
    pub(crate) span: Span,
    /// The end of the last line that the failure takes up, before its line end.
    pub(crate) line_end: usize,
    /// How many line ends stand before that line.
    pub(crate) breaks: u32,
}

/// Scans the value that starts at `start`, right behind the `=`.
pub(crate) fn scan(input: &[u8], start: usize) -> Result<Value, Failure> {
    let first = skip_blanks(input, start);
    match input.get(first) {
        Some(b'"') => scan_quoted(input, first, Quote::Double),
        Some(b'\'') => scan_quoted(input, first, Quote::Single),
        _ => Ok(scan_unquoted(input, start, first)),
    }
}

/// Decodes the escapes of a double-quoted value.
pub(crate) fn decode(content: &str) -> Cow<'_, str> {
    let mut decoded = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at(at);
        decoded.push_str(plain);
        let (character, length) = match escape.as_bytes().get(1) {
            Some(b'n') => ('\n', 2),
            Some(b'r') => ('\r', 2),
            Some(b'"') => ('"', 2),
            Some(b'\\') => ('\\', 2),
            Some(b'$') => ('$', 2),
            _ => ('\\', 1),
        };
        decoded.push(character);
        rest = &escape[length..];
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Where the line around `at` ends, before its line end.
pub(crate) fn line_end(input: &[u8], at: usize) -> usize {
    let mut end = at;
    while let Some(byte) = input.get(end) {
        if matches!(byte, b'\n' | b'\r') {
            break;
        }
        end += 1;
    }
    work::spent(end - at);
    end
}

/// The span from `start` to `end` without the blanks at its end.
pub(crate) fn trimmed(input: &[u8], start: usize, end: usize) -> Span {
    let mut last = end;
    while last > start && matches!(input[last - 1], b' ' | b'\t') {
        last -= 1;
    }
    work::spent(end - last);
    Span::new(start, last)
}

/// `start` is right behind the `=`, `first` the first byte that is not a blank.
fn scan_unquoted(input: &[u8], start: usize, first: usize) -> Value {
    let mut comment = None;
    let mut at = first;
    let mut behind_blank = first > start;
    while let Some(&byte) = input.get(at) {
        match byte {
            b'\n' | b'\r' => break,
            b'#' if behind_blank => {
                comment = Some(Span::new(at, line_end(input, at)));
                break;
            }
            _ => behind_blank = matches!(byte, b' ' | b'\t'),
        }
        at += 1;
    }
    work::spent(at - first);
    let mut span = trimmed(input, first, at);
    if span.is_empty() {
        // Right behind the `=`, so that a value put here later keeps the blank before a comment.
        span = Span::new(start, start);
    }
    Value {
        span,
        content: span,
        quote: Quote::None,
        escapes: false,
        comment,
        line_end: comment.map_or(at, |comment| comment.end),
        breaks: 0,
    }
}

fn scan_quoted(input: &[u8], opening: usize, quote: Quote) -> Result<Value, Failure> {
    let mark = input[opening];
    let mut escapes = false;
    let mut breaks: u32 = 0;
    let mut at = opening + 1;
    loop {
        match input.get(at) {
            None => {
                work::spent(at - opening);
                return Err(unterminated(input, opening, quote));
            }
            Some(&byte) if byte == mark => break,
            Some(b'\\') if quote == Quote::Double => {
                if let Some(b'n' | b'r' | b'"' | b'\\' | b'$') = input.get(at + 1) {
                    escapes = true;
                    at += 1;
                }
            }
            Some(b'\n' | b'\r') if ends_line(input, at) => breaks = breaks.saturating_add(1),
            Some(_) => {}
        }
        at += 1;
    }
    work::spent(at - opening);
    let closing = at;
    let behind = skip_blanks(input, closing + 1);
    let end = line_end(input, behind);
    let comment = match input.get(behind) {
        Some(b'#') => Some(Span::new(behind, end)),
        _ if behind == end => None,
        _ if breaks > 0 && starts_assignment(input, opening, closing) => {
            return Err(unterminated(input, opening, quote));
        }
        _ => {
            let span = trimmed(input, behind, end);
            return Err(Failure { kind: ProblemKind::TextAfterQuote, span, line_end: end, breaks });
        }
    };
    Ok(Value {
        span: Span::new(opening, closing + 1),
        content: Span::new(opening + 1, closing),
        quote,
        escapes,
        comment,
        line_end: end,
        breaks,
    })
}

/// An unterminated quote takes up its own line only, so that the next lines are read as usual.
fn unterminated(input: &[u8], opening: usize, quote: Quote) -> Failure {
    Failure {
        kind: ProblemKind::UnterminatedQuote(quote),
        span: Span::new(opening, opening + 1),
        line_end: line_end(input, opening),
        breaks: 0,
    }
}

/// Whether the line of the closing quote reads as an assignment of its own. If text follows that quote as
/// well, then it most likely belongs to that assignment, and the quote at `opening` was never closed.
///
/// A scan that fails here is not paid for again and again: the next scan for the same mark cannot start
/// before `closing`, since the mark that opens it would have ended this one.
fn starts_assignment(input: &[u8], opening: usize, closing: usize) -> bool {
    let mut start = closing;
    while start > opening && !matches!(input[start - 1], b'\n' | b'\r') {
        start -= 1;
    }
    work::spent(closing - start);
    let scan = key::scan(input, skip_blanks(input, start));
    scan.value_start(input).is_some_and(|value| value <= closing)
}

#[cfg(test)]
mod tests {
    use super::{decode, scan};

    fn check(input: &str, expected: &str, comment: Option<&str>) {
        let value = scan(input.as_bytes(), 0).ok().expect("a value");
        let content = &input[value.content.range()];
        let content = if value.escapes { decode(content) } else { content.into() };
        assert_eq!(content, expected, "{input}");
        assert_eq!(value.comment.map(|span| &input[span.range()]), comment, "{input}");
    }

    #[test]
    fn unquoted_values_are_literal() {
        check("x y ", "x y", None);
        check(" \tx\\n$B`c`'d'\"e\"\t\n", "x\\n$B`c`'d'\"e\"", None);
        check("x\u{a0}\n", "x\u{a0}", None);
        check("\u{b}x\u{c}", "\u{b}x\u{c}", None);
        check("x\rB=2", "x", None);
    }

    #[test]
    fn a_comment_needs_a_blank_before_it() {
        check("x#y", "x#y", None);
        check("x #y\n", "x", Some("#y"));
        check("x\t# y # z \r\n", "x", Some("# y # z "));
        check("#x", "#x", None);
        check(" # c", "", Some("# c"));
        check("\"x\"# c", "x", Some("# c"));
        check("'x' \t #", "x", Some("#"));
    }

    #[test]
    fn single_quotes_are_literal() {
        check("'x\\n\"#$ \r\ny'", "x\\n\"#$ \r\ny", None);
        check("''", "", None);
    }

    #[test]
    fn double_quotes_decode_five_escapes() {
        check(r#""\n\r\"\\\$""#, "\n\r\"\\$", None);
        check(r#""\t\x\'\a\ ""#, r"\t\x\'\a\ ", None);
        check(r#""\\n\\\n""#, "\\n\\\n", None);
        check("\"a\\\nb\\\r\nc\"", "a\\\nb\\\r\nc", None);
        check("\"é\\$☃\"", "é$☃", None);
    }

    #[test]
    fn an_empty_value_stands_right_behind_the_equals() {
        assert_eq!(scan(b"   # c", 0).map(|value| (value.span.start, value.span.end)).ok(), Some((0, 0)));
    }
}
