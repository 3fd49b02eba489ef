//! Findings and the report that holds them. A finding is data: it names a rule, a key and a place, and holds no text of a secret.

use std::fmt;

use crate::display::{Shown, escaped};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Note,
    /// The service starts, and somebody should look.
    Warning,
    /// The service does not start.
    Error,
}

impl Severity {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a rule is called and says of itself.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Its name, kebab-case: `missing-required`.
    pub name: &'static str,
    /// Its stable short code, `CC001`.
    pub code: &'static str,
    /// How much its findings weigh unless a policy says otherwise.
    pub severity: Severity,
    /// What it finds, in one sentence.
    pub summary: &'static str,
    /// Its page, in Markdown.
    pub page: &'static str,
}

/// Where a finding points. `Display` escapes what could steer a terminal; `Debug` leaves the bytes out, since they tell how long a value is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Place {
    /// A place in a text file.
    File {
        /// The path as it was given.
        path: String,
        /// Line, from 1; 0 for the file as a whole.
        line: u32,
        /// Column in characters, from 1; 0 for the line as a whole.
        column: u32,
        /// First byte and the byte after the last; `None` for the file as a whole.
        bytes: Option<(u32, u32)>,
    },
    /// A variable of the environment.
    Variable(String),
    /// A reference to a secret manager.
    Reference(String),
    /// A source without places in it: a figment provider, an override.
    Source(String),
    /// The schema's own text.
    Schema,
    /// Nowhere: what is missing has no place.
    Nowhere,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line: 0, .. } => f.write_str(&escaped(path)),
            Self::File { path, line, column: 0, .. } => write!(f, "{}:{line}", escaped(path)),
            Self::File { path, line, column, .. } => write!(f, "{}:{line}:{column}", escaped(path)),
            Self::Variable(name) => write!(f, "environment variable {}", escaped(name)),
            Self::Reference(reference) => write!(f, "reference {}", escaped(reference)),
            Self::Source(name) => f.write_str(&escaped(name)),
            Self::Schema => f.write_str("the schema"),
            Self::Nowhere => f.write_str("not set anywhere"),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, column, .. } => {
                f.debug_struct("File").field("path", path).field("line", line).field("column", column).finish_non_exhaustive()
            }
            Self::Variable(name) => f.debug_tuple("Variable").field(name).finish(),
            Self::Reference(reference) => f.debug_tuple("Reference").field(reference).finish(),
            Self::Source(name) => f.debug_tuple("Source").field(name).finish(),
            Self::Schema => f.write_str("Schema"),
            Self::Nowhere => f.write_str("Nowhere"),
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static RuleInfo,
    /// How much it weighs here.
    pub severity: Severity,
    /// The variable that it is about.
    pub key: Option<String>,
    /// The position of that key in the schema, for the order of the report.
    pub key_index: Option<usize>,
    /// The other keys that it is about too, where several have one cause: the position of each in the schema, and its variable.
    pub also: Vec<(usize, String)>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where.
    pub place: Place,
    /// Other places that have to do with it, each with what it is.
    pub related: Vec<(Place, String)>,
    /// What was expected.
    pub expected: Option<String>,
    /// What stands there, for a field that is no secret.
    pub found: Option<Shown>,
    /// What to do about it, the likeliest first.
    pub help: Vec<String>,
    /// Whether nobody has to change anything: the same start may succeed later.
    pub transient: bool,
    /// Why it is accepted, when it is.
    pub suppressed: Option<String>,
}

impl Diagnostic {
    /// A finding of a rule, at the rule's own severity.
    pub fn new(rule: &'static RuleInfo, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            key: None,
            key_index: None,
            also: Vec::new(),
            message: message.into(),
            place: Place::Nowhere,
            related: Vec::new(),
            expected: None,
            found: None,
            help: Vec::new(),
            transient: false,
            suppressed: None,
        }
    }

    /// The key that it is about.
    pub fn about(mut self, index: usize, key: impl Into<String>) -> Self {
        self.key_index = Some(index);
        self.key = Some(key.into());
        self
    }

    /// Whether it is about the key at this position.
    pub fn is_about(&self, index: usize) -> bool {
        self.indexes().any(|other| other == index)
    }

    /// The positions of all keys that it is about.
    pub fn indexes(&self) -> impl Iterator<Item = usize> {
        self.key_index.into_iter().chain(self.also.iter().map(|(index, _)| *index))
    }

    /// The variables that it is about.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.key.as_deref().into_iter().chain(self.also.iter().map(|(_, key)| key.as_str()))
    }

    /// The place.
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Another place that has to do with it.
    pub fn related(mut self, place: Place, what: impl Into<String>) -> Self {
        self.related.push((place, what.into()));
        self
    }

    /// What was expected.
    pub fn expected(mut self, what: impl Into<String>) -> Self {
        self.expected = Some(what.into());
        self
    }

    /// What stands there; `None` for a secret.
    pub fn found(mut self, shown: Option<Shown>) -> Self {
        self.found = shown;
        self
    }

    /// Something to do about it.
    pub fn help(mut self, what: impl Into<String>) -> Self {
        self.help.push(what.into());
        self
    }
}

/// How many keys are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Keys with nothing wrong.
    pub ok: usize,
    /// Keys with an error other than a missing value.
    pub bad: usize,
    /// Keys whose value lives elsewhere and was not fetched.
    pub not_checkable: usize,
    /// Required keys without a value.
    pub missing: usize,
}

/// All findings of one run, in the order of the struct, the same on every run.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Name of the service.
    pub service: String,
    /// The environment, when it is known.
    pub environment: Option<String>,
    /// The findings.
    pub findings: Vec<Diagnostic>,
    /// The keys counted.
    pub tally: Tally,
}

impl Report {
    /// Whether the service must not start.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// The number of findings of one severity, accepted ones left out.
    pub fn count(&self, severity: Severity) -> usize {
        self.active().filter(|finding| finding.severity == severity).count()
    }

    /// The findings that nobody accepted.
    pub fn active(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().filter(|finding| finding.suppressed.is_none())
    }

    /// The findings of one rule, by its name.
    pub fn of_rule<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Diagnostic> {
        self.active().filter(move |finding| finding.rule.name == name)
    }
}

#[cfg(test)]
mod tests;
