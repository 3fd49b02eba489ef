//! One finding for one cause: an expired login is one, however many keys waited for it.

use configcheck_core::provider::OutcomeKind;
use configcheck_core::snapshot::Resolved;
use configcheck_core::{Diagnostic, Place, Severity};

use super::INFO;
use super::wording::headline;
use crate::context::Context;

/// How many other places a finding shows.
const MOST_PLACES: usize = 14;

/// What keys have in common that have one cause.
type Cause<'a> = (OutcomeKind, &'a str, Option<String>, Option<&'a str>, &'a [String], Severity);

/// Makes one finding of those with one cause, at the place of the first. What is accepted stays by itself.
pub(super) fn gather(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let snapshot = context.snapshot();
    // The finding that stands for a cause, and the cause; they are few.
    let mut causes: Vec<(Cause<'_>, usize)> = Vec::new();
    let mut members: Vec<(usize, usize)> = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        let index = finding.key_index.filter(|_| finding.rule.name == INFO.name && finding.suppressed.is_none());
        let resolved = index.and_then(|index| snapshot.slots[index].resolved());
        let Some(cause) = resolved.and_then(|resolved| cause(resolved, finding.severity)) else { continue };
        match causes.iter().find(|(other, _)| *other == cause) {
            Some((_, first)) => members.push((*first, at)),
            None => causes.push((cause, at)),
        }
    }
    if members.is_empty() {
        return;
    }
    for (first, at) in &members {
        let other = findings[*at].clone();
        let finding = &mut findings[*first];
        if let (Some(index), Some(key)) = (other.key_index, other.key) {
            if finding.also.len() < MOST_PLACES && !matches!(other.place, Place::Schema | Place::Nowhere) {
                finding.related.push((other.place, key.clone()));
            }
            finding.also.push((index, key));
        }
        // What a schema guessed is said of each key.
        let new: Vec<String> = other.help.into_iter().filter(|help| !finding.help.contains(help)).collect();
        finding.help.extend(new);
        finding.transient &= other.transient;
    }
    for (_, first) in &causes {
        let finding = &mut findings[*first];
        let resolved = finding.key_index.and_then(|index| snapshot.slots[index].resolved());
        if let Some(resolved) = resolved.filter(|_| !finding.also.is_empty()) {
            finding.message = headline(&finding.keys().collect::<Vec<_>>(), resolved);
        }
    }
    let mut at = 0;
    findings.retain(|_| {
        at += 1;
        !members.iter().any(|(_, member)| member + 1 == at)
    });
}

/// The cause of what became of a reference; `None` where each key has its own, as with a reference that is not well formed.
fn cause(resolved: &Resolved, severity: Severity) -> Option<Cause<'_>> {
    let reference = resolved.reference.as_ref().filter(|_| resolved.outcome != OutcomeKind::BadReference)?;
    // A manager that lets nobody in has one cause for all; of what it says of one secret, or of a file, each secret has its own.
    let is_of_manager = !matches!(resolved.outcome, OutcomeKind::Absent | OutcomeKind::Denied);
    let is_of_file = matches!(reference.scheme(), "file" | "sops" | "age") && resolved.outcome != OutcomeKind::NoProvider;
    let secret = (!is_of_manager || is_of_file).then(|| reference.id());
    Some((resolved.outcome, reference.scheme(), secret, resolved.reason.as_deref(), &resolved.help, severity))
}
