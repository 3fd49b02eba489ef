//! Runs the rules and puts what they find into the order of the struct.

use configcheck_core::diagnostic::Tally;
use configcheck_core::display::escaped;
use configcheck_core::snapshot::Suppression;
use configcheck_core::{Diagnostic, Place, Report, Schema, Severity, Snapshot};

use crate::context::Context;
use crate::policy::{Level, Policy};
use crate::rules::ALL;

/// Checks a snapshot against a schema. The same input gives the same report, finding by finding.
pub fn check(schema: &Schema, snapshot: &Snapshot, policy: &Policy) -> Report {
    let context = Context::new(schema, snapshot, policy);
    let mut findings = Vec::new();
    for rule in ALL {
        let level = policy.level_of(rule.info());
        if level == Some(Level::Off) || !rule.applies(&context) {
            continue;
        }
        let start = findings.len();
        rule.check(&context, &mut findings);
        if let Some(Level::At(severity)) = level {
            findings[start..].iter_mut().for_each(|finding| finding.severity = severity);
        }
    }
    if !findings.is_empty() {
        accept(&context, &mut findings);
        // The sort is stable: of one key, the findings stay in the order of the rules.
        findings.sort_by_key(position);
    }
    Report {
        service: schema.name().to_owned(),
        environment: snapshot.environment.as_ref().map(|environment| environment.name().to_owned()),
        tally: tally(&context, &findings),
        findings,
    }
}

/// Where a finding stands in the report: first the errors that concern no key, since a source that cannot be read or an unknown
/// environment may explain the rest; then the keys in their order; last what concerns no key and stops nothing.
fn position(finding: &Diagnostic) -> (u8, usize) {
    match finding.key_index {
        None if finding.severity == Severity::Error => (0, 0),
        Some(index) => (1, index),
        None => (2, 0),
    }
}

/// Marks the findings that the policy or a file accepts.
fn accept(context: &Context<'_>, findings: &mut [Diagnostic]) {
    for finding in findings {
        finding.suppressed = context
            .policy()
            .accepted(finding.rule, finding.key.as_deref())
            .or_else(|| accepted_in_file(context, finding).map(|suppression| suppression.reason.as_str()))
            .map(|reason| escaped(reason).into_owned());
    }
}

/// The line of a file that accepts a finding at its place. One without a reason accepts nothing.
fn accepted_in_file<'a>(context: &Context<'a>, finding: &Diagnostic) -> Option<&'a Suppression> {
    let Place::File { path, line, .. } = &finding.place else { return None };
    context.snapshot().suppressions.iter().find(|suppression| {
        suppression.line == *line
            && !suppression.reason.trim().is_empty()
            && context.snapshot().source(suppression.source).name == *path
            && suppression.rules.iter().any(|rule| rule == finding.rule.name || rule == finding.rule.code)
    })
}

/// Counts the keys by their state, in one walk beside the findings, which are in the order of the keys.
fn tally(context: &Context<'_>, findings: &[Diagnostic]) -> Tally {
    let mut tally = Tally::default();
    let mut wrong = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error && finding.suppressed.is_none())
        .filter_map(|finding| finding.key_index)
        .peekable();
    for view in context.keys() {
        while wrong.next_if(|index| *index < view.index).is_some() {}
        if wrong.peek() != Some(&view.index) {
            let is_known = view.slot.winner.is_some() || !context.waits_for_environment(&view);
            *(if is_known { &mut tally.ok } else { &mut tally.not_checkable }) += 1;
        } else if view.slot.winner.is_none() && view.slot.resolved().is_none() {
            tally.missing += 1;
        } else {
            tally.bad += 1;
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Acceptance;
    use crate::rules::testing::{Case, integer, secret, text};

    fn case() -> Case {
        Case::new(&[text("HOST"), integer("PORT"), secret("JWT_SECRET"), text("REGION")])
            .dotenv(".env", 3, "PORT", "80a80")
            .set("REGION", "eu")
            .unknown(".env", 9, Some("COLOUR"))
            .problem(".env", 12, "a line here is not NAME=value", None)
    }

    fn check_lines(case: Case, policy: &Policy, expected: &[&str]) {
        let (schema, snapshot) = case.finish();
        let report = check(&schema, &snapshot, policy);
        let lines: Vec<String> = report
            .findings
            .iter()
            .map(|finding| {
                let accepted = finding.suppressed.as_deref().map_or_else(String::new, |reason| format!(" (accepted: {reason})"));
                format!("{}[{}] {}{accepted}", finding.severity, finding.rule.name, finding.key.as_deref().unwrap_or("-"))
            })
            .collect();
        assert_eq!(lines, expected);
        for _ in 0..1_000 {
            assert_eq!(check(&schema, &snapshot, policy), report, "every run gives the same report");
        }
    }

    #[test]
    fn puts_findings_in_the_order_of_the_struct() {
        check_lines(
            case(),
            &Policy::new(),
            &[
                "error[unreadable-source] -",
                "error[missing-required] HOST",
                "error[invalid-value] PORT",
                "error[missing-required] JWT_SECRET",
                "warning[unknown-key] COLOUR",
            ],
        );
    }

    #[test]
    fn follows_the_policy() {
        let acceptance =
            |rule: &str, key: Option<&str>, reason: &str| Acceptance { rule: rule.into(), key: key.map(Into::into), reason: reason.into() };
        let policy = Policy::new()
            .level("CC019", Level::Off)
            .level("unknown-key", Level::At(Severity::Error))
            .accept(acceptance("missing-required", Some("HOST"), "comes with the next\nrelease"))
            .accept(acceptance("CC002", None, "  "));
        check_lines(
            case(),
            &policy,
            &[
                "error[unknown-key] COLOUR",
                "error[missing-required] HOST (accepted: comes with the next\\nrelease)",
                "error[invalid-value] PORT",
                "error[missing-required] JWT_SECRET",
                "warning[invalid-policy] -",
            ],
        );
    }

    #[test]
    fn follows_suppressions_in_files() {
        let good = case().suppressed(".env", 9, &["unknown-key"], "read by compose").suppressed(".env", 3, &["CC002"], "on purpose");
        check_lines(
            good,
            &Policy::new(),
            &[
                "error[unreadable-source] -",
                "error[missing-required] HOST",
                "error[invalid-value] PORT (accepted: on purpose)",
                "error[missing-required] JWT_SECRET",
                "warning[unknown-key] COLOUR (accepted: read by compose)",
            ],
        );
        let bad = case().suppressed(".env", 9, &["unknown-key"], " ").suppressed(".env", 4, &["CC002"], "another line");
        check_lines(
            bad,
            &Policy::new(),
            &[
                "error[unreadable-source] -",
                "error[missing-required] HOST",
                "error[invalid-value] PORT",
                "error[missing-required] JWT_SECRET",
                "warning[unknown-key] COLOUR",
                "warning[invalid-policy] -",
            ],
        );
    }

    #[test]
    fn counts_keys() {
        let (schema, snapshot) = case().finish();
        let tally = check(&schema, &snapshot, &Policy::new()).tally;
        assert_eq!(tally, Tally { ok: 1, bad: 1, not_checkable: 0, missing: 2 });
    }
}
