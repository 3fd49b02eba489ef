//! What must be set: required keys, defaults, and the groups around them, environment by environment.

use configcheck_core::display::Shown;
use configcheck_core::schema::Aspect;
use configcheck_core::{Environment, Schema, Severity};

use super::environments::{known_to, known_to_both};
use super::list::Changes;
use super::provide;
use super::subject::Subject;

/// Whether somebody has to give a key a value in an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Demand {
    Nobody,
    /// Where its group is set.
    WithGroup,
    Always,
}

/// A change in one environment.
#[derive(Clone, PartialEq, Eq)]
struct Outcome {
    rule: &'static str,
    aspect: Aspect,
    level: Severity,
    message: String,
    next_step: String,
}

fn default_in(subject: &Subject<'_>, environment: &Environment) -> Option<&'static str> {
    subject.spec().default_in(Some(environment))
}

fn forbids_default(subject: &Subject<'_>, environment: &Environment) -> bool {
    environment.is_in(subject.spec().forbid_default_in)
}

fn demand(subject: &Subject<'_>, environment: &Environment) -> Demand {
    let is_demanded = match default_in(subject, environment) {
        Some(_) => forbids_default(subject, environment),
        None => subject.spec().is_required_in(Some(environment)),
    };
    match (is_demanded, subject.group()) {
        (false, _) => Demand::Nobody,
        (true, Some(_)) => Demand::WithGroup,
        (true, None) => Demand::Always,
    }
}

/// Adds what a new key demands; `false` when it demands nothing of anybody.
pub(super) fn of_added(old: &Schema, subject: &Subject<'_>, changes: &mut Changes) -> bool {
    let variable = subject.variable();
    let is_group_known = subject.group().is_some_and(|path| old.groups().iter().any(|group| group.path == path));
    let outcomes = known_to(subject.schema).into_iter().map(|environment| {
        let message = match demand(subject, &environment) {
            Demand::Always => format!("{variable} is new and must be set"),
            Demand::WithGroup if is_group_known => {
                format!("{variable} is new and must be set wherever {} is", subject.group().unwrap_or_default())
            }
            _ => return (environment, None),
        };
        let rule = "required-variable-added";
        (environment, Some(Outcome { rule, aspect: Aspect::Required, level: Severity::Error, message, next_step: provide(subject) }))
    });
    let outcomes: Vec<_> = outcomes.collect();
    let is_demanded = outcomes.iter().any(|(_, outcome)| outcome.is_some());
    push_all(outcomes, changes);
    is_demanded
}

/// Adds what changed for a key that both schemas have.
pub(super) fn compare(old: &Subject<'_>, new: &Subject<'_>, changes: &mut Changes) {
    let both = known_to_both(old.schema, new.schema);
    let demands: Vec<(Demand, Demand)> = both.iter().map(|both| (demand(old, &both.old), demand(new, &both.new))).collect();
    let outcomes = both.iter().zip(&demands).map(|(both, (before, now))| {
        let outcome = if now > before {
            Some(demanded(old, new, &both.old, &both.new, *before))
        } else {
            default_outcome(old, new, &both.old, &both.new)
        };
        (both.new.clone(), outcome)
    });
    push_all(outcomes.collect(), changes);
    let freed: Vec<&str> = both.iter().zip(&demands).filter(|(_, (before, now))| now < before).map(|(both, _)| both.new.name()).collect();
    if !freed.is_empty() {
        let variable = new.variable();
        let place = if freed.len() == both.len() { String::new() } else { format!(" in {}", freed.join(", ")) };
        let message = format!("{variable} need not be set any more{place}");
        changes.note("no-longer-required", message, format!("keep {variable} as long as a rollback may need it"));
    }
}

/// Why somebody has to give the key a value now who did not have to.
fn demanded(old: &Subject<'_>, new: &Subject<'_>, before: &Environment, now: &Environment, was: Demand) -> Outcome {
    let variable = new.variable();
    let had_default = default_in(old, before).is_some();
    let (rule, aspect, message) = if default_in(new, now).is_some() {
        ("default-forbidden", Aspect::Default, format!("{variable} has a default that may not decide any more"))
    } else if had_default {
        ("default-removed", Aspect::Default, format!("{variable} has no default any more and must be set"))
    } else if was == Demand::WithGroup {
        let group = old.group().unwrap_or_default();
        ("group-became-required", Aspect::Required, format!("{variable} must be set: {group} is not optional any more"))
    } else {
        ("became-required", Aspect::Required, format!("{variable} must be set now"))
    };
    Outcome { rule, aspect, level: Severity::Error, message, next_step: provide(new) }
}

/// What became of the default, where it leaves nobody without a value.
fn default_outcome(old: &Subject<'_>, new: &Subject<'_>, before: &Environment, now: &Environment) -> Option<Outcome> {
    let variable = new.variable();
    let weight = if now.kind().is_deployed() { Severity::Warning } else { Severity::Note };
    let is_hidden = old.spec().hides_value() || new.spec().hides_value();
    // The text of a hidden default is not in a schema file, so that it says nothing beside one that is.
    let is_comparable = old.spec().hides_value() == new.spec().hides_value();
    let shown = |text: &str| if is_hidden { String::new() } else { format!(" `{}`", Shown::of(text).as_str()) };
    let (rule, level, message, next_step) = match (default_in(old, before), default_in(new, now)) {
        (Some(was), Some(is)) if was != is && is_comparable && !forbids_default(new, now) => {
            let message = if is_hidden || shown(is) == shown(was) {
                format!("{variable} has another default")
            } else {
                format!("{variable} has the default{} now, and had{}", shown(is), shown(was))
            };
            ("default-changed", weight, message, format!("where the old default was right, set {variable}"))
        }
        (Some(was), None) if !forbids_default(old, before) => {
            let message = format!("{variable} is not set any more where only its default{} was", shown(was));
            ("default-removed", weight, message, format!("where the default was relied on, set {variable}"))
        }
        (None, Some(is)) if demand(old, before) == Demand::Nobody && !forbids_default(new, now) => {
            let message = format!("{variable} has the default{} where it was not set", shown(is));
            ("default-added", Severity::Note, message, format!("see that the default suits where {variable} is not set"))
        }
        _ => return None,
    };
    Some(Outcome { rule, aspect: Aspect::Default, level, message, next_step })
}

/// Adds the changes of all environments: as one where every environment has the same, else one for each.
fn push_all(outcomes: Vec<(Environment, Option<Outcome>)>, changes: &mut Changes) {
    let is_same = |(_, other): &(Environment, Option<Outcome>), first: &Outcome| {
        other.as_ref().is_some_and(|other| other.rule == first.rule && other.message == first.message)
    };
    if let Some((_, Some(first))) = outcomes.first()
        && outcomes.iter().all(|outcome| is_same(outcome, first))
    {
        let level = outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().map(|outcome| outcome.level)).max().unwrap_or(first.level);
        push(None, Outcome { level, ..first.clone() }, changes);
        return;
    }
    for (environment, outcome) in outcomes {
        if let Some(outcome) = outcome {
            push(Some(environment.name()), outcome, changes);
        }
    }
}

fn push(environment: Option<&str>, outcome: Outcome, changes: &mut Changes) {
    let Outcome { rule, aspect, level, message, next_step } = outcome;
    changes.in_environment(environment, |changes| changes.push(rule, Some(aspect), level, message, next_step));
}
