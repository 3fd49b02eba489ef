//! Reads JSON as RFC 8259 has it. All numbers are floating-point numbers, as they are to sops.

use crate::document::{DEPTH_LIMIT, Entry, Kind, NODE_LIMIT, Node, Scalar, TOO_DEEP, TOO_MANY, TextProblem, float_text, refuse_duplicates};

const NO_NUMBER: &str = "this is not a number as JSON writes them";
const HALF_A_PAIR: &str = "this escape is half of a surrogate pair";

pub(super) fn read(text: &str) -> Result<Vec<Entry>, TextProblem> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, line: 1, nodes: 0 };
    reader.skip_blanks();
    if reader.peek() != Some(b'{') {
        return Err(reader.problem("the file does not begin with an opening brace"));
    }
    let entries = reader.table(1)?;
    reader.skip_blanks();
    if reader.at < reader.bytes.len() {
        return Err(reader.problem("something stands behind the end of the JSON text"));
    }
    Ok(entries)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: usize,
    nodes: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Node, TextProblem> {
        self.nodes += 1;
        if self.nodes > NODE_LIMIT {
            return Err(self.problem(TOO_MANY));
        }
        let line = self.line;
        match self.peek() {
            Some(b'{' | b'[') if depth == DEPTH_LIMIT => Err(self.problem(TOO_DEEP)),
            Some(b'{') => self.table(depth + 1).map(Node::Table),
            Some(b'[') => self.list(depth + 1).map(Node::List),
            Some(b'"') => Ok(Node::Scalar(Scalar::text(line, self.string()?))),
            Some(b'-' | b'0'..=b'9') => {
                let bytes = self.number()?.into_bytes();
                Ok(Node::Scalar(Scalar { line, kind: Kind::Other, bytes }))
            }
            Some(b't') => self.word(b"true", Node::Scalar(Scalar { line, kind: Kind::Bool, bytes: b"True".to_vec() })),
            Some(b'f') => self.word(b"false", Node::Scalar(Scalar { line, kind: Kind::Bool, bytes: b"False".to_vec() })),
            Some(b'n') => self.word(b"null", Node::Null),
            _ => Err(self.problem("a value is missing here, or text without quotes")),
        }
    }

    fn table(&mut self, depth: usize) -> Result<Vec<Entry>, TextProblem> {
        let mut entries = Vec::new();
        self.at += 1;
        self.skip_blanks();
        if self.take(b'}') {
            return Ok(entries);
        }
        loop {
            let line = self.line;
            if self.peek() != Some(b'"') {
                return Err(self.problem("a key in double quotes is missing here"));
            }
            let key = self.string()?;
            self.skip_blanks();
            if !self.take(b':') {
                return Err(self.problem("a colon is missing behind the key"));
            }
            self.skip_blanks();
            let node = self.value(depth)?;
            entries.push(Entry { key, line, node });
            self.skip_blanks();
            if self.take(b'}') {
                break;
            }
            self.comma("a comma or the closing brace is missing here")?;
        }
        refuse_duplicates(&entries)?;
        Ok(entries)
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, TextProblem> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_blanks();
        if self.take(b']') {
            return Ok(items);
        }
        loop {
            items.push(self.value(depth)?);
            self.skip_blanks();
            if self.take(b']') {
                return Ok(items);
            }
            self.comma("a comma or the closing bracket is missing here")?;
        }
    }

    fn comma(&mut self, message: &'static str) -> Result<(), TextProblem> {
        if !self.take(b',') {
            return Err(self.problem(message));
        }
        self.skip_blanks();
        Ok(())
    }

    fn string(&mut self) -> Result<String, TextProblem> {
        self.at += 1;
        let mut decoded = String::new();
        loop {
            let plain = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | ..=0x1f)) {
                self.at += 1;
            }
            decoded.push_str(&self.text[plain..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(decoded);
                }
                Some(b'\\') => decoded.push(self.escape()?),
                None | Some(b'\n' | b'\r') => return Err(self.problem("this string is not closed on its line")),
                Some(_) => return Err(self.problem("a control character must be written as an escape")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, TextProblem> {
        let letter = self.bytes.get(self.at + 1).copied();
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
            Some(b'u') => return self.code_point(),
            _ => return Err(self.problem("JSON has no such escape")),
        })
    }

    fn code_point(&mut self) -> Result<char, TextProblem> {
        let first = self.four_digits()?;
        let mut code = first;
        if (0xd800..0xdc00).contains(&first) {
            if self.bytes.get(self.at..self.at + 2) != Some(b"\\u") {
                return Err(self.problem(HALF_A_PAIR));
            }
            self.at += 2;
            let second = self.four_digits()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(self.problem(HALF_A_PAIR));
            }
            code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        }
        char::from_u32(code).ok_or_else(|| self.problem(HALF_A_PAIR))
    }

    fn four_digits(&mut self) -> Result<u32, TextProblem> {
        let digits = self.bytes.get(self.at..self.at + 4).unwrap_or_default();
        let code = digits.iter().try_fold(0, |code, digit| char::from(*digit).to_digit(16).map(|digit| code * 16 + digit));
        match code {
            Some(code) if digits.len() == 4 => {
                self.at += 4;
                Ok(code)
            }
            _ => Err(self.problem("four hexadecimal digits must follow `\\u`")),
        }
    }

    fn number(&mut self) -> Result<String, TextProblem> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        self.end_of_word()?;
        match self.text[start..self.at].parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(float_text(number)),
            _ => Err(self.problem("this number is too large")),
        }
    }

    fn digits(&mut self) -> Result<(), TextProblem> {
        let first = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == first { Err(self.problem(NO_NUMBER)) } else { Ok(()) }
    }

    fn word(&mut self, word: &[u8], node: Node) -> Result<Node, TextProblem> {
        if !self.bytes[self.at..].starts_with(word) {
            return Err(self.problem("text must stand in double quotes"));
        }
        self.at += word.len();
        self.end_of_word()?;
        Ok(node)
    }

    /// Refuses a number or word that goes on with something that belongs to neither.
    fn end_of_word(&self) -> Result<(), TextProblem> {
        match self.peek() {
            None | Some(b' ' | b'\t' | b'\n' | b'\r' | b',' | b']' | b'}') => Ok(()),
            Some(_) => Err(self.problem(NO_NUMBER)),
        }
    }

    fn skip_blanks(&mut self) {
        while let Some(blank @ (b' ' | b'\t' | b'\n' | b'\r')) = self.peek() {
            self.line += usize::from(blank == b'\n');
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

    fn problem(&self, message: &'static str) -> TextProblem {
        TextProblem { line: self.line, message }
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPTH_LIMIT, Kind, Node, TOO_DEEP, TextProblem, read};

    fn value(text: &str) -> Option<(Kind, String)> {
        let mut entries = read(&format!("{{\"a\": {text}}}")).ok()?;
        match entries.remove(0).node {
            Node::Scalar(scalar) => Some((scalar.kind, String::from_utf8(scalar.bytes).ok()?)),
            _ => None,
        }
    }

    fn problem(text: &str, line: usize, message: &str) {
        match read(text) {
            Err(TextProblem { line: found, message: words }) => assert_eq!((found, words.contains(message)), (line, true), "{words}"),
            Ok(_) => unreachable!("{text} is refused"),
        }
    }

    #[test]
    fn values_are_in_the_form_of_sops() {
        let check = |text: &str, kind, expected: &str| assert_eq!(value(text), Some((kind, expected.to_owned())), "{text}");
        check("1.0", Kind::Other, "1");
        check("1e21", Kind::Other, "1000000000000000000000");
        check("-0", Kind::Other, "-0");
        check("true", Kind::Bool, "True");
        check(r#""a\u003c\n\ud83d\ude00\/""#, Kind::Text, "a<\n😀/");
        for text in ["null", "[]", "{}", "01", "1.", "nul", "+1", ".5", "1e999", "'a'", r#""\ud800""#, r#""\x""#, "\"a\nb\"", "1 2"] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        problem("[]", 1, "opening brace");
        problem("", 1, "opening brace");
        problem("{\n\"a\": 1,\n\"a\": 2}", 3, "second time");
        problem("{\n\"a\": 1,\n}", 3, "key in double quotes");
        problem("{\"a\": 1}\nx", 2, "behind the end");
        problem("{\"a\"\n\n 1}", 3, "colon");
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(DEPTH_LIMIT), "]".repeat(DEPTH_LIMIT));
        problem(&deep, 1, TOO_DEEP);
        problem(&format!("{{\"a\":[{}1]}}", "1,".repeat(100_000)), 1, "100,000");
    }
}
