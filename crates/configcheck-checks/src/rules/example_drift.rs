//! `example-drift`: the example beside the schema lacks a declared key, or has one that is not declared.

use std::collections::BTreeSet;

use configcheck_core::display::escaped;
use configcheck_core::origin::Origin;
use configcheck_core::snapshot::ExampleKey;
use configcheck_core::{Diagnostic, Place, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView, slip};

pub(super) struct ExampleDrift;

static INFO: RuleInfo = RuleInfo {
    name: "example-drift",
    code: "CC022",
    severity: Severity::Warning,
    summary: "The .env.example lacks a declared key, or has one that is not declared.",
    page: include_str!("example_drift.md"),
};

/// The number of keys that are named one by one, of those that lack and of those that are too many. More of them are another service's.
const MOST_NAMED: usize = 20;

impl Rule for ExampleDrift {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.snapshot().example.is_some()
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let Some(example) = &context.snapshot().example else { return };
        let (declared, undeclared) = read(context, example);
        // A deprecated key is better not in the example.
        let keys = (0..context.schema().keys().len()).map(|index| context.key(index));
        let mut lacking: Vec<KeyView<'_>> =
            keys.filter(|view| !declared.contains(&view.index) && view.key.spec.deprecated.is_none()).collect();
        let mut too_many: Vec<&ExampleKey> = Vec::new();
        for key in undeclared {
            // A slip is one finding: about the key that was meant.
            let meant = slip::meant(&key.name, lacking.iter().flat_map(KeyView::names));
            match meant.and_then(|meant| lacking.iter().position(|view| view.names().any(|name| name == meant))) {
                Some(at) => findings.push(mistyped(context, key, &lacking.remove(at))),
                None => too_many.push(key),
            }
        }
        let place = place_of_example(context, example);
        findings.extend(lacking.iter().take(MOST_NAMED).map(|view| lacks(view, place.clone())));
        findings.extend(rest(lacking.len(), "declared keys are not in the example", place));
        findings.extend(too_many.iter().take(MOST_NAMED).map(|key| undeclared_key(context, key)));
        if let Some(next) = too_many.get(MOST_NAMED) {
            let place = context.place_of(next.origin, "");
            findings.extend(rest(too_many.len(), "keys of the example are not declared, the first of them here", place));
        }
    }
}

/// The keys that the example has, and those of its names that mean none; each once.
fn read<'a>(context: &Context<'_>, example: &'a [ExampleKey]) -> (BTreeSet<usize>, Vec<&'a ExampleKey>) {
    let schema = context.schema();
    let (mut declared, mut undeclared, mut seen) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    for key in example.iter().filter(|key| seen.insert(key.name.as_str())) {
        let of_file = || key.name.strip_suffix("_FILE").and_then(|stem| schema.key_named(stem.as_bytes()));
        match schema.key_named(key.name.as_bytes()).or_else(of_file) {
            Some(named) => drop(declared.insert(named.key)),
            None if key.name == schema.environment_variable() => {}
            None => undeclared.push(key),
        }
    }
    (declared, undeclared)
}

/// The example as a whole, where it has a key that says which source it is.
fn place_of_example(context: &Context<'_>, example: &[ExampleKey]) -> Place {
    example.first().map_or(Place::Schema, |key| context.place_of(Origin::of(key.origin.source), ""))
}

fn lacks(view: &KeyView<'_>, place: Place) -> Diagnostic {
    let variable = &view.key.variable;
    Diagnostic::new(&INFO, format!("{variable} is declared and not in the example"))
        .about(view.index, variable.as_ref())
        .at(place)
        .help(format!("add a line for {variable} to the example, with a comment mark in front when it need not be set"))
}

fn undeclared_key(context: &Context<'_>, key: &ExampleKey) -> Diagnostic {
    Diagnostic::new(&INFO, "a key of the example is not declared")
        .at(context.place_of(key.origin, ""))
        .help("remove it from the example, or declare it: nothing reads it here; it is not shown, since anything may stand there")
}

fn mistyped(context: &Context<'_>, key: &ExampleKey, view: &KeyView<'_>) -> Diagnostic {
    let (name, variable) = (escaped(&key.name), &view.key.variable);
    Diagnostic::new(&INFO, format!("{name} is in the example and not declared: did you mean {variable}?"))
        .about(view.index, variable.as_ref())
        .at(context.place_of(key.origin, &name))
        .help(format!("rename {name} to {variable} in {}", context.spot(key.origin)))
}

/// What is not named one by one.
fn rest(all: usize, what: &str, place: Place) -> Option<Diagnostic> {
    let more = all.checked_sub(MOST_NAMED).filter(|more| *more > 0)?;
    Some(
        Diagnostic::new(&INFO, format!("{more} more {what}"))
            .at(place)
            .help("look whether the example belongs to this schema; configcheck example writes one that does"),
    )
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{Deprecated, FieldSpec};

    use super::*;
    use crate::rules::testing::{Case, check, secret, text};

    #[test]
    fn finds_what_lacks_and_what_is_too_much() {
        check(
            &ExampleDrift,
            Case::new(&[text("HOST"), secret("DATABASE_URL"), text("REGION")]).example(&["COLOUR", "REGION", "DATABSE_URL", "COLOUR"]),
            "\
warning: DATABSE_URL is in the example and not declared: did you mean DATABASE_URL?
  about DATABASE_URL #1, at .env.example:3:1
  help: rename DATABSE_URL to DATABASE_URL in .env.example:3
warning: HOST is declared and not in the example
  about HOST #0, at .env.example
  help: add a line for HOST to the example, with a comment mark in front when it need not be set
warning: a key of the example is not declared
  about -, at .env.example:1:1
  help: remove it from the example, or declare it: nothing reads it here; it is not shown, since anything may stand there",
        );
        check(
            &ExampleDrift,
            Case::new(&[text("HOST")]).example(&[]),
            "\
warning: HOST is declared and not in the example
  about HOST #0, at the schema
  help: add a line for HOST to the example, with a comment mark in front when it need not be set",
        );
    }

    #[test]
    fn knows_every_name_of_a_key() {
        let fields = [
            FieldSpec { aliases: &["JWT_KEY"], ..secret("JWT_SECRET") },
            secret("DB_PASSWORD"),
            FieldSpec { deprecated: Some(Deprecated { since: None, note: None }), ..text("OLD") },
        ];
        check(&ExampleDrift, Case::new(&fields).example(&["APP_ENV", "JWT_KEY", "DB_PASSWORD_FILE"]), "");
        check(&ExampleDrift, Case::new(&fields), "");
        // Two slips of one key: the second is a key of its own.
        check(
            &ExampleDrift,
            Case::new(&[text("DATABASE_URL")]).example(&["DATABSE_URL", "DATABASE_ULR"]),
            "\
warning: DATABSE_URL is in the example and not declared: did you mean DATABASE_URL?
  about DATABASE_URL #0, at .env.example:1:1
  help: rename DATABSE_URL to DATABASE_URL in .env.example:1
warning: a key of the example is not declared
  about -, at .env.example:2:1
  help: remove it from the example, or declare it: nothing reads it here; it is not shown, since anything may stand there",
        );
    }

    #[test]
    fn counts_what_is_too_much_of_a_difference() {
        let names: Vec<String> = (0..23).map(|at| format!("OTHER{at}_NAME")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (schema, snapshot) = Case::new(&[text("HOST")]).example(&names).finish();
        let policy = crate::Policy::new();
        let mut findings = Vec::new();
        ExampleDrift.check(&Context::new(&schema, &snapshot, &policy), &mut findings);
        assert_eq!(findings.len(), 1 + 20 + 1);
        let last = findings.last().map(|finding| format!("{} {}", finding.place, finding.message));
        assert_eq!(last.as_deref(), Some(".env.example:21:1 3 more keys of the example are not declared, the first of them here"));
    }
}
