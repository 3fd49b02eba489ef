//! The gem dotenv 3.2: the expression of the Node package with other escapes, variables and commands.

use super::Reading;
use super::expand::{RUNS_A_COMMAND, Scope, TOO_LONG, TooLong};
use super::line_pattern::LinePattern;
use super::record::{Record, Why};
use super::text::{Change, Text};
use crate::position::{Span, text_start};

const LINE: LinePattern = LinePattern {
    is_blank,
    is_line_end: |character| character == '\n',
    is_key: |character| character.is_ascii_alphanumeric() || matches!(character, '_' | '.'),
    quotes: b"'\"",
    key_alone: true,
};

const NOT_UTF8: Why = Why {
    message: "there are bytes here that are not UTF-8, and Ruby refuses the whole file",
    help: "save the file as UTF-8; write binary data in base64",
    goes_on: false,
};

const EXPORTS_NOTHING: Why = Why {
    message: "this exports a variable that has no value yet, and Ruby refuses the file",
    help: "write `export KEY=value`, or remove `export`",
    goes_on: false,
};

const LINE_BREAKS: &str = "DOTENV_LINEBREAK_MODE";

pub(super) fn read<'a>(input: &'a [u8], scope: &mut Scope<'_>) -> Reading<'a> {
    let mut record = Record::new(input);
    if let Err(error) = str::from_utf8(input) {
        let at = error.valid_up_to();
        record.refuse(Span::new(at, at + 1), NOT_UTF8, None);
        return record.finish();
    }
    let text = Text::new(input, text_start(input), Change { line_ends: true, nul: false });
    let source = text.as_str();
    let mut at = 0;
    while let Some(line) = LINE.find(source, at) {
        at = line.end;
        let key = &source[line.key.clone()];
        let key_span = text.span(line.key.start, line.key.end);
        let place = line.value.clone().unwrap_or(line.key.end..line.key.end);
        let raw = &source[place.clone()];
        let trimmed = strip(raw);
        let start = if trimmed.is_empty() { place.start } else { place.end - raw.trim_start_matches(is_stripped).len() };
        let span = text.span(start, start + trimmed.len());
        let kept = if key == LINE_BREAKS { None } else { scope.outer(key) };
        let value = if let Some(kept) = kept {
            kept
        } else if line.exported && line.value.is_none() {
            if scope.own(key).is_some() {
                continue;
            }
            record.refuse(key_span, EXPORTS_NOTHING, Some(key_span));
            break;
        } else {
            let Ok(Value { text, runs_a_command }) = value(trimmed, scope) else {
                record.refuse(span, TOO_LONG, Some(key_span));
                continue;
            };
            if runs_a_command {
                record.refuse(span, RUNS_A_COMMAND, Some(key_span));
            }
            text
        };
        scope.set(key, &value);
        record.set(key.to_owned(), Some(value.into()), key_span, span);
    }
    record.finish()
}

struct Value {
    text: String,
    runs_a_command: bool,
}

fn value(trimmed: &str, scope: &Scope<'_>) -> Result<Value, TooLong> {
    let quoted = |quote: char| trimmed.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    if let Some(literal) = quoted('\'') {
        return Ok(Value { text: literal.to_owned(), runs_a_command: false });
    }
    let unescaped = match quoted('"') {
        Some(content) => {
            let own = scope.own(LINE_BREAKS).map(|mode| mode == "legacy");
            let legacy = own.unwrap_or_else(|| scope.outer(LINE_BREAKS).as_deref() == Some("legacy"));
            let (line_feed, carriage_return) = if legacy { ("\n", "\r") } else { ("\\\\n", "\\\\r") };
            unescape(&content.replace("\\n", line_feed).replace("\\r", carriage_return))
        }
        None => unescape(trimmed),
    };
    let (text, runs_a_command) = without_commands(&unescaped);
    Ok(Value { text: with_variables(&text, scope)?, runs_a_command })
}

/// Drops the backslash before every character but `$`.
fn unescape(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let next = rest[at + 1..].chars().next();
        let drops = next.is_some_and(|next| next != '$');
        output.push_str(&rest[..at + usize::from(!drops)]);
        let taken = next.filter(|_| drops);
        output.extend(taken);
        rest = &rest[at + 1 + taken.map_or(0, char::len_utf8)..];
    }
    output + rest
}

/// Takes out each `$(command)`, and the backslash of each `\$(command)`. Says whether one would be run.
fn without_commands(text: &str) -> (String, bool) {
    let closings = closings(text.as_bytes());
    let mut output = String::with_capacity(text.len());
    let mut runs_a_command = false;
    let mut copied = 0;
    for (opening, closing) in closings {
        if opening <= copied || text.as_bytes()[opening - 1] != b'$' {
            continue;
        }
        let dollar = opening - 1;
        if dollar > copied && text.as_bytes()[dollar - 1] == b'\\' {
            output.push_str(&text[copied..dollar - 1]);
            output.push_str(&text[dollar..=closing]);
        } else {
            output.push_str(&text[copied..dollar]);
            runs_a_command = true;
        }
        copied = closing + 1;
    }
    output.push_str(&text[copied..]);
    (output, runs_a_command)
}

/// The parentheses that belong together and hold something, in the order of the opening ones.
fn closings(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut found = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' => open.push((at, true)),
            b')' => {
                if let Some((opening, good)) = open.pop() {
                    let good = good && at > opening + 1;
                    if good {
                        found.push((opening, at));
                    } else if let Some((_, outer)) = open.last_mut() {
                        *outer = false;
                    }
                }
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found
}

fn with_variables(text: &str, scope: &Scope<'_>) -> Result<String, TooLong> {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        let behind = &rest[dollar + 1..];
        if behind.starts_with('(') {
            output.push_str(&rest[..=dollar]);
            rest = behind;
            continue;
        }
        let open = usize::from(behind.starts_with('{'));
        let inner = &behind[open..];
        let length = inner.find(|part: char| !(part.is_ascii_alphanumeric() || part == '_')).unwrap_or(inner.len());
        let name = &inner[..length];
        let close = usize::from(inner[length..].starts_with('}'));
        let end = dollar + 1 + open + length + close;
        if rest[..dollar].ends_with('\\') {
            output.push_str(&rest[..dollar - 1]);
            output.push_str(&rest[dollar..end]);
        } else if name.is_empty() {
            output.push_str(&rest[..end]);
        } else {
            output.push_str(&rest[..dollar]);
            scope.put(&mut output, &scope.own_first(name).unwrap_or_default())?;
        }
        rest = &rest[end..];
    }
    Ok(output + rest)
}

/// `\s` of Ruby.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t'..='\r')
}

/// What `strip` of Ruby takes off.
fn is_stripped(character: char) -> bool {
    is_blank(character) || character == '\0'
}

fn strip(text: &str) -> &str {
    text.trim_matches(is_stripped)
}
