//! The crate dotenvy 0.15: strict, one statement at a time, and the first mistake ends the reading.

use super::Reading;
use super::expand::{Scope, TOO_LONG};
use super::record::{Record, Why};
use crate::position::Span;

const NOT_UTF8: Why =
    Why { message: "this line is not UTF-8", help: "save the file as UTF-8; write binary data in base64", goes_on: false };

const UNFINISHED: Why = Why {
    message: "a quote, an escape or a blank here runs into the end of the file",
    help: "close the quote, and end the file with a line end",
    goes_on: false,
};

const BAD_KEY: Why = Why {
    message: "this line does not start with a key and a `=`",
    help: "write `KEY=value` with letters, digits, `_` and `.` in the key, and save the file without a byte order mark",
    goes_on: false,
};

const BAD_VALUE: Why = Why {
    message: "dotenvy refuses this value",
    help: "put single quotes around a value with blanks, quotes, backslashes or `$` in it; only a comment may follow it",
    goes_on: false,
};

pub(super) fn read<'a>(input: &'a [u8], scope: &mut Scope<'_>) -> Reading<'a> {
    let mut record = Record::new(input);
    let mut start = 0;
    while start < input.len() {
        match statement(input, start) {
            Ok((line, next)) => {
                if let Err((span, why, key)) = read_line(line, start, scope, &mut record) {
                    record.refuse(span, why, key);
                    break;
                }
                start = next;
            }
            Err((span, why)) => {
                record.refuse(span, why, None);
                break;
            }
        }
    }
    record.finish()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Complete,
    Escape,
    Single,
    SingleEscape,
    Double,
    DoubleEscape,
    Blank,
}

/// The statement that starts at `start`, and where the next one does: one line, or several with a quote.
fn statement(input: &[u8], start: usize) -> Result<(&str, usize), (Span, Why)> {
    let mut state = State::Complete;
    let mut at = start;
    loop {
        let rest = &input[at..];
        if rest.is_empty() {
            return Err((Span::new(start, at), UNFINISHED));
        }
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |found| found + 1);
        let Ok(line) = str::from_utf8(&rest[..length]) else {
            return Err((Span::new(at, at + length), NOT_UTF8));
        };
        let whole = |end: usize| str::from_utf8(&input[start..end]).unwrap_or_default();
        if at == start && line.trim_start().starts_with('#') {
            return Ok(("", at + length));
        }
        for (place, character) in line.char_indices() {
            state = match state {
                State::Blank if character == '#' => return Ok((whole(at + place), at + length)),
                State::Complete if character.is_whitespace() && !matches!(character, '\n' | '\r') => State::Blank,
                State::Complete | State::Blank => match character {
                    '\\' => State::Escape,
                    '"' => State::Double,
                    '\'' => State::Single,
                    _ => State::Complete,
                },
                State::Escape => State::Complete,
                State::Double if character == '\\' => State::DoubleEscape,
                State::Double if character == '"' => State::Complete,
                State::Double | State::DoubleEscape => State::Double,
                State::Single if character == '\\' => State::SingleEscape,
                State::Single if character == '\'' => State::Complete,
                State::Single | State::SingleEscape => State::Single,
            };
        }
        at += length;
        if state == State::Complete {
            return Ok((whole(at), at));
        }
    }
}

type Refused = (Span, Why, Option<Span>);

fn read_line<'a>(line: &'a str, start: usize, scope: &mut Scope<'_>, record: &mut Record<'a>) -> Result<(), Refused> {
    let text = line.trim();
    if text.is_empty() || text.starts_with('#') {
        return Ok(());
    }
    let first = start + (line.len() - line.trim_start().len());
    let bad_key = || (Span::new(first, first + text.len()), BAD_KEY, None);
    let end = first + text.len();
    let (mut key, mut rest) = split_key(text).ok_or_else(bad_key)?;
    if key == "export" && !rest.trim_start().starts_with('=') {
        (key, rest) = split_key(rest.trim_start()).ok_or_else(bad_key)?;
    }
    let key_span = Span::new(end - rest.len() - key.len(), end - rest.len());
    let behind = rest.trim_start().strip_prefix('=').ok_or_else(bad_key)?;
    let raw = behind.trim_start();
    if raw.is_empty() || raw.starts_with('#') {
        let at = end - behind.len();
        scope.set(key, "");
        record.set(key, Some("".into()), key_span, Span::new(at, at));
        return Ok(());
    }
    let value_span = Span::new(end - raw.len(), end);
    let value = value(raw, scope).map_err(|why| (value_span, why, Some(key_span)))?;
    scope.set(key, &value);
    record.set(key, Some(value.into()), key_span, value_span);
    Ok(())
}

fn split_key(text: &str) -> Option<(&str, &str)> {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_').then(|| {
        let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.');
        text.split_at(text.find(|character| !is_part(character)).unwrap_or(text.len()))
    })
}

/// What a name that is being read belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    None,
    Bare,
    Braced,
}

/// What a character of a value stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Plain,
    Single,
    Double,
    /// Behind a blank, where only a comment may follow.
    End,
}

fn value(input: &str, scope: &Scope<'_>) -> Result<String, Why> {
    let mut output = String::new();
    let mut part = Part::Plain;
    let mut escaped = false;
    let mut mode = Name::None;
    let mut name = String::new();
    for character in input.chars() {
        if part == Part::End {
            match character {
                ' ' | '\t' => {}
                '#' => break,
                _ => return Err(BAD_VALUE),
            }
        } else if escaped {
            match character {
                '\\' | '\'' | '"' | '$' | ' ' => output.push(character),
                'n' => output.push('\n'),
                _ => return Err(BAD_VALUE),
            }
            escaped = false;
        } else if mode != Name::None {
            if character.is_alphanumeric() || (mode == Name::Braced && character != '}') {
                name.push(character);
            } else if mode == Name::Bare && character == '{' && name.is_empty() {
                mode = Name::Braced;
            } else {
                // A character that ends a bare name is taken as it is, even a quote or a backslash.
                put(&std::mem::take(&mut name), scope, &mut output)?;
                let bare = mode == Name::Bare;
                mode = if bare && character == '$' { Name::Bare } else { Name::None };
                if bare && character != '$' {
                    output.push(character);
                }
            }
        } else {
            match (part, character) {
                (Part::Single, '\'') | (Part::Double, '"') => part = Part::Plain,
                (Part::Single, _) => output.push(character),
                (_, '$') => mode = Name::Bare,
                (_, '\\') => escaped = true,
                (Part::Plain, '"') => part = Part::Double,
                (Part::Plain, '\'') => part = Part::Single,
                (Part::Plain, ' ' | '\t') => part = Part::End,
                _ => output.push(character),
            }
        }
    }
    if mode == Name::Braced || matches!(part, Part::Single | Part::Double) {
        return Err(BAD_VALUE);
    }
    put(&name, scope, &mut output)?;
    Ok(output)
}

fn put(name: &str, scope: &Scope<'_>, output: &mut String) -> Result<(), Why> {
    let found = scope.outer_first(name).unwrap_or_default();
    scope.put(output, &found).map_err(|_| TOO_LONG)
}
