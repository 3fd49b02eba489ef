//! Reads `configcheck.toml`: what a project says once, so that nobody repeats it on the command line.

use configcheck_checks::Policy;
use configcheck_core::Severity;
use configcheck_core::environment::EnvironmentKind;

use crate::failure::Failure;

mod decisions;
mod document;
#[cfg(test)]
mod tests;

use document::{Document, Row};

/// The dialects of `.env` files, by name.
pub(crate) const DIALECTS: [&str; 10] =
    ["configcheck", "posix-sh", "docker-run", "compose", "node", "python", "ruby", "dotenvy", "systemd", "kubectl"];

/// The keys of the file itself.
const KEYS: [&str; 11] =
    ["schema", "example", "service", "dialect", "readers", "fail-on", "exclude", "baseline", "environments", "rules", "accept"];

/// The weights of a finding, by name.
const SEVERITIES: [(&str, Severity); 3] = [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];

/// The kinds of environments, by name.
const KINDS: [(&str, EnvironmentKind); 4] = [
    ("development", EnvironmentKind::Development),
    ("test", EnvironmentKind::Test),
    ("staging", EnvironmentKind::Staging),
    ("production", EnvironmentKind::Production),
];

/// What a project says of itself. Relative paths count from the folder of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProjectFile {
    /// The schema.
    pub(crate) schema: Option<String>,
    /// The example that belongs to the schema.
    pub(crate) example: Option<String>,
    /// The service's name in reports.
    pub(crate) service: Option<String>,
    /// How the project's `.env` files are read.
    pub(crate) dialect: Option<String>,
    /// Who else reads them, to be compared with; `None` compares with all.
    pub(crate) readers: Option<Vec<String>>,
    /// The lightest finding that fails a run.
    pub(crate) fail_on: Option<Severity>,
    /// Globs of files that are not looked at.
    pub(crate) exclude: Vec<String>,
    /// The findings that were there before.
    pub(crate) baseline: Option<String>,
    /// The environments in the order of the file.
    pub(crate) environments: Vec<EnvironmentFiles>,
    /// What the team decided about the rules.
    pub(crate) policy: Policy,
}

/// An environment and its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EnvironmentFiles {
    /// Its name.
    pub(crate) name: String,
    /// What it is treated as; `None` for one that its name or the schema explains.
    pub(crate) kind: Option<EnvironmentKind>,
    /// Its files, lowest layer first; empty for those that its name leads to.
    pub(crate) files: Vec<String>,
}

/// Reads the file. Whatever is wrong in it is said in one failure, in the order of its lines, and no value of it is shown.
pub(crate) fn parse(text: &[u8], path: &str) -> Result<ProjectFile, Failure> {
    let document = Document::read(text, path)?;
    let root = document.root();
    root.knows(&KEYS);
    let file = ProjectFile {
        schema: root.text("schema"),
        example: root.text("example"),
        service: root.text("service"),
        dialect: root.word("dialect", "a dialect of .env files", &DIALECTS),
        readers: root.words("readers", "a dialect of .env files", &DIALECTS),
        fail_on: root.choice("fail-on", "a weight of findings", &SEVERITIES),
        exclude: root.globs("exclude"),
        baseline: root.text("baseline"),
        environments: environments(&root),
        policy: decisions::read(&root),
    };
    document.finish(file)
}

fn environments(root: &Row<'_, '_>) -> Vec<EnvironmentFiles> {
    let tables = root.tables_by_name("environments", "a table for each environment, as in [environments.production]");
    tables.into_iter().filter_map(|(name, table)| environment(name, &table)).collect()
}

fn environment(name: &str, table: &Row<'_, '_>) -> Option<EnvironmentFiles> {
    table.knows(&["kind", "files"]);
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if !is_name {
        table.wrong("an environment's name is made of letters, digits, -, _ and .", "give it the name that APP_ENV has there");
    }
    let kind = table.choice("kind", "a kind of environment", &KINDS);
    let files = table.texts("files").unwrap_or_default();
    is_name.then(|| EnvironmentFiles { name: name.to_owned(), kind, files })
}
