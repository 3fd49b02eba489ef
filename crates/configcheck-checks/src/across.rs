//! Checks several environments together: what no look at a single one can find.

use configcheck_core::{Diagnostic, Report, Schema, Snapshot};

use crate::context::Context;
use crate::policy::{Level, Policy};
use crate::rules::ACROSS;
use crate::run::accept::accept;
use crate::run::position;
use crate::run::weigh::weigh;

/// An environment that was checked by itself.
#[derive(Clone, Copy, Debug)]
pub struct Examined<'a> {
    /// What a person calls it.
    pub name: &'a str,
    /// What its sources held.
    pub snapshot: &'a Snapshot,
    /// What was found in it.
    pub report: &'a Report,
}

/// What a rule across environments may see.
#[derive(Debug)]
pub struct Across<'a> {
    schema: &'a Schema,
    policy: &'a Policy,
    examined: &'a [Examined<'a>],
    contexts: &'a [Context<'a>],
    found: &'a [Diagnostic],
}

impl<'a> Across<'a> {
    /// The schema.
    pub fn schema(&self) -> &'a Schema {
        self.schema
    }

    /// What the team decided about the rules.
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// The environments, each with what a rule about it alone may see.
    pub fn environments(&self) -> impl Iterator<Item = (&'a Examined<'a>, &'a Context<'a>)> + use<'a> {
        self.examined.iter().zip(self.contexts)
    }

    /// All findings so far: those in each environment, and those of the rules before.
    pub fn found(&self) -> impl Iterator<Item = &'a Diagnostic> + use<'a> {
        self.examined.iter().flat_map(|examined| &examined.report.findings).chain(self.found)
    }
}

/// Checks environments of one schema against each other, after each was checked by itself.
pub fn check_across(schema: &Schema, examined: &[Examined<'_>], policy: &Policy) -> Vec<Diagnostic> {
    let contexts: Vec<Context<'_>> = examined.iter().map(|one| Context::new(schema, one.snapshot, policy)).collect();
    let snapshots: Vec<&Snapshot> = examined.iter().map(|one| one.snapshot).collect();
    let mut findings: Vec<Diagnostic> = Vec::new();
    for rule in ACROSS {
        if policy.level_of(rule.info()) == Some(Level::Off) {
            continue;
        }
        let mut new = Vec::new();
        rule.check(&Across { schema, policy, examined, contexts: &contexts, found: &findings }, &mut new);
        weigh(schema, policy, rule.info(), rule.rests_on(), &mut new);
        accept(policy, &snapshots, &mut new);
        findings.append(&mut new);
    }
    findings.sort_by_key(position);
    findings
}

#[cfg(test)]
mod tests {
    use configcheck_core::Severity;

    use super::*;
    use crate::policy::Acceptance;
    use crate::rules::testing::{Case, examine, secret};

    fn check_lines(policy: &Policy, expected: &[&str]) {
        let case = |name: &str, file: &str| {
            Case::new(&[secret("JWT_SECRET")]).in_environment(name).dotenv(file, 1, "JWT_SECRET", "not-a-real-secret-1")
        };
        let staging = case("staging", ".env.staging").suppressed(".env.staging", 7, &["CC005"], "read by compose");
        let production =
            case("production", ".env.production").suppressed(".env.production", 1, &["same-secret-in-two-environments"], "until the\nmove");
        let found = examine(vec![("staging", staging), ("production", production)], policy);
        let lines: Vec<String> = found
            .iter()
            .map(|finding| {
                let accepted = finding.suppressed.as_deref().map_or_else(String::new, |reason| format!(" (accepted: {reason})"));
                format!("{}[{}] {}{accepted}", finding.severity, finding.rule.name, finding.place)
            })
            .collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn follows_files_and_the_policy() {
        let same = "error[same-secret-in-two-environments] .env.production:1:1 (accepted: until the\\nmove)";
        check_lines(&Policy::new(), &[same, "warning[unused-ignore] .env.staging:7"]);
        check_lines(&Policy::new().level("CC026", Level::At(Severity::Error)), &["error[unused-ignore] .env.staging:7", same]);
        check_lines(&Policy::new().level("unused-ignore", Level::Off), &[same]);
        let acceptance = Acceptance { rule: "CC025".into(), key: Some("JWT_SECRET".into()), reason: "one vault".into() };
        check_lines(
            &Policy::new().accept(acceptance).level("unused-ignore", Level::Off),
            &["error[same-secret-in-two-environments] .env.production:1:1 (accepted: one vault)"],
        );
        let off = Policy::new().level("same-secret-in-two-environments", Level::Off).level("unknown-key", Level::Off);
        check_lines(&off, &[]);
    }
}
