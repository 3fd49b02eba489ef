//! Checks of defaults and examples: the literal fits the type, and no secret stands in code.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::ast::{Field, Struct};
use crate::attr::config::check_environment;
use crate::attr::literal::{Literal, LiteralKind};
use crate::error::Errors;
use crate::types::{Form, Integer, Typed};

pub(super) fn check(tree: &Struct<'_>, field: &Field<'_>, errors: &mut Errors) {
    if field.is_environment() {
        return;
    }
    for default in &field.config.defaults {
        if let Some(mistake) = default.environment.as_ref().and_then(|name| check_environment(name, &tree.config.environments)) {
            errors.on(default.environment.as_ref().unwrap_or(&default.word), mistake);
            continue;
        }
        if field.is_secret() {
            let kind = default.environment.as_ref().map(|environment| tree.kind_of(environment));
            if !matches!(kind.as_deref(), Some("development" | "test")) {
                errors.at(
                    default.value.span,
                    "a default of a secret stands in the code for everyone to read; only `default(development = …)` and `default(test = …)` are allowed",
                );
                continue;
            }
        }
        check_literal(field, &default.value, errors);
    }
    if let Some(example) = &field.config.example {
        check_literal(field, example, errors);
    }
}

fn check_literal(field: &Field<'_>, literal: &Literal, errors: &mut Errors) {
    if field.config.with.is_some() {
        return;
    }
    let separator = field.separator();
    match (&field.exposed().form, &literal.kind) {
        (Form::List(_, item), LiteralKind::List(literals)) => {
            for literal in literals {
                check_item(item, literal, &separator, errors);
            }
        }
        (Form::Map(..) | Form::Unknown, LiteralKind::List(literals)) => {
            for literal in literals {
                check_separator(literal, &separator, errors);
            }
        }
        (_, LiteralKind::List(_)) => errors.at(literal.span, "a list does not fit this type, which is one value"),
        (Form::List(..) | Form::Map(..), LiteralKind::Text) => {}
        (Form::List(..), _) => {
            errors.at(literal.span, "a list is written `[…]`, or as text in quotes with the separator between its items");
        }
        (Form::Map(..), _) => errors.at(literal.span, "a map is written as text in quotes: `\"key=value,key=value\"`"),
        _ => check_value(field.exposed(), literal, errors),
    }
}

fn check_item(item: &Typed<'_>, literal: &Literal, separator: &str, errors: &mut Errors) {
    check_separator(literal, separator, errors);
    check_value(item.exposed(), literal, errors);
}

fn check_separator(literal: &Literal, separator: &str, errors: &mut Errors) {
    if !separator.is_empty() && literal.text.contains(separator) {
        errors.at(
            literal.span,
            format!("this item contains the separator \"{separator}\" and would become two; choose another with `separator`"),
        );
    } else if literal.text != literal.text.trim_matches(' ') {
        errors.at(literal.span, "blanks around an item of a list are not part of it");
    }
}

/// Whether a literal fits a type that is known here; what is not known, the type's own parser judges at startup.
fn check_value(typed: &Typed<'_>, literal: &Literal, errors: &mut Errors) {
    let text = literal.text.as_str();
    let is_text = matches!(literal.kind, LiteralKind::Text);
    let name = typed.name();
    let wrong = match &typed.form {
        Form::Integer(integer) => match (fits(integer, text), &literal.kind) {
            (_, LiteralKind::Float | LiteralKind::Bool | LiteralKind::Char) | (None, _) => {
                Some(format!("this is no whole number, and the type is `{name}`"))
            }
            (Some(false), _) => Some(format!("{text} does not fit `{name}`, which holds {} to {}", integer.min, integer.max)),
            (Some(true), _) => None,
        },
        Form::Float => match literal.kind {
            LiteralKind::Integer | LiteralKind::Float | LiteralKind::Text if text.parse::<f64>().is_ok() => None,
            _ => Some(format!("this is no number, and the type is `{name}`")),
        },
        Form::Bool => match literal.kind {
            LiteralKind::Bool => None,
            LiteralKind::Text if text == "true" || text == "false" => None,
            _ => Some("a `bool` is `true` or `false`".to_owned()),
        },
        Form::Char => match literal.kind {
            LiteralKind::Char | LiteralKind::Text if text.chars().count() == 1 => None,
            _ => Some("a `char` is one character, such as `';'`".to_owned()),
        },
        Form::IpAddr => wrong_unless(is_text && text.parse::<IpAddr>().is_ok(), "an IP address in quotes, such as \"127.0.0.1\""),
        Form::Ipv4Addr => wrong_unless(is_text && text.parse::<Ipv4Addr>().is_ok(), "an IPv4 address in quotes, such as \"127.0.0.1\""),
        Form::Ipv6Addr => wrong_unless(is_text && text.parse::<Ipv6Addr>().is_ok(), "an IPv6 address in quotes, such as \"::1\""),
        Form::SocketAddr => {
            wrong_unless(is_text && text.parse::<SocketAddr>().is_ok(), "an address with a port in quotes, such as \"127.0.0.1:8080\"")
        }
        Form::Duration => wrong_unless(is_text, "a time span in quotes, such as \"30s\""),
        Form::Text | Form::Path | Form::Url | Form::Bytes => {
            wrong_unless(is_text || matches!(literal.kind, LiteralKind::Char), "text in quotes")
        }
        _ => None,
    };
    if let Some(wrong) = wrong {
        errors.at(literal.span, wrong);
    }
}

fn wrong_unless(good: bool, expected: &str) -> Option<String> {
    (!good).then(|| format!("this type expects {expected}"))
}

/// Whether a number is within the bounds of a type; nothing when the text is no whole number.
fn fits(integer: &Integer, text: &str) -> Option<bool> {
    if let Ok(number) = text.parse::<i128>() {
        return Some(number >= integer.min && u128::try_from(number).map_or(true, |number| number <= integer.max));
    }
    text.parse::<u128>().ok().map(|number| number <= integer.max)
}
