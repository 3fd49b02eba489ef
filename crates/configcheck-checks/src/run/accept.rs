//! Which findings a team accepts: in its policy, or on a line of a file.

use configcheck_core::display::escaped;
use configcheck_core::snapshot::Suppression;
use configcheck_core::{Diagnostic, Place, RuleInfo, Snapshot};

use crate::policy::Policy;

/// Marks the findings that the policy or one of the files accepts.
pub(crate) fn accept(policy: &Policy, snapshots: &[&Snapshot], findings: &mut [Diagnostic]) {
    for finding in findings {
        finding.suppressed = policy
            .accepted(finding.rule, finding.key.as_deref())
            .or_else(|| written_name(finding).and_then(|name| policy.accepted(finding.rule, Some(name))))
            .or_else(|| snapshots.iter().find_map(|snapshot| accepted_in_file(snapshot, finding)))
            .map(|reason| escaped(reason).into_owned());
    }
}

/// Whether a line of a file speaks of this rule, by its name or its code.
pub(crate) fn names(written: &str, rule: &RuleInfo) -> bool {
    written == rule.name || written == rule.code
}

/// Whether a line of this file is the place of a finding.
pub(crate) fn is_at(finding: &Diagnostic, file: &str, at: u32) -> bool {
    matches!(&finding.place, Place::File { path, line, .. } if *line == at && path == file)
}

/// The name that stands in the file, of a key that is not declared: its finding is about the key that was meant.
fn written_name(finding: &Diagnostic) -> Option<&str> {
    let name = finding.message.split_once(" is not declared").filter(|_| finding.rule.name == "unknown-key")?.0;
    (!name.contains(' ')).then_some(name)
}

/// The reason on the line of a file that accepts a finding at its place. One without a reason accepts nothing.
fn accepted_in_file<'a>(snapshot: &'a Snapshot, finding: &Diagnostic) -> Option<&'a str> {
    let accepts = |suppression: &&Suppression| {
        !suppression.reason.trim().is_empty()
            && is_at(finding, &snapshot.source(suppression.source).name, suppression.line)
            && suppression.rules.iter().any(|rule| names(rule, finding.rule))
    };
    snapshot.suppressions.iter().find(accepts).map(|suppression| suppression.reason.as_str())
}
