//! The form of a value: its type, its separator, and whether nothing is something.

use configcheck_core::Severity;
use configcheck_core::schema::{Aspect, FieldSpec, TypeSpec};

use super::list::Changes;
use super::subject::Subject;

pub(super) fn compare(old: &Subject<'_>, new: &Subject<'_>, changes: &mut Changes) {
    let variable = new.variable();
    compare_types(variable, old.spec(), new.spec(), changes);
    let has_items = |spec: &FieldSpec| matches!(spec.type_spec, TypeSpec::List(_) | TypeSpec::Map(..));
    let (before, now) = (old.spec().separator, new.spec().separator);
    if before != now && has_items(old.spec()) && has_items(new.spec()) {
        changes.error(
            "separator-changed",
            format!("`{}` stands between the items of {variable} now, and `{}` did", now.escape_debug(), before.escape_debug()),
            format!("write {variable} anew with the release; no value with several items suits both"),
        );
    }
    match (old.spec().allow_empty, new.spec().allow_empty) {
        (true, false) => {
            let level = if new.spec().optional || !new.spec().defaults.is_empty() { Severity::Warning } else { Severity::Error };
            let message = format!("an empty {variable} is no value any more");
            changes.push("empty-refused", None, level, message, format!("where {variable} is empty, set it or remove it"));
        }
        (false, true) => changes.warning(
            "empty-accepted",
            format!("an empty {variable} is a value now, and was as good as none"),
            format!("where {variable} is empty and nothing is meant by it, remove it"),
        ),
        _ => {}
    }
}

fn compare_types(variable: &str, old: &FieldSpec, new: &FieldSpec, changes: &mut Changes) {
    let (before, now) = (&old.type_spec, &new.type_spec);
    let words = |spec: &FieldSpec| spec.type_spec.expectation(spec.rust_type);
    let expectations = || format!("{variable} is {} now, and was {}", words(new), words(old));
    let rewrite = || format!("see that each value of {variable} is {}", words(new));
    match (before, now) {
        // The bounds of whole numbers are compared as bounds.
        (TypeSpec::Integer { .. }, TypeSpec::Integer { .. }) => {}
        (TypeSpec::Choice(old_words), TypeSpec::Choice(new_words)) => {
            let missing_in = |words: &[&'static str], others: &[&str]| -> Vec<&'static str> {
                words.iter().copied().filter(|word| !others.contains(word)).collect()
            };
            let (gone, come) = (missing_in(old_words, new_words), missing_in(new_words, old_words));
            if !gone.is_empty() {
                let message = format!("{variable} may not be {} any more", gone.join(" or "));
                let next_step = format!("where {variable} is {}, set it to {}", gone.join(" or "), new_words.join(" or "));
                changes.push("choice-removed", Some(Aspect::Type), Severity::Error, message, next_step);
            }
            if !come.is_empty() {
                changes.note("choice-added", format!("{variable} may be {} too", come.join(" or ")), nothing_to_do(variable));
            }
        }
        // Which of its values a type of the service's own accepts is known to nobody else.
        _ if before == now => {
            if has_own_parser(now) && old.rust_type != new.rust_type {
                let next_step = format!("see that the release reads the {variable} of each environment");
                changes.warning("type-changed", expectations(), next_step);
            }
        }
        _ => match (is_within(before, now, old.separator), is_within(now, before, new.separator)) {
            (true, _) => changes.note("type-widened", expectations(), nothing_to_do(variable)),
            (false, true) => changes.push("type-narrowed", Some(Aspect::Type), Severity::Error, expectations(), rewrite()),
            (false, false) => changes.push("type-changed", Some(Aspect::Type), Severity::Error, expectations(), rewrite()),
        },
    }
}

/// Whether a form holds a type that only its own parser knows.
fn has_own_parser(spec: &TypeSpec) -> bool {
    match spec {
        TypeSpec::Other => true,
        TypeSpec::List(item) => has_own_parser(item),
        TypeSpec::Map(key, value) => has_own_parser(key) || has_own_parser(value),
        _ => false,
    }
}

/// What to do about a change that accepts more than before.
pub(super) fn nothing_to_do(variable: &str) -> String {
    format!("nothing; a new value of {variable} may not suit the old release")
}

/// Whether every text of the one form has the other as well.
fn is_within(one: &TypeSpec, other: &TypeSpec, separator: &str) -> bool {
    match (one, other) {
        // The author's own parser is known to nobody.
        (TypeSpec::Other, TypeSpec::Other) => false,
        _ if one == other => true,
        // What was several items is one text then, and the other way round; and of bytes nobody knows whether they are text.
        (TypeSpec::List(_) | TypeSpec::Map(..), TypeSpec::Bytes | TypeSpec::Text | TypeSpec::Path) | (TypeSpec::Bytes, _) => false,
        (_, TypeSpec::Bytes | TypeSpec::Text | TypeSpec::Path)
        | (TypeSpec::Integer { .. }, TypeSpec::Float)
        | (TypeSpec::Ipv4Addr | TypeSpec::Ipv6Addr, TypeSpec::IpAddr) => true,
        (TypeSpec::Integer { min, max }, TypeSpec::Integer { min: other_min, max: other_max }) => min >= other_min && max <= other_max,
        (TypeSpec::Bool, TypeSpec::Choice(words)) => ["true", "false", "1", "0"].iter().all(|word| words.contains(word)),
        (TypeSpec::Choice(words), _) => words.iter().all(|word| other.accepts(word, separator) == Some(true)),
        (TypeSpec::List(item), TypeSpec::List(other)) => is_within(item, other, separator),
        (TypeSpec::Map(key, value), TypeSpec::Map(other_key, other_value)) => {
            is_within(key, other_key, separator) && is_within(value, other_value, separator)
        }
        // One item is a list of one, when no separator can stand in it.
        (_, TypeSpec::List(item)) => is_one_item(one, separator) && is_within(one, item, separator),
        _ => false,
    }
}

/// Whether no text of the form holds the separator.
fn is_one_item(spec: &TypeSpec, separator: &str) -> bool {
    let has_sign = |signs: &str| separator.chars().any(|c| signs.contains(c));
    match spec {
        TypeSpec::Bool | TypeSpec::Environment => separator.chars().all(|c| !c.is_ascii_alphanumeric()),
        TypeSpec::Integer { .. } => separator.chars().all(|c| !c.is_ascii_digit()) && !has_sign("+-"),
        TypeSpec::Float => separator.chars().all(|c| !c.is_ascii_alphanumeric()) && !has_sign("+-."),
        TypeSpec::IpAddr | TypeSpec::Ipv4Addr | TypeSpec::Ipv6Addr | TypeSpec::SocketAddr => {
            separator.chars().all(|c| !c.is_ascii_alphanumeric()) && !has_sign(".:[]%/")
        }
        _ => false,
    }
}
