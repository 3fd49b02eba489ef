//! The tree of an encrypted file: keys in their order, and values as they stand in it, most of them still encrypted.

use std::collections::HashSet;

/// How deep lists and tables may stand in each other.
pub(crate) const DEPTH_LIMIT: usize = 64;

/// How many values a file may hold. A tree takes many times the memory of its text, so that the size of the file is no bound for it.
pub(crate) const NODE_LIMIT: usize = 100_000;

pub(crate) const TOO_DEEP: &str = "this is nested deeper than 64 levels";
pub(crate) const TOO_MANY: &str = "the file holds more than 100,000 values";
pub(crate) const DUPLICATE_KEY: &str = "this key stands here for the second time";

/// What is wrong with the text of a file, and on which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextProblem {
    /// From 1.
    pub(crate) line: usize,
    /// A clause of ours, in small letters and without a full stop.
    pub(crate) message: &'static str,
}

/// A value of a file.
#[derive(PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Node {
    /// Nothing: `null` of JSON and YAML. It is neither encrypted nor counted.
    Null,
    /// One value.
    Scalar(Scalar),
    /// A list.
    List(Vec<Self>),
    /// A table.
    Table(Vec<Entry>),
}

/// A key of a table and its value.
#[derive(PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// The line of the key, from 1.
    pub(crate) line: usize,
    pub(crate) node: Node,
}

/// A value as it stands in the file. What is in clear there is no secret, so nothing of it is overwritten.
#[derive(PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Scalar {
    pub(crate) line: usize,
    pub(crate) kind: Kind,
    /// Text as it is; everything else in sops' own form of it: `True`, `15` for `0o17`, `10000000000` for `1e10`.
    pub(crate) bytes: Vec<u8>,
}

/// What a value in clear is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text, which may be an encrypted value.
    Text,
    /// `True` or `False`.
    Bool,
    /// A number, a time or bytes.
    Other,
}

impl Scalar {
    pub(crate) fn text(line: usize, text: impl Into<String>) -> Self {
        Self { line, kind: Kind::Text, bytes: text.into().into_bytes() }
    }

    /// The text, of a value that is text.
    pub(crate) fn as_text(&self) -> Option<&str> {
        if self.kind == Kind::Text { std::str::from_utf8(&self.bytes).ok() } else { None }
    }
}

impl Node {
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Scalar(scalar) => scalar.as_text(),
            _ => None,
        }
    }

    pub(crate) fn as_table(&self) -> &[Entry] {
        match self {
            Self::Table(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn as_list(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }
}

/// Refuses a key that stands twice: readers differ in which one counts.
pub(crate) fn refuse_duplicates(entries: &[Entry]) -> Result<(), TextProblem> {
    let mut seen = HashSet::with_capacity(entries.len());
    match entries.iter().find(|entry| !seen.insert(entry.key.as_str())) {
        Some(entry) => Err(TextProblem { line: entry.line, message: DUPLICATE_KEY }),
        None => Ok(()),
    }
}

/// A floating-point number as sops writes it: the shortest digits that mean it, all of them, no exponent.
pub(crate) fn float_text(number: f64) -> String {
    if number.is_infinite() {
        return (if number > 0.0 { "+Inf" } else { "-Inf" }).to_owned();
    }
    let mut text = number.to_string();
    if let Some((at, digit)) = text.rfind(|letter| matches!(letter, '1'..='9')).zip(even_last_digit(number)) {
        text.replace_range(at..=at, digit.encode_utf8(&mut [0; 4]));
    }
    text
}

/// The last digit of a number that lies in the middle between two shortest texts: sops (Go) takes the even one, the
/// standard library of Rust the upper one.
fn even_last_digit(number: f64) -> Option<char> {
    let shortest = format!("{number:e}");
    let (digits, _) = shortest.split_once('e')?;
    let precision = digits.trim_start_matches('-').len().checked_sub("1.".len())?;
    let rounded = format!("{number:.precision$e}");
    (rounded.parse() == Ok(number)).then(|| rounded.split_once('e')?.0.chars().next_back())?
}

#[cfg(test)]
mod tests {
    use super::float_text;

    #[test]
    fn floats_are_written_without_an_exponent() {
        let check = |number: f64, expected: &str| assert_eq!(float_text(number), expected);
        check(1e10, "10000000000");
        check(1.0, "1");
        check(-0.0, "-0");
        check(1e-7, "0.0000001");
        check(12_345_678_901_234_567_890.0, "12345678901234567000");
        check(1_632_516_968_253_459.0 + 0.25, "1632516968253459.2");
        check(-1_632_516_968_253_459.0 - 0.75, "-1632516968253459.8");
        check(5e-324, &format!("0.{}5", "0".repeat(323)));
        check(f64::INFINITY, "+Inf");
        check(f64::NEG_INFINITY, "-Inf");
        check(f64::NAN, "NaN");
    }
}
