//! `Report`: which requirements are kept, which are not, and which could not be examined.

use std::fmt;

use super::subject::Capability;

/// How many problems of one requirement are shown.
const SHOWN: usize = 6;

/// What became of each requirement.
#[derive(Clone, Debug, Default)]
pub struct Report {
    passed: Vec<&'static str>,
    failed: Vec<Failed>,
    not_applicable: Vec<(&'static str, Capability)>,
    left_out_values: Vec<&'static str>,
}

/// A requirement that is not kept.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failed {
    /// Its name.
    pub requirement: &'static str,
    /// What it demands.
    pub sentence: &'static str,
    /// What was seen in its place: all of it, where a report shows the first few.
    pub problems: Vec<String>,
}

impl Report {
    /// The names of the requirements that are kept.
    pub fn passed(&self) -> &[&'static str] {
        &self.passed
    }

    /// The requirements that are not kept.
    pub fn failed(&self) -> &[Failed] {
        &self.failed
    }

    /// The names of the requirements that could not be examined, and what the subject cannot do.
    pub fn not_applicable(&self) -> &[(&'static str, Capability)] {
        &self.not_applicable
    }

    pub(super) fn note(&mut self, requirement: &'static str, sentence: &'static str, problems: Vec<String>) {
        if problems.is_empty() {
            self.passed.push(requirement);
        } else {
            self.failed.push(Failed { requirement, sentence, problems });
        }
    }

    pub(super) fn leave_out(&mut self, requirement: &'static str, missing: Capability) {
        self.not_applicable.push((requirement, missing));
    }

    pub(super) fn left_out_values(&mut self, labels: Vec<&'static str>) {
        self.left_out_values = labels;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Failed { requirement, sentence, problems } in &self.failed {
            writeln!(f, "not kept: {requirement}: {sentence}")?;
            for problem in problems.iter().take(SHOWN) {
                writeln!(f, "    {problem}")?;
            }
            if problems.len() > SHOWN {
                writeln!(f, "    and {} more", problems.len() - SHOWN)?;
            }
        }
        for requirement in &self.passed {
            writeln!(f, "kept: {requirement}")?;
        }
        for (requirement, missing) in &self.not_applicable {
            writeln!(f, "not applicable: {requirement}: the subject does not have {}", missing.name())?;
        }
        for label in &self.left_out_values {
            writeln!(f, "not tried: {label}: the manager cannot hold it")?;
        }
        let (kept, failed, left) = (self.passed.len(), self.failed.len(), self.not_applicable.len());
        write!(f, "{kept} kept, {failed} not kept, {left} not applicable")
    }
}
