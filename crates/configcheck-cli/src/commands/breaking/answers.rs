//! Whether an environment as it stands would start with the new schema, and with the old one after a rollback.

use std::collections::BTreeSet;

use configcheck_checks::Policy;
use configcheck_core::{Diagnostic, Schema, Severity};
use configcheck_dotenv::Dialect;
use configcheck_loader::References;

use crate::examination::Examiner;
use crate::targets::TargetInput;

/// The answers for one environment.
#[derive(Debug)]
pub(super) struct Answers {
    /// What a person calls it.
    pub(super) name: String,
    /// Whether the release would start.
    pub(super) release: Answer,
    /// Whether the old version would start again.
    pub(super) rollback: Answer,
}

/// What the rules say of a start.
#[derive(Debug)]
pub(super) struct Answer {
    /// What stops it.
    pub(super) stops: Vec<Diagnostic>,
    /// The number of keys whose values live elsewhere.
    pub(super) elsewhere: usize,
}

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Yes,
    No,
    /// Nothing is wrong, and not everything can be seen from here.
    Unknown,
}

impl Answers {
    /// Checks an environment with both schemas. Nobody is asked for a secret.
    pub(super) fn of(target: &TargetInput, old: &Schema, new: &Schema, policy: &Policy, dialect: Dialect) -> Self {
        let answer = |schema| Answer::of(target, schema, policy, dialect);
        Self { name: target.name.clone(), release: answer(new), rollback: answer(old) }
    }

    /// Whether one of the two would not start.
    pub(super) fn has_no(&self) -> bool {
        [&self.release, &self.rollback].iter().any(|answer| answer.start() == Start::No)
    }
}

impl Answer {
    fn of(target: &TargetInput, schema: &Schema, policy: &Policy, dialect: Dialect) -> Self {
        let examiner = Examiner {
            schema,
            policy,
            dialect,
            example: None,
            obeys_files: true,
            references: References::Noted,
            // What git and other readers make of the files stops no start.
            tracked: &BTreeSet::new(),
            readers: Some(&[]),
        };
        let report = examiner.examine(target).report;
        let elsewhere = report.tally.not_checkable;
        let stops = report.findings.into_iter().filter(|finding| finding.severity == Severity::Error && finding.suppressed.is_none());
        Self { stops: stops.collect(), elsewhere }
    }

    /// The answer in one word.
    pub(super) fn start(&self) -> Start {
        match (self.stops.is_empty(), self.elsewhere) {
            (false, _) => Start::No,
            (true, 0) => Start::Yes,
            (true, _) => Start::Unknown,
        }
    }
}
