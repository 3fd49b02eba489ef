//! Why a command could not do its work: our own sentences and a place, never text of a file or of a foreign error.

use std::fmt;

use configcheck_core::display::escaped;
use configcheck_schema::SchemaError;

use crate::exit::Exit;
use crate::findings::Unread;

/// Why a command could not do its work.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    exit: Exit,
    place: Option<String>,
    message: String,
    help: Option<String>,
    more: Vec<Failure>,
}

impl Failure {
    /// Wrong arguments, configuration or schema.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, place: None, message: message.into(), help: None, more: Vec::new() }
    }

    /// An input that could not be read, or none at all.
    pub(crate) fn incomplete(message: impl Into<String>) -> Self {
        Self { exit: Exit::Incomplete, ..Self::usage(message) }
    }

    /// What kept a program from being started, with the code for it.
    pub(crate) fn start(code: u8, message: impl Into<String>) -> Self {
        Self { exit: Exit::Child(code), ..Self::usage(message) }
    }

    /// A schema file that is none.
    pub(crate) fn schema(path: &str, error: &SchemaError) -> Self {
        let place = match (error.line, error.column) {
            (0, _) => path.to_owned(),
            (line, 0) => format!("{path}:{line}"),
            (line, column) => format!("{path}:{line}:{column}"),
        };
        Self::usage(error.message.clone()).at(place).help(error.help.clone())
    }

    /// Where.
    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// What to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into()).filter(|help: &String| !help.is_empty());
        self
    }

    /// Something else that is wrong, said after it.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.more.push(other);
        self
    }

    /// The same failure as that of an input, in other words; the help stays.
    pub(crate) fn incomplete_as(self, message: impl Into<String>) -> Self {
        Self { exit: Exit::Incomplete, message: message.into(), ..self }
    }

    /// The same as a line about an input that could not be read.
    pub(crate) fn into_unread(self, path: &str) -> Unread {
        Unread { path: path.to_owned(), message: self.message, help: self.help.unwrap_or_default() }
    }

    /// How the command ends.
    pub(crate) const fn exit(&self) -> Exit {
        self.exit
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("error: ")?;
        if let Some(place) = &self.place {
            // An empty name would not be seen.
            write!(f, "{}: ", if place.is_empty() { "\"\"".into() } else { escaped(place) })?;
        }
        f.write_str(&escaped(&self.message))?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", escaped(help))?;
        }
        self.more.iter().try_for_each(|other| write!(f, "\n{other}"))
    }
}
