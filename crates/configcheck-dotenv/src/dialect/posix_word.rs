//! Words of a shell: quotes, escapes, `$NAME` and `${NAME}` with the operators of POSIX.

use std::rc::Rc;

use super::Variable;
use super::expand::{RUNS_A_COMMAND, Scope, TOO_LONG};
use super::posix_ansi;
use super::record::{Mark, Record, Why};
use super::text::Text;

use crate::position::Span;

const UNTERMINATED: Why = Why {
    message: "this quote or bracket is never closed, and a shell reads nothing behind it",
    help: "close it; put single quotes around a value that is meant as it stands",
    goes_on: true,
};

pub(super) const UNKNOWN_VALUE: Why = Why {
    message: "what a shell puts in here depends on that shell",
    help: "put single quotes around a value that is meant as it stands",
    goes_on: false,
};

pub(super) const NOT_FOLLOWED: Why = Why {
    message: "a shell computes this text with an operator that is not followed here",
    help: "write the result as the value, or put single quotes around a value that is meant as it stands",
    goes_on: false,
};

/// Variables that a shell sets itself, so that the environment does not tell what they hold.
const OF_THE_SHELL: &[&str] = &[
    "_",
    "BASH",
    "BASHOPTS",
    "BASHPID",
    "BASH_VERSION",
    "EPOCHREALTIME",
    "EPOCHSECONDS",
    "EUID",
    "HISTCMD",
    "HOSTNAME",
    "HOSTTYPE",
    "IFS",
    "LINENO",
    "MACHTYPE",
    "OLDPWD",
    "OPTERR",
    "OPTIND",
    "OSTYPE",
    "PPID",
    "PS4",
    "PWD",
    "RANDOM",
    "SECONDS",
    "SHELLOPTS",
    "SHLVL",
    "SRANDOM",
    "UID",
];

/// Why a list is not gone through to its end.
pub(super) enum Fault {
    /// It is not well formed from this place on; with words of its own if there are better ones.
    Syntax(usize, Option<Why>),
    /// The shell ends while it runs the list. The refusal is recorded.
    Exit,
}

/// The key of an assignment.
pub(super) struct Key {
    pub(super) name: String,
    pub(super) start: usize,
    /// Whether the operator is `+=`.
    pub(super) appends: bool,
    /// Whether an index in brackets stands behind the name.
    pub(super) indexed: bool,
}

pub(super) struct Word {
    pub(super) text: String,
    /// Whether nothing was quoted or put in.
    pub(super) literal: bool,
    /// Whether it is nothing but variables without a value, so that no word is left.
    pub(super) vanishes: bool,
}

/// Reads words one after the other, and records what is refused on the way.
pub(super) struct Words<'t, 'a, 'o> {
    text: &'t Text<'a>,
    pub(super) source: &'t str,
    pub(super) at: usize,
    /// How many `${}` are open.
    pub(super) depth: u32,
    last: Span,
    /// The key whose value is being read.
    pub(super) key: Option<Span>,
    pub(super) scope: Scope<'o>,
    pub(super) record: Record<'a>,
    /// How many commands would have been run.
    pub(super) commands: usize,
    /// What the variables that the list set were before, to take it back.
    pub(super) undo: Vec<(String, Option<Rc<str>>)>,
}

/// Assignments that wait for the words behind them.
pub(super) struct Held<'a> {
    variables: Vec<Variable<'a>>,
    values: Vec<(String, Option<Rc<str>>)>,
}

/// Where a word stands: what ends it and what is special in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Plain,
    /// The value of an assignment.
    Value,
    /// Between double quotes.
    Double,
    /// Behind an operator of a `${}`.
    Brace {
        quoted: bool,
    },
}

impl<'t, 'a, 'o> Words<'t, 'a, 'o> {
    pub(super) fn new(text: &'t Text<'a>, scope: Scope<'o>, record: Record<'a>) -> Self {
        Self {
            text,
            source: text.as_str(),
            at: 0,
            depth: 0,
            last: Span::new(0, 0),
            key: None,
            scope,
            record,
            commands: 0,
            undo: Vec::new(),
        }
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.at >= self.source.len()
    }

    pub(super) fn is_at(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    pub(super) const fn skip(&mut self, length: usize) {
        self.at += length;
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        self.text.span(start, end.min(self.source.len()))
    }

    /// The bytes of the word, value or redirection that was read last.
    pub(super) const fn last_span(&self) -> Span {
        self.last
    }

    /// Goes over blanks, joined lines and a comment.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.rest().starts_with("\\\n") => self.at += 2,
                Some(b'#') => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                _ => return,
            }
        }
    }

    /// Goes over a line feed and the blanks behind it.
    pub(super) fn skip_line_feed(&mut self) -> bool {
        let found = self.peek() == Some(b'\n');
        if found {
            self.at += 1;
            self.skip_blanks();
        }
        found
    }

    pub(super) fn starts_word(&self) -> bool {
        self.peek().is_some_and(|byte| !is_meta(byte))
    }

    /// Goes over `NAME=`, `NAME+=` or `NAME[index]=`, if an assignment starts here.
    pub(super) fn assignment_key(&mut self) -> Option<Key> {
        let rest = self.rest();
        let name = name(rest);
        let mut length = name.len();
        let indexed = !name.is_empty() && rest[length..].starts_with('[');
        if indexed {
            let line = &rest[..rest.find([' ', '\t', '\n', '\'', '"', '$', '`', '\\']).unwrap_or(rest.len())];
            length += line.get(length..)?.find(']')? + 1;
        }
        let appends = rest[length..].starts_with("+=");
        length += usize::from(appends);
        if name.is_empty() || !rest[length..].starts_with('=') {
            return None;
        }
        let key = Key { name: name.to_owned(), start: self.at, appends, indexed };
        self.at += length + 1;
        Some(key)
    }

    /// Goes over a redirection and its target, if one starts here. Returns whether it reads the target.
    pub(super) fn redirect(&mut self) -> Result<Option<bool>, Fault> {
        let start = self.at;
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let rest = &self.rest()[digits..];
        let length = rest.bytes().take_while(|byte| matches!(byte, b'<' | b'>')).count();
        let both = digits == 0 && rest.starts_with("&>");
        if length == 0 && !both {
            return Ok(None);
        }
        if rest.starts_with("<<") || rest[length..].starts_with('(') {
            return Err(Fault::Syntax(start, None));
        }
        let reads = rest.starts_with('<');
        self.at += digits + if both { 2 } else { length };
        if let Some(b'&' | b'|') = self.peek() {
            self.at += 1;
        }
        self.skip_blanks();
        if !self.starts_word() {
            return Err(Fault::Syntax(self.at, None));
        }
        self.word()?;
        self.last = self.span(start, self.at);
        Ok(Some(reads))
    }

    pub(super) fn word(&mut self) -> Result<Word, Fault> {
        let start = self.at;
        let mut text = String::new();
        self.part(Place::Plain, &mut text)?;
        self.last = self.span(start, self.at);
        let raw = &self.source[start..self.at];
        let vanishes = !raw.contains(['\'', '"', '\\']) && text.trim_matches([' ', '\t', '\n']).is_empty();
        Ok(Word { literal: raw == text, vanishes, text })
    }

    /// The value of an assignment, which starts right here.
    pub(super) fn value(&mut self) -> Result<String, Fault> {
        let start = self.at;
        let mut text = String::new();
        self.tilde(Place::Value, &mut text);
        self.part(Place::Value, &mut text)?;
        self.last = self.span(start, self.at);
        Ok(text)
    }

    pub(super) fn set(&mut self, key: String, value: String, key_span: Span, value_span: Span) {
        self.undo.push((key.clone(), self.scope.shared(&key)));
        self.scope.set(&key, &value);
        self.record.set(key, Some(value.into()), key_span, value_span);
    }

    /// Takes back what was set since there were `count` notes of what was before.
    pub(super) fn take_back(&mut self, count: usize) {
        while self.undo.len() > count
            && let Some((key, old)) = self.undo.pop()
        {
            self.scope.restore(&key, old);
        }
    }

    /// Takes back what was set since, and keeps it for later.
    pub(super) fn hold(&mut self, mark: Mark, count: usize) -> Held<'a> {
        let keys = self.undo[count..].iter().map(|(key, _)| key);
        let values = keys.map(|key| (key.clone(), self.scope.shared(key))).collect();
        let variables = self.record.split_off_variables(mark);
        self.take_back(count);
        Held { variables, values }
    }

    pub(super) fn release(&mut self, held: Held<'a>) {
        for (key, value) in held.values {
            self.undo.push((key.clone(), self.scope.shared(&key)));
            self.scope.restore(&key, value);
        }
        self.record.extend_variables(held.variables);
    }

    pub(super) fn part(&mut self, place: Place, output: &mut String) -> Result<(), Fault> {
        let start = self.at;
        while let Some(byte) = self.peek() {
            let quoted = matches!(place, Place::Double | Place::Brace { quoted: true });
            match (byte, place) {
                (_, Place::Plain | Place::Value) if is_meta(byte) => return Ok(()),
                (b'}', Place::Brace { .. }) | (b'"', Place::Double) => {
                    self.at += 1;
                    return Ok(());
                }
                (b'\'', _) if !quoted => {
                    let content = &self.rest()[1..];
                    let length = content.find('\'').ok_or(Fault::Syntax(self.at, Some(UNTERMINATED)))?;
                    output.push_str(&content[..length]);
                    self.at += length + 2;
                }
                (b'"', _) => self.double(output)?,
                (b'\\', _) => self.escape(place, output),
                (b'`', _) => self.backticks()?,
                (b'$', _) => self.dollar(quoted, output)?,
                (b':', Place::Value) => {
                    output.push(':');
                    self.at += 1;
                    self.tilde(place, output);
                }
                _ => {
                    let rest = self.rest();
                    let is_plain = |byte: u8| !is_meta(byte) && !matches!(byte, b'\'' | b'"' | b'\\' | b'`' | b'$' | b':' | b'}');
                    let length = rest.bytes().take_while(|byte| is_plain(*byte)).count().max(1);
                    output.push_str(&rest[..length]);
                    self.at += length;
                }
            }
        }
        match place {
            Place::Plain | Place::Value => Ok(()),
            Place::Double | Place::Brace { .. } => Err(Fault::Syntax(start.saturating_sub(1), Some(UNTERMINATED))),
        }
    }

    fn double(&mut self, output: &mut String) -> Result<(), Fault> {
        self.at += 1;
        self.part(Place::Double, output)
    }

    fn escape(&mut self, place: Place, output: &mut String) {
        let next = self.rest()[1..].chars().next();
        let keeps = match (next, place) {
            (Some('\n'), _) => {
                self.at += 2;
                return;
            }
            (Some('$' | '`' | '"' | '\\'), _) | (Some('}'), Place::Brace { .. }) => false,
            (None, _) | (Some(_), Place::Double | Place::Brace { quoted: true }) => true,
            _ => false,
        };
        if keeps {
            output.push('\\');
        }
        output.extend(next);
        self.at += 1 + next.map_or(0, char::len_utf8);
    }

    /// A `~` with nothing before it stands for the home directory.
    pub(super) fn tilde(&mut self, place: Place, output: &mut String) {
        let Some(behind) = self.rest().strip_prefix('~') else {
            return;
        };
        let ends = |byte: u8| is_meta(byte) || matches!(byte, b'/' | b':') || (place != Place::Value && byte == b'}');
        let user = &behind[..behind.bytes().position(ends).unwrap_or(behind.len())];
        if user.contains(['\'', '"', '\\', '$', '`']) {
            return;
        }
        let home = if user.is_empty() { self.scope.own_first("HOME").map(std::borrow::Cow::into_owned) } else { None };
        match home {
            Some(home) => {
                let start = self.at;
                self.at += 1;
                self.put(start, &home, output);
            }
            None => self.refuse(self.at, self.at + 1, UNKNOWN_VALUE),
        }
    }

    fn dollar(&mut self, quoted: bool, output: &mut String) -> Result<(), Fault> {
        let start = self.at;
        let behind = &self.rest()[1..];
        let name = name(behind);
        if !name.is_empty() {
            self.at += 1 + name.len();
            let found = self.find(name, start);
            self.put(start, found.as_deref().unwrap_or_default(), output);
            return Ok(());
        }
        match behind.as_bytes().first() {
            Some(b'{') => self.braced(quoted, output),
            Some(b'(') => self.command(),
            Some(b'\'') if !quoted => {
                let content = &behind[1..];
                let (text, length) = posix_ansi::decode(content).ok_or(Fault::Syntax(start, Some(UNTERMINATED)))?;
                output.push_str(&text);
                self.at += length + 2;
                Ok(())
            }
            Some(b'"') if !quoted => {
                self.at += 1;
                self.double(output)
            }
            Some(b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' | b'0'..=b'9') => {
                self.at += 2;
                self.refuse(start, self.at, UNKNOWN_VALUE);
                Ok(())
            }
            Some(b'[') => {
                let length = behind.find(']').ok_or(Fault::Syntax(start, Some(UNTERMINATED)))?;
                self.at += length + 2;
                self.refuse(start, self.at, NOT_FOLLOWED);
                Ok(())
            }
            _ => {
                output.push('$');
                self.at += 1;
                Ok(())
            }
        }
    }

    /// `$(command)`, or `$((sum))`.
    fn command(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let length = posix_ansi::closing_parenthesis(&self.rest()[1..]).ok_or(Fault::Syntax(start, Some(UNTERMINATED)))?;
        let is_sum = self.rest().starts_with("$((");
        self.at += length + 2;
        self.commands += usize::from(!is_sum);
        self.refuse(start, self.at, if is_sum { NOT_FOLLOWED } else { RUNS_A_COMMAND });
        Ok(())
    }

    fn backticks(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let bytes = self.rest().as_bytes();
        let mut length = 1;
        loop {
            match bytes.get(length) {
                None => return Err(Fault::Syntax(start, Some(UNTERMINATED))),
                Some(b'`') => break,
                Some(b'\\') => length += 2,
                Some(_) => length += 1,
            }
        }
        self.at += length + 1;
        self.commands += 1;
        self.refuse(start, self.at, RUNS_A_COMMAND);
        Ok(())
    }

    pub(super) fn find(&mut self, name: &str, start: usize) -> Option<Rc<str>> {
        if self.scope.own(name).is_none() && OF_THE_SHELL.contains(&name) {
            self.refuse(start, self.at.max(start + 1), UNKNOWN_VALUE);
            return Some(Rc::from(""));
        }
        self.scope.shared(name).or_else(|| self.scope.outer(name).map(Rc::from))
    }

    pub(super) fn put(&mut self, start: usize, value: &str, output: &mut String) {
        if self.scope.put(output, value).is_err() {
            self.refuse(start, self.at, TOO_LONG);
        }
    }

    pub(super) fn refuse(&mut self, start: usize, end: usize, why: Why) {
        let span = self.span(start, end);
        self.record.refuse(span, why, self.key);
    }

    /// Behind the character that starts here; at the end of the file one byte further.
    pub(super) fn behind_character(&self, at: usize) -> usize {
        let character = self.source.get(at..).and_then(|rest| rest.chars().next());
        at + character.map_or(1, char::len_utf8)
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.source[self.at..]
    }
}

/// Ends a word.
const fn is_meta(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>')
}

/// The name at the start of a text.
pub(super) fn name(text: &str) -> &str {
    let starts_well = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_part = |part: char| part.is_ascii_alphanumeric() || part == '_';
    let length = if starts_well { text.find(|part| !is_part(part)).unwrap_or(text.len()) } else { 0 };
    &text[..length]
}
