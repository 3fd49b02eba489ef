//! The error of a load: the report, and what kind of trouble it is.

use std::fmt;

use configcheck_core::{Report, Severity};

use crate::render;

/// What stopped a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration is wrong: somebody has to change it.
    Invalid,
    /// Nothing is wrong but that a secret manager did not answer, or asks to come back later: the same start may work then.
    Unavailable,
}

/// A load that did not succeed. It holds the report and nothing of a secret; `Display` and `Debug` print the report as plain text, so that
/// `unwrap()` and `fn main() -> Result<(), Error>` are as readable as `load_or_exit`.
pub struct Error {
    report: Box<Report>,
}

impl Error {
    pub(crate) fn new(report: Report) -> Self {
        Self { report: Box::new(report) }
    }

    /// Everything that was found.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// What kind of trouble it is.
    pub fn kind(&self) -> ErrorKind {
        let errors = || self.report.active().filter(|finding| finding.severity == Severity::Error);
        if self.report.has_errors() && errors().all(|finding| finding.transient) { ErrorKind::Unavailable } else { ErrorKind::Invalid }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render::plain(&self.report))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
