//! Constraints in the native file.

use configcheck_core::constraint::{Check, Constraint, Number};

use super::tree::{Members, Node, unknown_word};
use crate::SchemaError;

/// The constraints by their words.
const CHECKS: [&str; 11] =
    ["length", "range", "email", "url", "regex", "contains", "does_not_contain", "must_match", "custom", "nested", "non_control_character"];

pub(super) fn read(node: Node<'_>) -> Result<Constraint, SchemaError> {
    let mut members = node.object("a constraint")?;
    let name = members.demand("check")?;
    let check = match name.owned_text()?.as_str() {
        "length" => length(&mut members)?,
        "range" => range(&mut members)?,
        "email" => Check::Email,
        "url" => Check::Url,
        "regex" => Check::Regex(members.demand("path")?.text()?),
        "contains" => Check::Contains(members.demand("pattern")?.text()?),
        "does_not_contain" => Check::DoesNotContain(members.demand("pattern")?.text()?),
        "must_match" => Check::MustMatch(members.demand("other")?.text()?),
        "custom" => Check::Custom(members.demand("function")?.text()?),
        "nested" => Check::Nested,
        "non_control_character" => Check::NonControlCharacter,
        unknown => return Err(name.fail(unknown_word(unknown, &CHECKS, "no constraint that this configcheck knows"))),
    };
    let constraint = Constraint { check, message: members.text("message")?, code: members.text("code")? };
    members.finish()?;
    Ok(constraint)
}

fn length(members: &mut Members<'_>) -> Result<Check, SchemaError> {
    let mut bound = |name| members.take(name).map(Node::whole).transpose();
    let (min, max, equal): (Option<u64>, Option<u64>, Option<u64>) = (bound("min")?, bound("max")?, bound("equal")?);
    let least = equal.max(min).unwrap_or(0);
    if max.is_some_and(|max| least > max) || equal.is_some_and(|equal| least > equal) {
        return Err(members.node().fail("no length satisfies this constraint"));
    }
    Ok(Check::Length { min, max, equal })
}

fn range(members: &mut Members<'_>) -> Result<Check, SchemaError> {
    let mut bound = |name| members.take(name).map(Node::number).transpose();
    let (min, max) = (bound("min")?, bound("max")?);
    let (exclusive_min, exclusive_max) = (bound("exclusive_min")?, bound("exclusive_max")?);
    for (low, exclusive_low) in [(min, false), (exclusive_min, true)] {
        for (high, exclusive_high) in [(max, false), (exclusive_max, true)] {
            let (Some(low), Some(high)) = (low, high) else { continue };
            let is_empty = if exclusive_low || exclusive_high { !is_below(low, high) } else { is_below(high, low) };
            if is_empty {
                return Err(members.node().fail("no number satisfies this constraint"));
            }
        }
    }
    Ok(Check::Range { min, max, exclusive_min, exclusive_max })
}

fn is_below(low: Number, high: Number) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "a bound beyond 2^53 is compared as closely as the float can")]
    let float = |number| match number {
        Number::Integer(number) => number as f64,
        Number::Float(number) => number,
    };
    match (low, high) {
        (Number::Integer(low), Number::Integer(high)) => low < high,
        _ => float(low) < float(high),
    }
}
