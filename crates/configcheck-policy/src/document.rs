//! A policy as text, and why there is none.

use std::fmt;

use crate::need::Need;

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The text of its file.
    pub text: String,
    /// What its reader should know and the format has no room for, one sentence each.
    pub notes: Vec<String>,
}

/// Why no policy can be written for a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variables that the reference is for; empty where the problem is about an option.
    pub variables: Vec<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Problem {
    /// A problem with a reference.
    pub(crate) fn of(need: &Need, message: impl fmt::Display, help: impl Into<String>) -> Self {
        let message = format!("{}: {message}", need.reference);
        Self { variables: need.variables.iter().cloned().collect(), message, help: help.into() }
    }

    /// A problem with what was asked for.
    pub(crate) fn option(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { variables: Vec::new(), message: message.into(), help: help.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.variables.as_slice() {
            [] => f.write_str(&self.message),
            variables => write!(f, "{}: {}", variables.join(", "), self.message),
        }
    }
}

/// Everything that keeps a policy from being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Problems {}

/// Why a policy that is in use cannot be compared. Nothing of its text is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The line, from 1; 0 where it is not known.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 { f.write_str(&self.message) } else { write!(f, "line {}: {}", self.line, self.message) }
    }
}

impl std::error::Error for Unread {}

/// Puts problems with the same cause together: fifteen references without an account are one problem.
pub(crate) fn grouped(problems: Vec<Problem>) -> Problems {
    let mut together: Vec<Problem> = Vec::new();
    for problem in problems {
        match together.iter_mut().find(|other| other.message == problem.message && other.help == problem.help) {
            Some(other) => other.variables.extend(problem.variables.into_iter().filter(|name| !name.is_empty())),
            None => together.push(problem),
        }
    }
    for problem in &mut together {
        problem.variables.sort();
        problem.variables.dedup();
    }
    Problems(together)
}
