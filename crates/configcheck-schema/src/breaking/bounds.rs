//! The bounds of numbers and lengths, each of its own, and the other constraints.

use std::cmp::Ordering;

use configcheck_core::Severity;
use configcheck_core::constraint::{Check, Constraint, Number};
use configcheck_core::schema::{Aspect, FieldSpec, TypeSpec};

use super::form::nothing_to_do;
use super::list::Changes;
use super::subject::Subject;

/// A bound, and whether the number itself lies outside.
#[derive(Clone, Copy)]
struct Bound {
    number: Number,
    exclusive: bool,
}

/// The end of a range that a bound stands at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Least,
    Most,
}

/// What a kind of bound is called.
struct Names {
    what: &'static str,
    any: &'static str,
    verb: &'static str,
    tightened: [&'static str; 2],
    loosened: [&'static str; 2],
}

const NUMBER: Names = Names {
    what: "",
    any: "any number",
    verb: "is",
    tightened: ["minimum-raised", "maximum-lowered"],
    loosened: ["minimum-lowered", "maximum-raised"],
};

const LENGTH: Names = Names {
    what: "a length of ",
    any: "any length",
    verb: "has",
    tightened: ["length-minimum-raised", "length-maximum-lowered"],
    loosened: ["length-minimum-lowered", "length-maximum-raised"],
};

pub(super) fn compare(old: &Subject<'_>, new: &Subject<'_>, changes: &mut Changes) {
    let (before, now) = (old.spec(), new.spec());
    // The bounds of a type count where both have some; where only one has, the type itself has changed.
    let are_integers = matches!((&before.type_spec, &now.type_spec), (TypeSpec::Integer { .. }, TypeSpec::Integer { .. }));
    for end in [End::Least, End::Most] {
        let bounds = (range(before, end, are_integers), range(now, end, are_integers));
        compare_bound(new.variable(), &NUMBER, end, bounds, changes);
        compare_bound(new.variable(), &LENGTH, end, (length(before, end), length(now, end)), changes);
    }
    compare_others(new.variable(), before, now, changes);
}

fn compare_bound(variable: &str, names: &Names, end: End, (old, new): (Option<Bound>, Option<Bound>), changes: &mut Changes) {
    let order = match (old, new) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(old), Some(new)) => tightness(new, old, end),
    };
    let side = usize::from(end == End::Most);
    let words = |bound: Option<Bound>| bound.map_or_else(|| names.any.to_owned(), |bound| format!("{}{}", names.what, shown(bound, end)));
    let (now, before) = (words(new), words(old));
    let message = format!("{variable} takes {now} now, and took {before}");
    match order {
        Ordering::Equal => {}
        Ordering::Greater => {
            let next_step = format!("see that each value of {variable} {} {now}", names.verb);
            changes.push(names.tightened[side], Some(Aspect::Type), Severity::Error, message, next_step);
        }
        Ordering::Less => changes.note(names.loosened[side], message, nothing_to_do(variable)),
    }
}

fn shown(bound: Bound, end: End) -> String {
    let word = match (end, bound.exclusive) {
        (End::Least, false) => "at least",
        (End::Least, true) => "more than",
        (End::Most, false) => "at most",
        (End::Most, true) => "less than",
    };
    format!("{word} {}", bound.number)
}

/// How much tighter the one bound is than the other.
fn tightness(one: Bound, other: Bound, end: End) -> Ordering {
    let order = compare_numbers(one.number, other.number);
    let order = if end == End::Least { order } else { order.reverse() };
    order.then(one.exclusive.cmp(&other.exclusive))
}

fn compare_numbers(one: Number, other: Number) -> Ordering {
    #[expect(clippy::cast_precision_loss, reason = "a bound beyond 2^53 is compared as closely as the float can")]
    let float = |number: Number| match number {
        Number::Integer(number) => number as f64,
        Number::Float(number) => number,
    };
    match (one, other) {
        (Number::Integer(one), Number::Integer(other)) => one.cmp(&other),
        (one, other) => float(one).total_cmp(&float(other)),
    }
}

/// The tightest of the bounds at one end.
fn tightest(bounds: impl Iterator<Item = Bound>, end: End) -> Option<Bound> {
    bounds.max_by(|one, other| tightness(*one, *other, end))
}

fn range(spec: &FieldSpec, end: End, with_type: bool) -> Option<Bound> {
    let of_type = match spec.type_spec {
        TypeSpec::Integer { min, .. } if with_type && end == End::Least => Some(min),
        TypeSpec::Integer { max, .. } if with_type => Some(i128::try_from(max).unwrap_or(i128::MAX)),
        _ => None,
    };
    let of_type = of_type.map(|number| Bound { number: Number::Integer(number), exclusive: false });
    let declared = spec.constraints.iter().flat_map(|constraint| match (constraint.check, end) {
        (Check::Range { min, exclusive_min, .. }, End::Least) => [(min, false), (exclusive_min, true)],
        (Check::Range { max, exclusive_max, .. }, End::Most) => [(max, false), (exclusive_max, true)],
        _ => [(None, false); 2],
    });
    let is_integer = matches!(spec.type_spec, TypeSpec::Integer { .. });
    let declared = declared.filter_map(|(number, exclusive)| number.map(|number| whole(Bound { number, exclusive }, end, is_integer)));
    tightest(declared.chain(of_type), end)
}

/// Of whole numbers, more than 0 and at least 1 are the same.
fn whole(bound: Bound, end: End, is_integer: bool) -> Bound {
    match bound {
        Bound { number: Number::Integer(number), exclusive: true } if is_integer => {
            let inside = if end == End::Least { number.saturating_add(1) } else { number.saturating_sub(1) };
            Bound { number: Number::Integer(inside), exclusive: false }
        }
        other => other,
    }
}

fn length(spec: &FieldSpec, end: End) -> Option<Bound> {
    let bounds = spec.constraints.iter().flat_map(|constraint| match (constraint.check, end) {
        (Check::Length { min, equal, .. }, End::Least) => [min, equal],
        (Check::Length { max, equal, .. }, End::Most) => [max, equal],
        _ => [None, None],
    });
    tightest(bounds.flatten().map(|length| Bound { number: Number::Integer(length.into()), exclusive: false }), end)
}

/// Constraints that hold or do not.
fn compare_others(variable: &str, old: &FieldSpec, new: &FieldSpec, changes: &mut Changes) {
    let missing_in = |one: &FieldSpec, other: &FieldSpec| -> Vec<String> {
        let is_bound = |check: &Check| matches!(check, Check::Length { .. } | Check::Range { .. });
        let missing =
            one.constraints.iter().filter(|own| !is_bound(&own.check) && !other.constraints.iter().any(|known| known.check == own.check));
        missing.map(Constraint::expectation).collect()
    };
    let (come, gone) = (missing_in(new, old), missing_in(old, new));
    if !come.is_empty() {
        let expected = come.join(" and ");
        let next_step = format!("see that each value of {variable} is {expected}");
        changes.error("constraint-added", format!("{variable} must be {expected} now"), next_step);
    }
    if !gone.is_empty() {
        let message = format!("{variable} need not be {} any more", gone.join(" and "));
        changes.note("constraint-removed", message, nothing_to_do(variable));
    }
}
