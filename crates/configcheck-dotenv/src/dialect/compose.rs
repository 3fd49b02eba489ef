//! Docker Compose, for its `.env` and for `env_file:`: the parser of compose-go, version 2.

use super::Reading;
use super::compose_template::substitute;
use super::expand::Scope;
use super::record::{Record, Why};
use super::text::{Change, Text};
use crate::position::{Span, text_start};

const BAD_KEY: Why = Why {
    message: "there is a character in the key that Compose does not take",
    help: "write `KEY=value`; a key has letters, digits, `_`, `.` and `-`; only blanks may follow a closing quote",
    goes_on: false,
};

const BLANK_IN_KEY: Why = Why { message: "there is a blank inside the key", help: "write `KEY=value`", goes_on: false };

const NO_KEY: Why =
    Why { message: "there is nothing behind `export`", help: "write `export KEY=value`, or remove the line", goes_on: false };

const UNTERMINATED: Why =
    Why { message: "this quote is never closed", help: "close it; a quote inside the value needs a backslash before it", goes_on: false };

pub(super) fn read<'a>(input: &'a [u8], scope: &mut Scope<'_>) -> Reading<'a> {
    let mut record = Record::new(input);
    let text = Text::new(input, text_start(input), Change::default());
    let mut reader = Reader { source: text.as_str(), text: &text, at: 0 };
    while reader.seek_statement() {
        if let Err((span, why, key)) = reader.statement(scope, &mut record) {
            record.refuse(span, why, key);
            break;
        }
    }
    record.finish()
}

type Refused = (Span, Why, Option<Span>);

struct Reader<'t, 'a> {
    source: &'t str,
    text: &'t Text<'a>,
    at: usize,
}

impl<'t> Reader<'t, '_> {
    /// Goes to the next character that is neither white space nor in a comment.
    fn seek_statement(&mut self) -> bool {
        loop {
            let rest = self.rest();
            let Some(found) = rest.find(|character: char| !character.is_whitespace()) else {
                return false;
            };
            self.at += found;
            if !self.rest().starts_with('#') {
                return true;
            }
            let Some(end) = self.rest().find('\n') else {
                return false;
            };
            self.at += end;
        }
    }

    fn statement(&mut self, scope: &mut Scope<'_>, record: &mut Record<'_>) -> Result<(), Refused> {
        let is_exported = self.rest().strip_prefix("export").is_some_and(|behind| behind.starts_with([' ', '\t', '\n', '\u{c}', '\r']));
        if is_exported {
            let start = self.at;
            self.at += "export".len();
            self.skip_blanks();
            if self.rest().is_empty() {
                return Err((self.text.span(start, start + "export".len()), NO_KEY, None));
            }
        }
        let start = self.at;
        let end = self.key_end()?;
        let raw = &self.source[start..end.unwrap_or(start)];
        let key = raw.trim_end();
        let key_span = self.text.span(start, start + key.len());
        // Without an end to the key, all that is left of the file becomes the value of a key without a name.
        self.at = end.map_or(start, |end| end + 1);
        let inherits = end.is_some_and(|end| self.source[end..].starts_with('\n'));
        let behind = self.at;
        self.skip_blanks();
        if key.contains(' ') {
            return Err((key_span, BLANK_IN_KEY, None));
        }
        if inherits {
            if let Some(value) = scope.outer(key) {
                scope.set(key, &value);
                record.set(key.to_owned(), Some(value.into()), key_span, Span::new(key_span.end, key_span.end));
            }
            return Ok(());
        }
        let (value, span) = self.value(behind, key_span, scope)?;
        scope.set(key, &value);
        record.set(key.to_owned(), Some(value.into()), key_span, span);
        Ok(())
    }

    /// The place of the `=`, `:` or line feed behind the key, if there is one.
    fn key_end(&self) -> Result<Option<usize>, Refused> {
        for (at, character) in self.rest().char_indices() {
            let at = self.at + at;
            let is_part = matches!(character, '_' | '.' | '-' | '[' | ']') || character.is_alphanumeric() || is_blank(character);
            if matches!(character, '=' | ':' | '\n') {
                return Ok(Some(at));
            }
            if !is_part || character == char::REPLACEMENT_CHARACTER {
                return Err((self.text.span(at, at + character.len_utf8()), BAD_KEY, None));
            }
        }
        Ok(None)
    }

    fn value(&mut self, behind: usize, key: Span, scope: &Scope<'_>) -> Result<(String, Span), Refused> {
        let start = self.at;
        let rest = self.rest();
        if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
            let Some((content, length)) = unquote(rest, quote) else {
                return Err((self.text.span(start, start + 1), UNTERMINATED, Some(key)));
            };
            self.at += length;
            let span = self.text.span(start, self.at);
            if quote == '\'' {
                return Ok((content, span));
            }
            let value = substitute(&decode(&content), scope).map_err(|why| (span, why, Some(key)))?;
            return Ok((value, span));
        }
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        self.at += (line.len() + 1).min(rest.len());
        let raw = line.find(" #").map_or(line, |end| &line[..end]).trim_end();
        let start = if raw.is_empty() { behind } else { start };
        let span = self.text.span(start, start + raw.len());
        let value = substitute(raw, scope).map_err(|why| (span, why, Some(key)))?;
        Ok((value, span))
    }

    fn rest(&self) -> &'t str {
        &self.source[self.at..]
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.find(|character| !is_blank(character)).unwrap_or(rest.len());
    }
}

/// White space that is no line feed; Compose knows only this much of it here.
fn is_blank(character: char) -> bool {
    matches!(character, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// The content of a quoted value, whose own quotes lose their backslash, and the length of it all.
fn unquote(text: &str, quote: char) -> Option<(String, usize)> {
    let mut content = String::new();
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
            if character != quote {
                content.push('\\');
            }
            content.push(character);
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return Some((content, at + 1));
        } else {
            content.push(character);
        }
    }
    None
}

/// Decodes the escapes inside double quotes. `\$` becomes `$$`, which stands for one `$` later on.
fn decode(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        output.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let (decoded, length) = match escape.as_bytes().first() {
            Some(b'a') => ("\u{7}", 1),
            Some(b'b') => ("\u{8}", 1),
            Some(b'f') => ("\u{c}", 1),
            Some(b'n') => ("\n", 1),
            Some(b'r') => ("\r", 1),
            Some(b't') => ("\t", 1),
            Some(b'v') => ("\u{b}", 1),
            Some(b'$') => ("$$", 1),
            Some(b'"') => ("\"", 1),
            Some(b'\\') => ("\\", 1),
            Some(b'0') => {
                let digits = escape[1..].bytes().take(3).take_while(u8::is_ascii_digit).count();
                let digits = &escape[1..=digits];
                let code = u8::from_str_radix(digits, 8).ok().filter(|_| digits.len() == 3);
                if let Some(code) = code {
                    output.push(char::from(code));
                } else {
                    // What is no octal number loses its zero and nothing else.
                    output.push('\\');
                    output.push_str(digits);
                }
                ("", 1 + digits.len())
            }
            _ => ("\\", 0),
        };
        output.push_str(decoded);
        rest = &escape[length..];
    }
    output + rest
}
