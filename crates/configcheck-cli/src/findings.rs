//! What a run of checks found, in the form that every output format reads.

use std::fmt;
use std::path::{Path, PathBuf};

use configcheck_checks::KeyVerdict;
use configcheck_core::display::escaped;
use configcheck_core::{Diagnostic, Place, Report, Severity};
use configcheck_policy::fleet::Cost;
use sha2::{Digest as _, Sha256};

use crate::exit::Exit;
use crate::project::absolute;

/// What standard input is called.
pub(crate) const STANDARD_INPUT: &str = "standard input";

/// Everything that one run of checks found.
#[derive(Debug)]
pub(crate) struct Run {
    /// The schema; `None` when files were checked without one.
    pub(crate) schema: Option<SchemaName>,
    /// What was checked, one by one.
    pub(crate) targets: Vec<Target>,
    /// Inputs that could not be read.
    pub(crate) unread: Vec<Unread>,
    /// The lightest finding that fails the run.
    pub(crate) fail_on: Severity,
    /// What it costs when many replicas start at once, for each target; empty unless somebody asked.
    pub(crate) fleets: Vec<Fleet>,
    /// The folder of the project, from which a file has the same name wherever the command is started.
    pub(crate) root: PathBuf,
}

/// What it costs when every replica of a target starts at once.
#[derive(Debug)]
pub(crate) struct Fleet {
    /// The target's name.
    pub(crate) target: String,
    /// How many replicas.
    pub(crate) replicas: u64,
    /// What each manager has to answer, the one whose limit is hit first on top.
    pub(crate) costs: Vec<Cost>,
}

/// How the schema is called.
#[derive(Debug)]
pub(crate) struct SchemaName {
    /// The service's name.
    pub(crate) name: String,
    /// The file.
    pub(crate) path: String,
}

/// One environment, or one group of files without any, with what was found in it.
#[derive(Debug)]
pub(crate) struct Target {
    /// What a person calls it: `production`, `.env`, `all environments`.
    pub(crate) name: String,
    /// The environment that it was checked as.
    pub(crate) environment: Option<String>,
    /// The findings.
    pub(crate) report: Report,
    /// Each key that is looked for here.
    pub(crate) keys: Vec<KeyState>,
    /// The files, lowest layer first.
    pub(crate) sources: Vec<String>,
}

/// A key and what is known of it.
#[derive(Debug)]
pub(crate) struct KeyState {
    /// Its variable.
    pub(crate) variable: String,
    /// The verdict.
    pub(crate) verdict: KeyVerdict,
    /// Where its value stands.
    pub(crate) place: Place,
}

/// An input that could not be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    /// Its name.
    pub(crate) path: String,
    /// Why, as a clause.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: String,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}: {}", escaped(&self.path), escaped(&self.message))?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "\n  help: {}", escaped(&self.help)) }
    }
}

/// A finding together with where it belongs.
#[derive(Debug)]
pub(crate) struct Finding<'a> {
    /// What was checked.
    pub(crate) target: &'a Target,
    /// The finding.
    pub(crate) diagnostic: &'a Diagnostic,
    /// What identifies it from run to run: no line and no value is in it.
    pub(crate) fingerprint: String,
}

impl Finding<'_> {
    /// Whether somebody accepted it.
    pub(crate) const fn is_accepted(&self) -> bool {
        self.diagnostic.suppressed.is_some()
    }
}

/// The page of a rule.
pub(crate) fn rule_url(name: &str) -> String {
    format!("{}/blob/main/docs/rules/{name}.md", env!("CARGO_PKG_REPOSITORY"))
}

impl Run {
    /// All findings, the worst first, then in the order of the targets and of the schema; accepted ones last.
    pub(crate) fn findings(&self) -> Vec<Finding<'_>> {
        let service = self.schema.as_ref().map_or("", |schema| schema.name.as_str());
        let mut seen = std::collections::HashMap::new();
        let all = self.targets.iter().flat_map(|target| target.report.findings.iter().map(move |diagnostic| (target, diagnostic)));
        let mut findings: Vec<Finding<'_>> = all
            .map(|(target, diagnostic)| {
                let identity = identity(service, &self.root, target, diagnostic);
                // Of several alike in one file each has its number.
                let number = seen.entry(identity.clone()).and_modify(|number| *number += 1_u32).or_insert(0);
                Finding { target, diagnostic, fingerprint: fingerprint(&identity, *number) }
            })
            .collect();
        findings.sort_by_key(|finding| (finding.is_accepted(), std::cmp::Reverse(finding.diagnostic.severity)));
        findings
    }

    /// The number of findings of one severity that nobody accepted.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.targets.iter().map(|target| target.report.count(severity)).sum()
    }

    /// How the run ends, whatever the format.
    pub(crate) fn exit(&self) -> Exit {
        let fails = self.targets.iter().flat_map(|target| target.report.active()).any(|finding| finding.severity >= self.fail_on);
        match (self.unread.is_empty(), fails) {
            (false, _) => Exit::Incomplete,
            (true, true) => Exit::Findings,
            (true, false) => Exit::Clean,
        }
    }
}

fn identity(service: &str, root: &Path, target: &Target, diagnostic: &Diagnostic) -> String {
    let place = match &diagnostic.place {
        Place::File { path, .. } => in_project(path, root),
        Place::Variable(name) => name.clone(),
        _ => String::new(),
    };
    let environment = target.environment.as_deref().unwrap_or("");
    // A finding about other keys than before is another finding: none of them is accepted with it unseen.
    let keys = diagnostic.keys().collect::<Vec<_>>().join(",");
    [diagnostic.rule.name, &keys, environment, service, &place].join("\0")
}

/// A file's path from the folder of the project; what does not lie there keeps the path as it was given.
fn in_project(path: &str, root: &Path) -> String {
    if path == STANDARD_INPUT || path.starts_with("git:") {
        return path.to_owned();
    }
    absolute(Path::new(path)).strip_prefix(absolute(root)).map_or_else(|_| path.to_owned(), |inside| inside.to_string_lossy().into_owned())
}

/// The first 16 digits of a hash of what identifies a finding.
fn fingerprint(identity: &str, number: u32) -> String {
    let digest = Sha256::new().chain_update(identity).chain_update(number.to_le_bytes()).finalize();
    let number = digest[..8].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:016x}")
}
