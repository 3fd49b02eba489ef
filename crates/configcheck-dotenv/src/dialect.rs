//! What other programs make of a `.env` file: one reader for each of the named dialects.

use std::borrow::Cow;
use std::fmt;

use crate::item::ItemKind;
use crate::position::{Position, Span};
use record::Record;

mod compose;
mod compose_template;
mod docker_run;
mod dotenvy;
mod expand;
mod kubectl;
mod line_pattern;
mod node;
mod posix_ansi;
mod posix_brace;
mod posix_sh;
mod posix_word;
mod python;
mod record;
mod ruby;
mod systemd;
mod text;

/// A program or library that reads `.env` files in its own way.
///
/// ```
/// use configcheck_dotenv::Dialect;
///
/// assert_eq!(Dialect::parse("docker-run"), Some(Dialect::DockerRun));
/// assert!(Dialect::ALL.iter().all(|dialect| Dialect::parse(dialect.name()) == Some(*dialect)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Dialect {
    /// The dialect of this crate, as [`parse`](crate::parse) reads it.
    Configcheck,
    /// A shell that sources the file with `set -a`; where shells differ, bash.
    PosixSh,
    /// `docker run --env-file`.
    DockerRun,
    /// Docker Compose: its `.env` and `env_file:`.
    Compose,
    /// The npm package dotenv.
    Node,
    /// The Python package python-dotenv.
    Python,
    /// The Ruby gem dotenv.
    Ruby,
    /// The Rust crate dotenvy.
    Dotenvy,
    /// `EnvironmentFile=` of systemd.
    Systemd,
    /// `kubectl create configmap --from-env-file`.
    Kubectl,
}

impl Dialect {
    /// All dialects, in the order of their declaration.
    pub const ALL: &'static [Self] = &[
        Self::Configcheck,
        Self::PosixSh,
        Self::DockerRun,
        Self::Compose,
        Self::Node,
        Self::Python,
        Self::Ruby,
        Self::Dotenvy,
        Self::Systemd,
        Self::Kubectl,
    ];

    /// The name, as it is written on a command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Configcheck => "configcheck",
            Self::PosixSh => "posix-sh",
            Self::DockerRun => "docker-run",
            Self::Compose => "compose",
            Self::Node => "node",
            Self::Python => "python",
            Self::Ruby => "ruby",
            Self::Dotenvy => "dotenvy",
            Self::Systemd => "systemd",
            Self::Kubectl => "kubectl",
        }
    }

    /// The dialect with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|dialect| dialect.name() == name)
    }
}

/// One variable as a dialect reads it.
///
/// `Debug` shows neither the value nor its length, and no doubtful key.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable<'a> {
    /// The key as the dialect sees it.
    pub key: Cow<'a, str>,
    /// The value; none for a key that the dialect names without a value.
    pub value: Option<Cow<'a, str>>,
    /// The bytes of the key.
    pub key_span: Span,
    /// The bytes of the value as written. A value that is not in the file has an empty span behind the key.
    pub value_span: Span,
    /// Where the key starts.
    pub key_position: Position,
    /// Where the value starts.
    pub value_position: Position,
    /// Whether what the dialect takes for a key may be a piece of a value.
    ///
    /// A multi-line value is such a case in a dialect of single lines. Do not show a doubtful key unless it is
    /// one you expected.
    pub doubtful: bool,
}

/// Whether a key is the first thing on its line, behind `export` and its options at most.
///
/// Where it is not, its column tells how long the text before it is, and that may be the value of another key.
///
/// ```
/// use configcheck_dotenv::{Dialect, begins_line, read_as};
///
/// let input = b"export A=1 B=2\n";
/// let reading = read_as(input, Dialect::PosixSh, &|_| None);
/// let begins: Vec<bool> = reading.variables.iter().map(|variable| begins_line(input, variable.key_span)).collect();
/// assert_eq!(begins, [true, false]);
/// ```
pub fn begins_line(input: &[u8], key: Span) -> bool {
    let before = input.get(..key.start).unwrap_or_default();
    let start = before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
    let before = before[start..].strip_prefix(b"\xef\xbb\xbf").unwrap_or(&before[start..]);
    let mut words = before.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.all(|word| matches!(word, b"export" | b"declare" | b"readonly" | b"-x" | b"-p" | b"--"))
}

impl fmt::Debug for Variable<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.doubtful { "<doubtful>" } else { &self.key };
        formatter
            .debug_struct("Variable")
            .field("key", &key)
            .field("key_position", &self.key_position)
            .field("value_position", &self.value_position)
            .finish_non_exhaustive()
    }
}

/// A line that a dialect refuses. `Display` and `Debug` show no text of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// Where the span starts.
    pub position: Position,
    /// The bytes that are refused. They may be part of a secret.
    pub span: Span,
    /// What is wrong, as a clause without a full stop.
    pub message: &'static str,
    /// What to do about it, as a clause without a full stop.
    pub help: &'static str,
    /// The key, when it is known and not doubtful.
    pub key: Option<Span>,
    /// Whether the program says so and goes on, as a shell does, so that what it sets is known all the same.
    pub goes_on: bool,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.position, self.message)
    }
}

/// What a dialect makes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading<'a> {
    /// The variables in the order in which they are set, duplicates included. The last one of a key counts.
    pub variables: Vec<Variable<'a>>,
    /// What the dialect refuses. If there is any, then the program reports an error; the variables are those
    /// that are known all the same.
    pub refusals: Vec<Refusal>,
}

/// Reads the bytes of a `.env` file as a dialect does.
///
/// `outer` answers for the variables of the surrounding environment, which some dialects put into values.
/// Nothing else is asked and nothing is executed: where a program would run a command, there is a [`Refusal`]
/// that says so, and the output of the command is taken as empty.
///
/// Reading is linear in the size of the input. What variables put into the values of one file is limited to
/// 1 MiB altogether; what goes beyond is refused.
///
/// ```
/// use configcheck_dotenv::{Dialect, read_as};
///
/// let input = b"URL=https://example.com/#top\n";
/// let value = |dialect| read_as(input, dialect, &|_| None).variables[0].value.clone();
/// assert_eq!(value(Dialect::Node).as_deref(), Some("https://example.com/"));
/// assert_eq!(value(Dialect::Python).as_deref(), Some("https://example.com/#top"));
/// ```
pub fn read_as<'a>(input: &'a [u8], dialect: Dialect, outer: &dyn Fn(&str) -> Option<String>) -> Reading<'a> {
    let mut scope = expand::Scope::new(outer);
    match dialect {
        Dialect::Configcheck => configcheck(input),
        Dialect::PosixSh => posix_sh::read(input, scope),
        Dialect::DockerRun => docker_run::read(input, &scope),
        Dialect::Compose => compose::read(input, &mut scope),
        Dialect::Node => node::read(input),
        Dialect::Python => python::read(input, &mut scope),
        Dialect::Ruby => ruby::read(input, &mut scope),
        Dialect::Dotenvy => dotenvy::read(input, &mut scope),
        Dialect::Systemd => systemd::read(input),
        Dialect::Kubectl => kubectl::read(input, &scope),
    }
}

fn configcheck(input: &[u8]) -> Reading<'_> {
    let mut record = Record::new(input);
    for item in crate::parse(input).into_items() {
        match item.kind {
            ItemKind::Assignment(found) => record.set(found.key, Some(found.value), found.key_span, found.value_span),
            ItemKind::Problem(problem) => {
                let why = record::Why { message: problem.kind.message(), help: problem.kind.help(), goes_on: false };
                record.refuse(problem.span, why, problem.key);
            }
            ItemKind::Blank | ItemKind::Comment => {}
        }
    }
    record.finish()
}
