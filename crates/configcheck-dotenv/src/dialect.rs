//! The dialects of `.env` files, by name, and what they make of a file.

use std::borrow::Cow;
use std::fmt;

use crate::{ItemKind, Position, Span, items};

/// A reader of `.env` files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Dialect {
    /// This crate's own.
    Configcheck,
}

impl Dialect {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Configcheck];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Configcheck => "configcheck",
        }
    }

    /// The dialect with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|dialect| dialect.name() == name)
    }
}

/// One variable as the dialect reads it.
pub struct Variable<'a> {
    /// The key.
    pub key: Cow<'a, str>,
    /// The value; `None` for a key that is named without one.
    pub value: Option<Cow<'a, str>>,
    /// The bytes of the key.
    pub key_span: Span,
    /// The bytes of the value as written.
    pub value_span: Span,
    /// Where the key starts.
    pub key_position: Position,
    /// Where the value starts.
    pub value_position: Position,
    /// Whether the line may be a piece of a broken value.
    pub doubtful: bool,
}

impl fmt::Debug for Variable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Variable").field("key_position", &self.key_position).finish_non_exhaustive()
    }
}

/// A line that the dialect refuses.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    /// Where.
    pub position: Position,
    /// The bytes that are refused.
    pub span: Span,
    /// What is wrong.
    pub message: &'static str,
    /// What to do.
    pub help: &'static str,
    /// The key, when it is well formed.
    pub key: Option<Span>,
}

/// What a dialect makes of a file.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The variables in the order of the file, duplicates included.
    pub variables: Vec<Variable<'a>>,
    /// What is refused.
    pub refusals: Vec<Refusal>,
}

/// Reads with a dialect. `outer` answers for variables of the surrounding environment.
pub fn read_as<'a>(input: &'a [u8], dialect: Dialect, outer: &dyn Fn(&str) -> Option<String>) -> Reading<'a> {
    let (Dialect::Configcheck, _) = (dialect, outer);
    let (mut variables, mut refusals) = (Vec::new(), Vec::new());
    for item in items(input) {
        match item.kind {
            ItemKind::Assignment(found) => variables.push(Variable {
                key: Cow::Borrowed(found.key),
                value: Some(found.value),
                key_span: found.key_span,
                value_span: found.value_span,
                key_position: found.key_position,
                value_position: found.value_position,
                doubtful: found.doubtful,
            }),
            ItemKind::Problem(problem) => refusals.push(Refusal {
                position: problem.position,
                span: problem.span,
                message: problem.kind.message(),
                help: problem.kind.help(),
                key: problem.key,
            }),
            ItemKind::Blank | ItemKind::Comment => {}
        }
    }
    Reading { variables, refusals }
}
