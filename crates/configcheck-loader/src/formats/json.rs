//! Reads JSON as RFC 8259 has it. Numbers, `true` and `false` stay as they are written.

use std::mem;

use configcheck_core::origin::Span;
use configcheck_core::value::RawText;
use zeroize::Zeroizing;

use super::node::{DEPTH_LIMIT, DUPLICATE_KEY, FormatError, NODE_LIMIT, Node, NodeKind, Source, TOO_DEEP, TOO_MANY, duplicate};

const UNKNOWN_ESCAPE: &str = "JSON has no such escape";
const HALF_A_PAIR: &str = "this escape is half of a surrogate pair";

pub(super) fn read(source: &mut Source<'_>) -> Result<Node, FormatError> {
    let mut reader = Reader { bytes: source.text().as_bytes(), source, at: 0, nodes: 0 };
    reader.skip_blanks();
    let node = reader.value(0)?;
    reader.skip_blanks();
    if reader.at < reader.bytes.len() {
        return Err(reader.error("something stands behind the end of the JSON text"));
    }
    Ok(node)
}

struct Reader<'s, 'a> {
    source: &'s mut Source<'a>,
    bytes: &'a [u8],
    at: usize,
    nodes: usize,
}

impl Reader<'_, '_> {
    fn value(&mut self, depth: usize) -> Result<Node, FormatError> {
        self.nodes += 1;
        if self.nodes > NODE_LIMIT {
            return Err(self.error(TOO_MANY));
        }
        let start = self.at;
        let span = self.source.span(start, start);
        let kind = match self.peek() {
            Some(b'{' | b'[') if depth == DEPTH_LIMIT => return Err(self.error(TOO_DEEP)),
            Some(b'{') => self.table(depth + 1)?,
            Some(b'[') => self.list(depth + 1)?,
            Some(b'"') => NodeKind::Scalar(text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                self.written(start)
            }
            Some(b't') => {
                self.word(b"true")?;
                self.written(start)
            }
            Some(b'f') => {
                self.word(b"false")?;
                self.written(start)
            }
            Some(b'n') => {
                self.word(b"null")?;
                NodeKind::Null
            }
            Some(b'\'') => return Err(self.error("JSON has double quotes only")),
            Some(b'/' | b'#') => return Err(self.error("JSON has no comments")),
            _ => return Err(self.error("a value is missing here")),
        };
        Ok(Node { span: self.source.until(span, self.at), kind })
    }

    fn table(&mut self, depth: usize) -> Result<NodeKind, FormatError> {
        let mut rows = Vec::new();
        self.at += 1;
        self.skip_blanks();
        if self.take(b'}') {
            return Ok(NodeKind::Table(rows));
        }
        loop {
            let (key, span) = self.key()?;
            self.skip_blanks();
            if !self.take(b':') {
                return Err(self.error("a colon is missing behind the key"));
            }
            self.skip_blanks();
            let node = self.value(depth)?;
            rows.push((key, span, node));
            self.skip_blanks();
            if self.take(b'}') {
                break;
            }
            self.comma("a comma or the closing brace is missing here")?;
        }
        match duplicate(&rows) {
            Some(span) => Err(FormatError { line: span.line, column: span.column, message: DUPLICATE_KEY }),
            None => Ok(NodeKind::Table(rows)),
        }
    }

    fn key(&mut self) -> Result<(String, Span), FormatError> {
        if self.peek() != Some(b'"') {
            return Err(self.error(match self.peek() {
                Some(b'}') => "a comma stands before the closing brace",
                Some(b'/' | b'#') => "JSON has no comments",
                _ => "a key in double quotes is missing here",
            }));
        }
        let span = self.source.span(self.at, self.at);
        let mut key = self.string()?;
        Ok((mem::take(&mut *key), self.source.until(span, self.at)))
    }

    fn list(&mut self, depth: usize) -> Result<NodeKind, FormatError> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_blanks();
        if self.take(b']') {
            return Ok(NodeKind::List(items));
        }
        loop {
            if self.peek() == Some(b']') {
                return Err(self.error("a comma stands before the closing bracket"));
            }
            items.push(self.value(depth)?);
            self.skip_blanks();
            if self.take(b']') {
                return Ok(NodeKind::List(items));
            }
            self.comma("a comma or the closing bracket is missing here")?;
        }
    }

    fn comma(&mut self, message: &'static str) -> Result<(), FormatError> {
        if !self.take(b',') {
            return Err(self.error(message));
        }
        self.skip_blanks();
        Ok(())
    }

    /// Decodes a string into a buffer with room for all of it, so that no piece of it is left behind by a move.
    fn string(&mut self) -> Result<Zeroizing<String>, FormatError> {
        let open = self.at;
        self.at += 1;
        let mut decoded = Zeroizing::new(String::with_capacity(self.length_of_string(open)?));
        loop {
            let plain = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | ..=0x1f)) {
                self.at += 1;
            }
            decoded.push_str(&self.source.text()[plain..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(decoded);
                }
                Some(b'\\') => decoded.push(self.escape()?),
                _ => return Err(self.error("a control character must be written as an escape")),
            }
        }
    }

    /// How many bytes stand between the quotes, which is at least what they decode to.
    fn length_of_string(&mut self, open: usize) -> Result<usize, FormatError> {
        let mut at = open + 1;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => return Ok(at - open - 1),
                Some(b'\\') => at += 2,
                // A string does not go over the end of its line, so that a quote that is not closed is told where it stands.
                None | Some(b'\n' | b'\r') => return Err(self.source.error(open, "this string is not closed on its line")),
                Some(_) => at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, FormatError> {
        let start = self.at;
        let letter = self.bytes.get(start + 1).copied();
        self.at += 2;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(start),
            _ => return Err(self.source.error(start, UNKNOWN_ESCAPE)),
        })
    }

    fn code_point(&mut self, start: usize) -> Result<char, FormatError> {
        let first = self.four_digits(start)?;
        let mut code = first;
        if (0xd800..0xdc00).contains(&first) {
            if self.bytes.get(self.at..self.at + 2) != Some(b"\\u") {
                return Err(self.source.error(start, HALF_A_PAIR));
            }
            self.at += 2;
            let second = self.four_digits(start)?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(self.source.error(start, HALF_A_PAIR));
            }
            code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        }
        char::from_u32(code).ok_or_else(|| self.source.error(start, HALF_A_PAIR))
    }

    fn four_digits(&mut self, start: usize) -> Result<u32, FormatError> {
        let digits = self.bytes.get(self.at..self.at + 4).unwrap_or_default();
        let code = digits.iter().try_fold(0, |code, digit| char::from(*digit).to_digit(16).map(|digit| code * 16 + digit));
        match code {
            Some(code) if digits.len() == 4 => {
                self.at += 4;
                Ok(code)
            }
            _ => Err(self.source.error(start, "four hexadecimal digits must follow `\\u`")),
        }
    }

    fn number(&mut self) -> Result<(), FormatError> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits(start)?;
        }
        if self.take(b'.') {
            self.digits(start)?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits(start)?;
        }
        self.end_of_word(start, "this is not a number as JSON writes them; text must stand in quotes")
    }

    fn digits(&mut self, start: usize) -> Result<(), FormatError> {
        let first = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == first {
            return Err(self.source.error(start, "this is not a number as JSON writes them; text must stand in quotes"));
        }
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), FormatError> {
        const MESSAGE: &str = "text must stand in double quotes";
        let start = self.at;
        if !self.bytes[start..].starts_with(word) {
            return Err(self.error(MESSAGE));
        }
        self.at += word.len();
        self.end_of_word(start, MESSAGE)
    }

    /// Refuses a number or word that goes on with something that belongs to neither.
    fn end_of_word(&mut self, start: usize, message: &'static str) -> Result<(), FormatError> {
        match self.peek() {
            None | Some(b' ' | b'\t' | b'\n' | b'\r' | b',' | b']' | b'}') => Ok(()),
            Some(b'/' | b'#') => Err(self.error("JSON has no comments")),
            Some(_) => Err(self.source.error(start, message)),
        }
    }

    fn written(&self, start: usize) -> NodeKind {
        NodeKind::Scalar(RawText::new(self.source.text()[start..self.at].to_owned()).wiped_on_drop())
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn error(&mut self, message: &'static str) -> FormatError {
        self.source.error(self.at, message)
    }
}

fn text(mut decoded: Zeroizing<String>) -> RawText {
    RawText::new(mem::take(&mut *decoded)).wiped_on_drop()
}
