//! `duplicate-key`: a key stands twice in one file.

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
        findings.extend(context.snapshot().duplicates.iter().map(|duplicate| finding(context, *duplicate)));
    }
}

fn finding(context: &Context<'_>, duplicate: Duplicate) -> Diagnostic {
    let variable = &context.schema().keys()[duplicate.key].variable;
    let (first, second) = (context.spot(duplicate.first), context.spot(duplicate.second));
    let (message, help) = if duplicate.same_value {
        (format!("{variable} stands twice with the same value"), format!("remove {first} or {second}"))
    } else {
        let help = format!("remove {first} if {second} is right, which decides now; else remove {second}");
        (format!("{variable} stands twice with different values, and the last one wins"), help)
    };
    let mut finding = Diagnostic::new(&INFO, message)
        .about(duplicate.key, variable.as_ref())
        .at(context.place_of(duplicate.second, variable))
        .related(context.place_of(duplicate.first, variable), "the first one")
        .help(help);
    if duplicate.same_value {
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
