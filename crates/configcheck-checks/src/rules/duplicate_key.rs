//! `duplicate-key`: a key stands twice in one file.

use std::borrow::Cow;
use std::collections::HashMap;

use configcheck_core::display::escaped;
use configcheck_core::origin::{Origin, SourceId};
use configcheck_core::snapshot::Duplicate;
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::Context;

pub(super) struct DuplicateKey;

static INFO: RuleInfo = RuleInfo {
    name: "duplicate-key",
    code: "CC009",
    severity: Severity::Warning,
    summary: "A key stands twice in one file; a note when both hold the same value.",
    page: include_str!("duplicate_key.md"),
};

impl Rule for DuplicateKey {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        !context.snapshot().duplicates.is_empty()
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        // Grouped in one pass, in the order in which the names first stand twice.
        let mut groups: Vec<Vec<&Duplicate>> = Vec::new();
        let mut at: HashMap<(SourceId, Option<usize>, Option<&str>), usize> = HashMap::new();
        for duplicate in &context.snapshot().duplicates {
            let group = *at.entry((duplicate.first.source, duplicate.key, duplicate.name.as_deref())).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
            }
            groups[group].push(duplicate);
        }
        findings.extend(groups.iter().filter_map(|group| match group[..] {
            [] => None,
            [one] => Some(finding(context, one)),
            [.., last] => Some(finding_of_many(context, group, last)),
        }));
    }
}

/// The number of earlier places that a finding lists.
const MOST_PLACES: usize = 10;

/// The name under which a key stands twice.
fn name<'a>(context: &Context<'a>, duplicate: &'a Duplicate) -> Cow<'a, str> {
    match (duplicate.key, &duplicate.name) {
        (Some(key), _) => Cow::Borrowed(&context.schema().keys()[key].variable),
        (None, Some(name)) => escaped(name),
        (None, None) => Cow::Borrowed("a key"),
    }
}

/// A finding about what stands twice, declared or not.
fn about(context: &Context<'_>, duplicate: &Duplicate, message: String) -> Diagnostic {
    let finding = Diagnostic::new(&INFO, message);
    match (duplicate.key, &duplicate.name) {
        (Some(key), _) => finding.about(key, context.schema().keys()[key].variable.as_ref()),
        (None, name) => Diagnostic { key: name.as_deref().map(|name| escaped(name).into_owned()), ..finding },
    }
}

fn finding(context: &Context<'_>, duplicate: &Duplicate) -> Diagnostic {
    let variable = name(context, duplicate);
    let (first, second) = (context.spot(duplicate.first), context.spot(duplicate.second));
    let (message, help) = if duplicate.same_value {
        (format!("{variable} stands twice with the same value"), format!("remove {first} or {second}"))
    } else {
        let help = format!("remove {first} if {second} is right, which decides now; else remove {second}");
        (format!("{variable} stands twice with different values, and the last one wins"), help)
    };
    let mut finding = about(context, duplicate, message)
        .at(context.place_of(duplicate.second, &variable))
        .related(context.place_of(duplicate.first, &variable), "the first one")
        .help(help);
    if duplicate.same_value {
        finding.severity = Severity::Note;
    }
    finding
}

/// A key that stands there more than twice: one finding with all its places.
fn finding_of_many(context: &Context<'_>, duplicates: &[&Duplicate], latest: &Duplicate) -> Diagnostic {
    let variable = name(context, latest);
    let mut places: Vec<Origin> = duplicates.iter().flat_map(|duplicate| [duplicate.first, duplicate.second]).collect();
    places.sort_by_key(|origin| origin.span.map(|span| (span.line, span.start)));
    places.dedup();
    let last = latest.second;
    let (times, spot) = (places.len(), context.spot(last));
    let is_same = duplicates.iter().all(|duplicate| duplicate.same_value);
    let (message, help) = if is_same {
        (format!("{variable} stands {times} times with the same value"), format!("keep {spot} and remove the others"))
    } else {
        let help = format!("keep {spot} if it is right, which decides now, and remove the others");
        (format!("{variable} stands {times} times with different values, and the last one wins"), help)
    };
    let mut finding = about(context, latest, message).at(context.place_of(last, &variable)).help(help);
    for origin in places.into_iter().filter(|origin| *origin != last).take(MOST_PLACES) {
        finding = finding.related(context.place_of(origin, &variable), "an earlier one");
    }
    if is_same {
        finding.severity = Severity::Note;
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{Case, check, integer};

    #[test]
    fn says_which_one_decides() {
        check(
            &DuplicateKey,
            Case::new(&[integer("PORT")]).duplicate("PORT", 2, 9, false),
            "\
warning: PORT stands twice with different values, and the last one wins
  about PORT #0, at .env:9:1
  related: .env:2:1: the first one
  help: remove .env:2 if .env:9 is right, which decides now; else remove .env:9",
        );
    }

    #[test]
    fn all_places_of_a_key_are_one_finding() {
        check(
            &DuplicateKey,
            Case::new(&[integer("PORT")]).duplicate("PORT", 2, 5, true).duplicate("PORT", 5, 9, false),
            "\
warning: PORT stands 3 times with different values, and the last one wins
  about PORT #0, at .env:9:1
  related: .env:2:1: an earlier one
  related: .env:5:1: an earlier one
  help: keep .env:9 if it is right, which decides now, and remove the others",
        );
    }

    #[test]
    fn the_same_value_twice_is_a_note() {
        check(
            &DuplicateKey,
            Case::new(&[integer("PORT")]).duplicate("PORT", 2, 9, true),
            "\
note: PORT stands twice with the same value
  about PORT #0, at .env:9:1
  related: .env:2:1: the first one
  help: remove .env:2 or .env:9",
        );
        check(&DuplicateKey, Case::new(&[integer("PORT")]), "");
    }
}
