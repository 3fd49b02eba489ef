//! What changed between two schemas, for whoever operates the service: schemas go in, changes with their weight come out.
//!
//! A change is an error when values that were good before no longer are, a warning when something silently behaves otherwise, and a
//! note when nobody has to act. What rests on a guess of a schema is a warning at most. No default of a secret is ever shown.

use configcheck_core::schema::Key;
use configcheck_core::{Schema, Severity};

mod bounds;
mod demand;
mod disclosure;
mod environments;
mod form;
mod list;
mod pairs;
mod relations;
mod subject;
#[cfg(test)]
mod tests;

use list::Changes;
use pairs::{Naming, Pairs};
use subject::{Subject, how_to_provide};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of change it is, kebab-case: one of [`RULES`].
    pub rule: &'static str,
    /// How much it weighs.
    pub level: Severity,
    /// The variable that it is about, under its new name when it has one.
    pub key: Option<String>,
    /// The environment that it is about; `None` for all.
    pub environment: Option<String>,
    /// What changed, as a clause.
    pub message: String,
    /// What the operator does about it, as a clause.
    pub next_step: String,
}

/// Every kind of change, those of the whole schema first.
pub const RULES: [&str; 48] = [
    "environment-variable-changed",
    "environment-removed",
    "environment-kind-changed",
    "environment-added",
    "required-variable-added",
    "variable-added",
    "variable-removed",
    "renamed-without-alias",
    "renamed",
    "alias-removed",
    "file-path-changed",
    "became-required",
    "group-became-required",
    "default-removed",
    "default-forbidden",
    "no-longer-required",
    "default-changed",
    "default-added",
    "type-changed",
    "type-narrowed",
    "type-widened",
    "choice-removed",
    "choice-added",
    "minimum-raised",
    "minimum-lowered",
    "maximum-lowered",
    "maximum-raised",
    "length-minimum-raised",
    "length-minimum-lowered",
    "length-maximum-lowered",
    "length-maximum-raised",
    "constraint-added",
    "constraint-removed",
    "separator-changed",
    "empty-refused",
    "empty-accepted",
    "requires-added",
    "requires-removed",
    "conflicts-added",
    "conflicts-removed",
    "one-of-added",
    "one-of-narrowed",
    "one-of-removed",
    "became-secret",
    "no-longer-secret",
    "deprecated",
    "reference-changed",
    "reference-removed",
];

/// Compares two schemas. The worst changes come first, those of equal weight in the order of the new schema. No two changes have the same
/// rule, key and environment.
pub fn changes(old: &Schema, new: &Schema) -> Vec<Change> {
    let mut changes = Changes::default();
    environments::compare(old, new, &mut changes);
    let pairs = Pairs::of(old, new);
    for (index, key) in new.keys().iter().enumerate() {
        let new_subject = Subject { schema: new, index };
        match pairs.of_new(index) {
            None => added(old, new_subject, &mut changes),
            Some((old_index, naming)) => {
                let old_subject = Subject { schema: old, index: old_index };
                changes.about(&old_subject, &new_subject);
                compare_names(old_subject.key(), key, naming, &mut changes);
                demand::compare(&old_subject, &new_subject, &mut changes);
                form::compare(&old_subject, &new_subject, &mut changes);
                bounds::compare(&old_subject, &new_subject, &mut changes);
                relations::compare(&pairs, &old_subject, &new_subject, &mut changes);
                disclosure::compare(&old_subject, &new_subject, &mut changes);
            }
        }
    }
    for (_, key) in old.keys().iter().enumerate().filter(|(index, _)| pairs.of_old(*index).is_none()) {
        removed(new, key, &mut changes);
    }
    relations::compare_groups(&pairs, old, new, &mut changes);
    changes.finish()
}

/// A key that the old schema does not have.
fn added(old: &Schema, subject: Subject<'_>, changes: &mut Changes) {
    let variable = &*subject.key().variable;
    changes.about_new(&subject);
    if demand::of_added(old, &subject, changes) {
        return;
    }
    let what = if subject.key().spec.optional { "is optional" } else { "has a default, or belongs to an optional group" };
    changes.note("variable-added", format!("{variable} is new and {what}"), format!("set {variable} where it is wanted"));
}

/// A key that the new schema does not have.
fn removed(new: &Schema, key: &Key, changes: &mut Changes) {
    let variable = &*key.variable;
    changes.about_old(key);
    match new.key_named(variable.as_bytes()) {
        Some(named) => {
            let own = &*new.keys()[named.key].variable;
            changes.warning(
                "variable-removed",
                format!("{variable} is only another name of {own} now"),
                format!("where both are set, keep {own}"),
            );
        }
        None => changes.warning(
            "variable-removed",
            format!("{variable} is no longer read"),
            format!("remove {variable} where it is set, once nobody will roll back"),
        ),
    }
}

/// The names of a key: its variable, its aliases and its path in config files.
fn compare_names(old: &Key, new: &Key, naming: Naming, changes: &mut Changes) {
    let (before, now) = (&*old.variable, &*new.variable);
    match naming {
        Naming::Same => {}
        Naming::Alias => changes.note(
            "renamed",
            format!("{before} is called {now} now, and the old name still counts"),
            format!("write {now} in place of {before} when it suits"),
        ),
        Naming::Lost => changes.error(
            "renamed-without-alias",
            format!("{before} is called {now} now, and the old name no longer counts"),
            format!("set {now} to the value of {before} before the release; keep {before} for a rollback"),
        ),
    }
    let lost: Vec<&str> = old.spec.aliases.iter().copied().filter(|alias| *alias != now && !new.spec.aliases.contains(alias)).collect();
    if !lost.is_empty() {
        let level = if new.spec.optional || !new.spec.defaults.is_empty() { Severity::Warning } else { Severity::Error };
        let names = lost.join(" and ");
        let verb = if lost.len() == 1 { "is no name" } else { "are no names" };
        changes.push("alias-removed", None, level, format!("{names} {verb} of {now} any more"), format!("where {names} is set, set {now}"));
    }
    if old.file_path != new.file_path {
        changes.warning(
            "file-path-changed",
            format!("config files set {now} as {} now, and no longer as {}", new.file_path, old.file_path),
            format!("move {} to {} in the config files", old.file_path, new.file_path),
        );
    }
    if let (None, Some(deprecated)) = (old.spec.deprecated, new.spec.deprecated) {
        let note = deprecated.note.map_or_else(String::new, |note| format!(": {note}"));
        changes.note("deprecated", format!("{now} is deprecated{note}"), format!("stop setting {now} before it is removed"));
    }
}

/// What has to be there for a key before the release.
fn provide(subject: &Subject<'_>) -> String {
    format!("{} before the release", how_to_provide(subject))
}
