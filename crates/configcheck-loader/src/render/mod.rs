//! A report as text: plain lines for a log, source lines and colours for a terminal, JSON for a program.
//!
//! Nothing is read and nothing is printed here. A report holds all that is shown, so that no file is opened again whose other lines may
//! hold secrets. Text of the outside world is escaped on its way out, in every form: it cannot steer a terminal or begin a line.

mod json;
mod plain;
#[cfg(test)]
mod samples;
#[cfg(feature = "terminal")]
mod terminal;
#[cfg(test)]
mod tests;
mod wording;

use configcheck_core::Report;

/// The width where none is known, in columns.
const USUAL_WIDTH: usize = 100;

/// The narrowest width that lines are fitted to; below it they are left to the terminal.
const LEAST_WIDTH: usize = 40;

/// What the terminal can do. Who calls has looked at the terminal, `NO_COLOR` and `FORCE_COLOR`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Style {
    /// Whether colours are wanted.
    pub color: bool,
    /// The width in columns, when it is known.
    pub width: Option<usize>,
}

impl Style {
    /// The same with colours or without.
    #[must_use]
    pub fn color(mut self, color: bool) -> Self {
        self.color = color;
        self
    }

    /// The same with a width.
    #[must_use]
    pub fn width(mut self, columns: usize) -> Self {
        self.width = Some(columns);
        self
    }

    fn columns(self) -> usize {
        self.width.unwrap_or(USUAL_WIDTH).max(LEAST_WIDTH)
    }
}

/// The report for a log: no colours, and no line is broken, so that a search finds whole sentences. Without a line break at the end.
pub fn plain(report: &Report) -> String {
    plain::render(report, None)
}

/// The report for a person at a terminal; the plain one, broken into lines, where the feature `terminal` is off. Without a line break at
/// the end.
pub fn terminal(report: &Report, style: Style) -> String {
    #[cfg(feature = "terminal")]
    return terminal::render(report, style.color, style.columns());
    #[cfg(not(feature = "terminal"))]
    plain::render(report, Some(style.columns()))
}

/// The report for a program: one JSON document on one line.
///
/// ```json
/// {
///   "version": 1,
///   "service": "checkout",
///   "environment": "production",
///   "tally": { "ok": 2, "bad": 3, "not_checkable": 0, "missing": 2 },
///   "findings": [{
///     "rule": "invalid-value", "code": "CC002", "severity": "error", "key": "PORT",
///     "message": "PORT is not a port number",
///     "place": { "kind": "file", "path": ".env", "line": 3, "column": 6 },
///     "related": [{ "place": { "kind": "variable", "name": "PORT" }, "message": "set here too" }],
///     "expected": "a port number", "found": "80a80",
///     "help": ["an example: 8080"],
///     "suppressed": "the reason, when the finding is accepted"
///   }]
/// }
/// ```
///
/// The findings stand in the order of the struct, accepted ones among them. `severity` is `error`, `warning` or `note`. A member without
/// a value is left out; the lists are always there. A place of the kind `file` has a `path` and, where they are known, `line` and
/// `column`, both from 1; `variable` and `source` have a `name`, `reference` has a `reference`, `schema` and `nowhere` have nothing more.
/// The version rises when a member goes or changes its meaning. Members and kinds may be added without that; a kind unknown to the reader
/// has at least a `text`.
pub fn json(report: &Report) -> String {
    json::render(report)
}
