//! Checks of `#[validate(…)]`: that a word makes sense on the field's type, and its bounds among themselves.

use syn::Ident;

use crate::ast::{Field, Struct};
use crate::attr::validate::{Bound, Check, CheckKind};
use crate::error::Errors;
use crate::suggest::did_you_mean;
use crate::types::{Form, ListKind, Typed};

pub(super) fn check(tree: &Struct<'_>, field: &Field<'_>, errors: &mut Errors) {
    if let Some(required) = field.checks.required.as_ref().filter(|_| !field.optional) {
        errors.on(required, "`required` is for `Option` fields; this field is required already");
    }
    if let (Some(required), false) = (&field.checks.required, field.config.defaults.is_empty()) {
        errors.on(required, "`required` has no effect on a field with a `default`: it is never missing");
    }
    for check in &field.checks.checks {
        if let Some(reason) = misfit(field.exposed(), check) {
            errors.on(&check.word, reason);
            continue;
        }
        match &check.kind {
            CheckKind::Length { min, max, .. } => check_order(min.as_ref(), max.as_ref(), errors),
            CheckKind::Range { min, max, exclusive_min, exclusive_max } => {
                check_order(min.as_ref(), max.as_ref(), errors);
                check_order(exclusive_min.as_ref(), exclusive_max.as_ref(), errors);
                for bound in [min, max, exclusive_min, exclusive_max].into_iter().flatten() {
                    check_bound(field.exposed(), bound, errors);
                }
            }
            CheckKind::MustMatch(other) => must_match(tree, field, other, errors),
            _ => {}
        }
    }
}

/// Why a check makes no sense on a type that is known here.
fn misfit(typed: &Typed<'_>, check: &Check) -> Option<String> {
    let form = &typed.form;
    let is_text = matches!(form, Form::Text | Form::Url | Form::Unknown);
    let (fits, what) = match check.kind {
        CheckKind::Length { .. } => {
            (is_text || matches!(form, Form::Path | Form::Bytes | Form::List(..) | Form::Map(..)), "counts characters or items")
        }
        CheckKind::Range { .. } => (matches!(form, Form::Integer(_) | Form::Float | Form::Unknown), "compares numbers"),
        CheckKind::Email | CheckKind::Url | CheckKind::Regex(_) | CheckKind::NonControlCharacter => (is_text, "looks at text"),
        CheckKind::Contains(_) | CheckKind::DoesNotContain(_) => {
            (is_text || matches!(form, Form::List(ListKind::Vec, _) | Form::Map(..)), "looks into text, a `Vec` or the keys of a map")
        }
        CheckKind::Nested => (matches!(form, Form::Unknown), "asks a struct for its own validation"),
        CheckKind::MustMatch(_) | CheckKind::Custom(_) => (true, ""),
    };
    (!fits).then(|| format!("`{}` {what}, and the type is `{}`", check.word, typed.name()))
}

/// The lower bound is not above the upper one, as far as both are literals.
fn check_order(lower: Option<&Bound>, upper: Option<&Bound>, errors: &mut Errors) {
    let number = |bound: Option<&Bound>| bound.and_then(|bound| bound.digits.as_ref()).and_then(|digits| digits.parse::<f64>().ok());
    if let (Some(low), Some(high), Some(upper)) = (number(lower), number(upper), upper)
        && low > high
    {
        errors.on(&upper.tokens, format!("nothing is at least {low} and at most {high}"));
    }
}

fn check_bound(typed: &Typed<'_>, bound: &Bound, errors: &mut Errors) {
    let (Form::Integer(integer), Some(digits)) = (&typed.form, &bound.digits) else { return };
    let fits = match digits.parse::<i128>() {
        Ok(number) => number >= integer.min && u128::try_from(number).map_or(true, |number| number <= integer.max),
        Err(_) => false,
    };
    if !fits {
        errors.on(&bound.tokens, format!("{digits} is no value of `{}`, which holds {} to {}", typed.name(), integer.min, integer.max));
    } else if !integer.primitive {
        errors.on(&bound.word, format!("`{}` cannot be compared with a literal; name a constant of that type", typed.name()));
    }
}

fn must_match(tree: &Struct<'_>, field: &Field<'_>, other: &Ident, errors: &mut Errors) {
    let Some(found) = tree.fields.iter().find(|candidate| candidate.ident == other) else {
        let hint = did_you_mean(&other.to_string(), tree.fields.iter().map(|field| field.name.as_str()));
        errors.on(other, format!("no field `{other}` in this struct{hint}"));
        return;
    };
    if found.ident == field.ident {
        errors.on(other, "a field is always the same as itself");
    } else if found.is_group() {
        errors.on(other, format!("`{other}` is a struct; only a value can be compared"));
    } else if matches!(found.value.form, Form::Secret(_)) != matches!(field.value.form, Form::Secret(_)) {
        errors.on(other, format!("`{}` and `{other}` cannot be compared: only one of them is a `Secret`", field.name));
    }
}
