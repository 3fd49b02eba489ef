//! The exit codes of the contract. They do not depend on the format.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing at or above the level that fails.
    Clean,
    /// Findings; two things differ; a page has drifted.
    Findings,
    /// Wrong arguments, configuration or schema.
    Usage,
    /// An input could not be read, or there was none.
    Incomplete,
    /// The code of a child process, or of the attempt to start it.
    Child(u8),
}

impl Exit {
    /// The number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Incomplete => 3,
            Self::Child(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
