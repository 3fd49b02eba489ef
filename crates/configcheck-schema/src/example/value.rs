//! Values of decorators: words, quoted texts, function calls, lists and objects, as env-spec writes them.

/// How deep brackets may lie in brackets.
const DEEPEST: usize = 12;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Unquoted text.
    Word(String),
    /// Quoted text.
    Text(String),
    /// A function and its arguments; the arguments of a decorator itself have no name.
    Call(String, Vec<Argument>),
    /// `[a, b]`
    List(Vec<Argument>),
    /// `{a=b}`
    Object(Vec<Argument>),
}

/// One argument of a call, item of a list or member of an object.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Argument {
    pub(super) name: Option<String>,
    pub(super) value: Value,
}

/// Why a value cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// A bracket is still open at the end; the next line may close it.
    Open,
    /// It is no value.
    Wrong,
}

impl Value {
    /// Its text, quoted or not.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Word(text) | Self::Text(text) => Some(text),
            Self::Call(..) | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// `true` or `false`, without quotes.
    pub(super) fn bool(&self) -> Option<bool> {
        match self {
            Self::Word(word) if word == "true" => Some(true),
            Self::Word(word) if word == "false" => Some(false),
            _ => None,
        }
    }

    /// A member of an object.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|member| member.name.as_deref() == Some(name)).map(|member| &member.value)
    }
}

/// What is left to read.
pub(super) struct Cursor<'a> {
    pub(super) rest: &'a str,
}

impl Cursor<'_> {
    pub(super) fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        self.rest = self.rest.trim_start_matches(is_skipped);
    }

    pub(super) fn eat(&mut self, c: char) -> bool {
        let behind = self.rest.strip_prefix(c);
        self.rest = behind.unwrap_or(self.rest);
        behind.is_some()
    }

    /// A name: a letter, then letters, digits and underscores.
    pub(super) fn name(&mut self) -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        if !self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return String::new();
        }
        self.word(end)
    }

    fn word(&mut self, end: usize) -> String {
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }

    /// The value of a decorator: an unquoted one ends at a blank or a `#`.
    pub(super) fn value(&mut self) -> Result<Value, Broken> {
        self.nested(DEEPEST, &[' ', '\t', '\n', '#'])
    }

    /// The arguments behind an opening parenthesis.
    pub(super) fn arguments(&mut self) -> Result<Vec<Argument>, Broken> {
        self.list(DEEPEST, ')')
    }

    fn nested(&mut self, depth: usize, ends: &[char]) -> Result<Value, Broken> {
        let Some(depth) = depth.checked_sub(1) else { return Err(Broken::Wrong) };
        match self.rest.chars().next() {
            Some(quote @ ('"' | '\'' | '`')) => self.quoted(quote).map(Value::Text),
            Some('[') => {
                self.eat('[');
                self.list(depth, ']').map(Value::List)
            }
            Some('{') => {
                self.eat('{');
                self.list(depth, '}').map(Value::Object)
            }
            _ => {
                let start = self.rest;
                let name = self.name();
                if !name.is_empty() && self.eat('(') {
                    return Ok(Value::Call(name, self.list(depth, ')')?));
                }
                self.rest = start;
                let word = self.word(start.find(ends).unwrap_or(start.len()));
                let word = word.trim_end();
                if word.is_empty() { Err(Broken::Wrong) } else { Ok(Value::Word(word.to_owned())) }
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Result<String, Broken> {
        self.eat(quote);
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\n' => break,
                '\\' => match chars.next().map(|(_, next)| next) {
                    Some(next) if next == quote || next == '\\' => text.push(next),
                    Some('n') if quote != '\'' => text.push('\n'),
                    Some(next) => text.extend(['\\', next]),
                    None => break,
                },
                c if c == quote => {
                    self.rest = &self.rest[at + c.len_utf8()..];
                    return Ok(text);
                }
                c => text.push(c),
            }
        }
        Err(Broken::Wrong)
    }

    fn list(&mut self, depth: usize, close: char) -> Result<Vec<Argument>, Broken> {
        let mut arguments = Vec::new();
        loop {
            self.blanks();
            if self.eat(close) {
                return Ok(arguments);
            }
            if self.rest.is_empty() {
                return Err(Broken::Open);
            }
            let start = self.rest;
            let name = Some(self.name()).filter(|name| !name.is_empty() && self.eat('='));
            if name.is_none() {
                self.rest = start;
            }
            arguments.push(Argument { name, value: self.nested(depth, &[',', ')', ']', '}', '\n'])? });
            self.blanks();
            if !self.eat(',') && !self.rest.starts_with(close) {
                return Err(if self.rest.is_empty() { Broken::Open } else { Broken::Wrong });
            }
        }
    }

    /// Blanks, line ends and, inside of brackets, comments: a `#` and a blank.
    fn blanks(&mut self) {
        loop {
            self.skip(char::is_whitespace);
            match self.rest.strip_prefix('#') {
                Some(behind) if behind.is_empty() || behind.starts_with(char::is_whitespace) => {
                    self.rest = behind.find('\n').map_or("", |end| &behind[end..]);
                }
                _ => return,
            }
        }
    }
}
