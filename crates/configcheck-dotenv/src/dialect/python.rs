//! The package python-dotenv: a small parser that drops the lines it cannot read, and expands `${}` everywhere.

use super::Reading;
use super::expand::{Scope, TOO_LONG, TooLong};
use super::record::{Record, Why};
use super::text::{Change, Text};
use crate::position::{Span, text_start};

const NOT_UTF8: Why = Why {
    message: "there are bytes here that are not UTF-8, and Python refuses the whole file",
    help: "save the file as UTF-8; write binary data in base64",
    goes_on: false,
};

pub(super) fn read<'a>(input: &'a [u8], scope: &mut Scope<'_>) -> Reading<'a> {
    let mut record = Record::new(input);
    if let Err(error) = str::from_utf8(input) {
        let at = error.valid_up_to();
        record.refuse(Span::new(at, at + 1), NOT_UTF8, None);
        return record.finish();
    }
    // A file opened as text has LF only, whatever its line ends are.
    let text = Text::new(input, text_start(input), Change { line_ends: true, nul: false });
    let mut reader = Reader { source: text.as_str(), at: 0 };
    while reader.seek_statement() {
        let Some(Binding { key, key_start, value }) = reader.binding() else {
            continue;
        };
        let key_span = text.span(key_start, key_start + key.len());
        let (raw, span) = match value {
            Some((raw, start, end)) => (Some(raw), text.span(start, end)),
            None => (None, Span::new(key_span.end, key_span.end)),
        };
        match raw.map(|raw| expand(&raw, scope)).transpose() {
            Ok(value) => {
                scope.set(key, value.as_deref().unwrap_or_default());
                record.set(key.to_owned(), value.map(Into::into), key_span, span);
            }
            Err(TooLong) => record.refuse(span, TOO_LONG, Some(key_span)),
        }
    }
    record.finish()
}

struct Binding<'t> {
    key: &'t str,
    key_start: usize,
    /// The value without its quotes and escapes, and the start and the end of the value as written.
    value: Option<(String, usize, usize)>,
}

struct Reader<'t> {
    source: &'t str,
    at: usize,
}

/// The line cannot be read.
struct Broken;

impl<'t> Reader<'t> {
    /// Goes over white space. Returns whether anything is left.
    fn seek_statement(&mut self) -> bool {
        self.skip(is_space);
        !self.rest().is_empty()
    }

    /// The binding that starts here, if there is one.
    fn binding(&mut self) -> Option<Binding<'t>> {
        self.statement().unwrap_or_else(|Broken| {
            // The rest of the line is left out, with a warning in the log.
            self.skip_line();
            if self.rest().starts_with('\n') {
                self.at += 1;
            }
            None
        })
    }

    fn statement(&mut self) -> Result<Option<Binding<'t>>, Broken> {
        if self.rest().starts_with("export") {
            let start = self.at;
            self.at += "export".len();
            if !self.skip_blanks() {
                self.at = start;
            }
        }
        let key = self.key()?;
        self.skip_blanks();
        let value = if self.rest().starts_with('=') { Some(self.value()?) } else { None };
        self.comment();
        self.line_end()?;
        Ok(key.map(|(key_start, key)| Binding { key, key_start, value }))
    }

    fn key(&mut self) -> Result<Option<(usize, &'t str)>, Broken> {
        let rest = self.rest();
        if rest.starts_with('#') {
            return Ok(None);
        }
        if let Some(inner) = rest.strip_prefix('\'') {
            let length = inner.find('\'').filter(|length| *length > 0).ok_or(Broken)?;
            let start = self.at + 1;
            self.at = start + length + 1;
            return Ok(Some((start, &inner[..length])));
        }
        let ends_key = |character: char| matches!(character, '=' | '#') || is_space(character);
        let length = rest.find(ends_key).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        if length == 0 { Err(Broken) } else { Ok(Some((start, &rest[..length]))) }
    }

    fn value(&mut self) -> Result<(String, usize, usize), Broken> {
        self.at += 1;
        let behind_equals = self.at;
        let blanks = self.skip_blanks();
        let start = self.at;
        let rest = self.rest();
        match rest.chars().next() {
            None | Some('\n') => Ok((String::new(), behind_equals, behind_equals)),
            Some('#') if blanks => Ok((String::new(), behind_equals, behind_equals)),
            Some(quote @ ('\'' | '"')) => {
                let closing = closing(rest.as_bytes()).ok_or(Broken)?;
                self.at += closing + 1;
                Ok((decode(&rest[1..closing], quote), start, self.at))
            }
            Some(_) => {
                self.skip_line();
                let value = without_comment(&self.source[start..self.at]);
                Ok((value.to_owned(), start, start + value.len()))
            }
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        self.skip_blanks();
        if self.rest().starts_with('#') {
            self.skip_line();
        } else {
            self.at = start;
        }
    }

    fn line_end(&mut self) -> Result<(), Broken> {
        let start = self.at;
        self.skip_blanks();
        match self.rest().chars().next() {
            None => {}
            Some('\n') => self.at += 1,
            Some(_) => {
                self.at = start;
                return Err(Broken);
            }
        }
        Ok(())
    }

    fn rest(&self) -> &'t str {
        &self.source[self.at..]
    }

    fn skip(&mut self, skips: impl Fn(char) -> bool) -> bool {
        let rest = self.rest();
        let length = rest.find(|character| !skips(character)).unwrap_or(rest.len());
        self.at += length;
        length > 0
    }

    fn skip_blanks(&mut self) -> bool {
        self.skip(|character| character != '\n' && is_space(character))
    }

    fn skip_line(&mut self) {
        self.skip(|character| character != '\n');
    }
}

/// Where the quote closes that opens the text.
fn closing(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'\\' => at += 2,
            byte if *byte == text[0] => return Some(at),
            _ => at += 1,
        }
    }
}

fn decode(text: &str, quote: char) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        output.push_str(&rest[..at]);
        let decoded = match (rest.as_bytes().get(at + 1), quote) {
            (Some(b'\\'), _) => Some('\\'),
            (Some(b'\''), _) => Some('\''),
            (Some(b'"'), '"') => Some('"'),
            (Some(b'a'), '"') => Some('\u{7}'),
            (Some(b'b'), '"') => Some('\u{8}'),
            (Some(b'f'), '"') => Some('\u{c}'),
            (Some(b'n'), '"') => Some('\n'),
            (Some(b'r'), '"') => Some('\r'),
            (Some(b't'), '"') => Some('\t'),
            (Some(b'v'), '"') => Some('\u{b}'),
            _ => None,
        };
        output.push(decoded.unwrap_or('\\'));
        rest = &rest[at + 1 + usize::from(decoded.is_some())..];
    }
    output + rest
}

/// The text up to the first `#` with a blank before it, without the blanks at its end.
fn without_comment(text: &str) -> &str {
    let starts_comment = |(at, _): &(usize, &str)| text[..*at].ends_with(is_space);
    let end = text.match_indices('#').find(starts_comment).map_or(text.len(), |(at, _)| at);
    text[..end].trim_end_matches(is_space)
}

/// Puts in the variables: `${NAME}` and `${NAME:-default}`, also within single quotes.
fn expand(text: &str, scope: &Scope<'_>) -> Result<String, TooLong> {
    let Some(last_brace) = text.rfind('}') else {
        return Ok(text.to_owned());
    };
    let mut output = String::with_capacity(text.len());
    let mut copied = 0;
    let mut at = 0;
    let mut stop = 0;
    while let Some(found) = text[at..=last_brace].find("${") {
        let start = at + found;
        let name = start + 2;
        at = name;
        if stop < name {
            // The next character that ends a name; one lies before the last brace or is it.
            stop = text[name..].find(['}', ':']).map_or(text.len(), |found| name + found);
        }
        let default = text[stop..].strip_prefix(":-").and_then(|behind| Some(&behind[..behind.find('}')?]));
        if default.is_none() && !text[stop..].starts_with('}') {
            continue;
        }
        output.push_str(&text[copied..start]);
        match scope.own_first(&text[name..stop]) {
            Some(found) => scope.put(&mut output, &found)?,
            None => output.push_str(default.unwrap_or_default()),
        }
        at = stop + default.map_or(0, |default| default.len() + 2) + 1;
        copied = at;
        if at > last_brace {
            break;
        }
    }
    output.push_str(&text[copied..]);
    Ok(output)
}

/// What Python takes for white space: four separators more than Unicode.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}
