//! `EnvironmentFile=` of systemd: a machine of few states that runs over the bytes and never complains about quotes.

use super::Reading;
use super::record::{Record, Why};
use crate::position::Span;

const NUL: Why = Why { message: "there is a NUL byte here, and systemd refuses the whole file", help: "remove the byte", goes_on: false };

const NOT_UTF8: Why = Why {
    message: "this variable is not UTF-8, and systemd refuses the file",
    help: "save the file as UTF-8; write binary data in base64",
    goes_on: false,
};

pub(super) fn read(input: &[u8]) -> Reading<'_> {
    let mut record = Record::new(input);
    if let Some(at) = input.iter().position(|byte| *byte == 0) {
        record.refuse(Span::new(at, at + 1), NUL, None);
        return record.finish();
    }
    let mut machine = Machine::default();
    for (at, byte) in input.iter().enumerate() {
        if machine.step(at, *byte)
            && let Err(span) = machine.push(&mut record)
        {
            record.refuse(span, NOT_UTF8, None);
            return record.finish();
        }
    }
    let has_value = !matches!(machine.state, State::BeforeKey | State::Key | State::Comment | State::CommentEscape);
    if has_value && let Err(span) = machine.push(&mut record) {
        record.refuse(span, NOT_UTF8, None);
    }
    record.finish()
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    BeforeKey,
    Key,
    BeforeValue,
    Value,
    ValueEscape,
    Single,
    Double,
    DoubleEscape,
    Comment,
    /// Behind a backslash in a comment. Since version 254 this does not carry the comment over a line end.
    CommentEscape,
}

#[derive(Default)]
struct Machine {
    state: State,
    key: Vec<u8>,
    value: Vec<u8>,
    /// The length of the value without the blanks at its end, when it has some that can be dropped.
    trimmed: Option<usize>,
    key_start: usize,
    value_start: usize,
    /// Behind the last byte of the value that is not a blank, in the input.
    value_end: usize,
}

impl Machine {
    /// Takes one byte, and says whether it ends a variable.
    fn step(&mut self, at: usize, byte: u8) -> bool {
        let newline = matches!(byte, b'\n' | b'\r');
        let blank = newline || matches!(byte, b' ' | b'\t');
        let old = self.state;
        match old {
            State::BeforeKey => match byte {
                b'#' | b';' => self.state = State::Comment,
                _ if blank => {}
                _ => {
                    (self.state, self.key_start) = (State::Key, at);
                    self.key.push(byte);
                }
            },
            State::Key if newline => {
                self.state = State::BeforeKey;
                self.key.clear();
            }
            State::Key if byte == b'=' => {
                self.state = State::BeforeValue;
                self.trimmed = None;
                (self.value_start, self.value_end) = (at + 1, at + 1);
            }
            State::Key => self.key.push(byte),
            State::BeforeValue | State::Value if newline => return true,
            State::BeforeValue => match byte {
                b'\'' => self.state = State::Single,
                b'"' => self.state = State::Double,
                b'\\' => self.state = State::ValueEscape,
                _ if blank => {}
                _ => {
                    self.state = State::Value;
                    self.value.push(byte);
                }
            },
            State::Value if byte == b'\\' => (self.state, self.trimmed) = (State::ValueEscape, None),
            State::Value => {
                self.trimmed = if blank { self.trimmed.or(Some(self.value.len())) } else { None };
                self.value.push(byte);
            }
            State::ValueEscape => {
                self.state = State::Value;
                if !newline {
                    self.value.push(byte);
                }
            }
            State::Single if byte == b'\'' => self.state = State::BeforeValue,
            State::Double if byte == b'"' => self.state = State::BeforeValue,
            State::Double if byte == b'\\' => self.state = State::DoubleEscape,
            State::Single | State::Double => self.value.push(byte),
            State::DoubleEscape => {
                self.state = State::Double;
                match byte {
                    b'"' | b'\\' | b'`' | b'$' => self.value.push(byte),
                    b'\n' => {}
                    _ => self.value.extend([b'\\', byte]),
                }
            }
            State::Comment if byte == b'\\' => self.state = State::CommentEscape,
            State::Comment | State::CommentEscape => self.state = if newline { State::BeforeKey } else { State::Comment },
        }
        self.stretch(old, at, blank);
        false
    }

    /// Makes the span of the value reach over this byte, if it belongs to the value.
    fn stretch(&mut self, old: State, at: usize, blank: bool) {
        let quoted = matches!(old, State::Single | State::Double | State::DoubleEscape | State::ValueEscape);
        if quoted || (matches!(old, State::BeforeValue | State::Value) && !blank) {
            if self.value_end == self.value_start {
                self.value_start = at;
            }
            self.value_end = at + 1;
        }
    }

    /// Records the variable and makes ready for the next.
    fn push(&mut self, record: &mut Record<'_>) -> Result<(), Span> {
        if self.state == State::Value
            && let Some(length) = self.trimmed
        {
            self.value.truncate(length);
        }
        self.state = State::BeforeKey;
        let length = self.key.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')).map_or(0, |last| last + 1);
        self.key.truncate(length);
        let key_span = Span::new(self.key_start, self.key_start + length);
        let value_span = Span::new(self.value_start, self.value_end);
        let key = String::from_utf8(std::mem::take(&mut self.key)).map_err(|_| key_span)?;
        let value = String::from_utf8(std::mem::take(&mut self.value)).map_err(|_| value_span)?;
        record.set(key, Some(value.into()), key_span, value_span);
        Ok(())
    }
}
