//! What a key is, in the words of env-spec, as `.env.example` carries them.

use crate::constraint::{Check, Constraint, Number};
use crate::display::escaped;
use crate::environment::EnvironmentKind;
use crate::schema::{Key, Schema, Sensitivity, TypeSpec, is_made_up, masked};

const KINDS: [EnvironmentKind; 4] =
    [EnvironmentKind::Development, EnvironmentKind::Test, EnvironmentKind::Staging, EnvironmentKind::Production];

/// The decorators of the file as a whole: what is not marked as secret may be shown, unless there are keys of which nobody knows it.
pub(super) fn of_header(schema: &Schema) -> String {
    let environment = schema.environment_variable();
    let current = if environment == crate::schema::ENVIRONMENT_VARIABLE { String::new() } else { format!(" @currentEnv=${environment}") };
    format!("@defaultSensitive={}{current}", hides_some(schema))
}

fn hides_some(schema: &Schema) -> bool {
    schema.keys().iter().any(|key| key.spec.sensitivity == Sensitivity::Hidden)
}

/// The decorators of a key, whose line in the file has this value.
pub(super) fn of_key(schema: &Schema, key: &Key, value: &str) -> String {
    let spec = key.spec;
    let mut words = vec![required(schema, key)];
    match spec.sensitivity {
        Sensitivity::Secret => words.push("@sensitive".to_owned()),
        Sensitivity::Public => words.push("@public".to_owned()),
        Sensitivity::Plain if hides_some(schema) => words.push("@public".to_owned()),
        Sensitivity::Plain | Sensitivity::Hidden => {}
    }
    if let Some(name) = type_name(key, &spec.type_spec, spec.constraints, value) {
        words.push(format!("@type={name}"));
    }
    if let Some(example) = spec.example.filter(|example| *example != value && is_made_up(spec)) {
        words.push(format!("@example={}", quoted(&masked(example))));
    }
    if let Some(deprecated) = spec.deprecated {
        let text = match (deprecated.since, deprecated.note) {
            (Some(since), Some(note)) => format!("={}", quoted(&format!("since {since}: {note}"))),
            (Some(since), None) => format!("={}", quoted(&format!("since {since}"))),
            (None, Some(note)) => format!("={}", quoted(note)),
            (None, None) => String::new(),
        };
        words.push(format!("@deprecated{text}"));
    }
    words.join(" ")
}

/// Whether the key is demanded: never where a default decides or a group may be absent, else everywhere or in some environments.
fn required(schema: &Schema, key: &Key) -> String {
    let spec = key.spec;
    let has_default = spec.defaults.iter().any(|default| default.environments.is_empty());
    let environments: Vec<&str> = if has_default || key.group.is_some() {
        return "@optional".to_owned();
    } else if spec.optional {
        spec.required_in.to_vec()
    } else if spec.defaults.is_empty() {
        return "@required".to_owned();
    } else {
        let has_own = |name: &str| spec.defaults.iter().any(|default| default.environments.contains(&name));
        let is_left_out = |kind: &EnvironmentKind| {
            has_own(kind.name()) || schema.environments().iter().any(|(name, treated_as)| treated_as == kind && has_own(name))
        };
        KINDS.iter().filter(|kind| !is_left_out(kind)).map(|kind| kind.name()).collect()
    };
    if environments.is_empty() { "@optional".to_owned() } else { format!("@required=forEnv({})", environments.join(", ")) }
}

fn type_name(key: &Key, spec: &TypeSpec, constraints: &[Constraint], value: &str) -> Option<String> {
    let checks = || constraints.iter().map(|constraint| constraint.check);
    let bounds = |spelled: [&str; 3]| {
        checks().find_map(|check| match check {
            Check::Length { min, max, equal } => {
                let bounds = spelled.iter().zip([min, max, equal]);
                Some(bounds.filter_map(|(name, bound)| bound.map(|bound| format!("{name}={bound}"))).collect::<Vec<_>>())
            }
            _ => None,
        })
    };
    let lengths = || bounds(["minLength", "maxLength", "isLength"]).unwrap_or_default();
    Some(match spec {
        TypeSpec::Text if checks().any(|check| check == Check::Email) => "email".to_owned(),
        TypeSpec::Text if checks().any(|check| check == Check::Url) => "url".to_owned(),
        TypeSpec::Text => match lengths() {
            // Without a type, this value would be taken for one of another.
            lengths if lengths.is_empty() => return looks_typed(value).then(|| "string".to_owned()),
            lengths => call("string", &lengths),
        },
        TypeSpec::Char => "string(isLength=1)".to_owned(),
        TypeSpec::Bool => "boolean".to_owned(),
        TypeSpec::Integer { min, max } => whole(key, *min, *max, checks()),
        TypeSpec::Float => call("number", &range(checks())),
        TypeSpec::Url => "url".to_owned(),
        TypeSpec::IpAddr => "ip".to_owned(),
        TypeSpec::Ipv4Addr => "ip(version=4)".to_owned(),
        TypeSpec::Ipv6Addr => "ip(version=6)".to_owned(),
        TypeSpec::Duration => "duration".to_owned(),
        TypeSpec::Environment => "enum(development, test, staging, production)".to_owned(),
        TypeSpec::Choice(words) => format!("enum({})", words.iter().map(|word| argument(word)).collect::<Vec<_>>().join(", ")),
        TypeSpec::List(item) => {
            let mut arguments: Vec<String> = type_name(key, item, &[], "").into_iter().collect();
            if key.spec.separator != "," {
                arguments.push(format!("separator={}", quoted(key.spec.separator)));
            }
            arguments.extend(lengths());
            call("array", &arguments)
        }
        TypeSpec::Bytes | TypeSpec::Path | TypeSpec::SocketAddr | TypeSpec::ByteSize | TypeSpec::Map(..) | TypeSpec::Other => return None,
    })
}

fn call(name: &str, arguments: &[String]) -> String {
    if arguments.is_empty() { name.to_owned() } else { format!("{name}({})", arguments.join(", ")) }
}

/// A whole number: a port by its name, else a number with the bounds that are its own.
fn whole(key: &Key, mut min: i128, mut max: u128, checks: impl Iterator<Item = Check>) -> String {
    let is_port = (min, max) == (0, 65_535) && key.variable.to_ascii_uppercase().ends_with("PORT");
    for check in checks {
        let Check::Range { min: least, max: most, exclusive_min, exclusive_max } = check else { continue };
        let whole = |bound: Option<Number>| if let Some(Number::Integer(bound)) = bound { Some(bound) } else { None };
        min = [whole(least), whole(exclusive_min).map(|bound| bound.saturating_add(1))].into_iter().flatten().fold(min, i128::max);
        let most = [whole(most), whole(exclusive_max).map(|bound| bound.saturating_sub(1))].into_iter().flatten();
        max = most.filter_map(|bound| u128::try_from(bound).ok()).fold(max, u128::min);
    }
    let usual = match (is_port, min) {
        (true, _) => (0, 65_535),
        (false, 0..) => (i64::MIN.into(), u64::MAX.into()),
        (false, _) => (i64::MIN.into(), i64::MAX.unsigned_abs().into()),
    };
    let mut arguments = if is_port { Vec::new() } else { vec!["isInt=true".to_owned()] };
    arguments.extend((min != usual.0).then(|| format!("min={min}")));
    arguments.extend((max != usual.1).then(|| format!("max={max}")));
    call(if is_port { "port" } else { "number" }, &arguments)
}

/// The bounds that a number may reach.
fn range(mut checks: impl Iterator<Item = Check>) -> Vec<String> {
    let found = checks.find_map(|check| if let Check::Range { min, max, .. } = check { Some([("min", min), ("max", max)]) } else { None });
    let bounds = found.into_iter().flatten();
    bounds.filter_map(|(name, bound)| bound.map(|bound| format!("{name}={bound}"))).collect()
}

/// Whether a reader would take a text for a number, a truth value or a URL.
fn looks_typed(value: &str) -> bool {
    value.parse::<f64>().is_ok() || matches!(value, "true" | "false") || value.contains("://")
}

/// A text as the value of a decorator.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(&text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")))
}

/// A text among others in parentheses.
fn argument(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) { text.to_owned() } else { quoted(text) }
}
