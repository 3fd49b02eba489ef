//! `.env.example` from a schema, and sample values that a schema accepts.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::constraint::{Check, Number};
use crate::display::{escaped, must_escape};
use crate::environment::Environment;
use crate::schema::{Key, Schema, TypeSpec, masked};

mod decorators;

/// The text of a `.env.example`: every key in the order of the struct with its documentation, and decorators of env-spec that say what else
/// the schema says. Keys that need no value are commented out. What may not be shown has no value.
pub fn dotenv_example(schema: &Schema) -> String {
    dotenv_example_of(schema, schema.keys())
}

/// The same of some of the keys.
pub fn dotenv_example_of<'a>(schema: &Schema, keys: impl IntoIterator<Item = &'a Key>) -> String {
    // Writing to a `String` cannot fail.
    let mut text = String::new();
    let of = if schema.name().is_empty() { String::new() } else { format!(" of {}", escaped(schema.name())) };
    let _ = writeln!(text, "# Configuration{of}.\n# {}\n# ---", decorators::of_header(schema));
    for key in keys {
        text.push('\n');
        text.push_str(&entry(schema, key));
    }
    text
}

/// What a `.env.example` says of one key: its documentation, its decorators, and the line that sets it.
pub fn entry(schema: &Schema, key: &Key) -> String {
    let spec = key.spec;
    let mut text = String::new();
    for line in spec.doc.lines() {
        let _ = writeln!(text, "{}", format!("# {}", escaped(line)).trim_end());
    }
    let _ = writeln!(text, "# {}", decorators(schema, key));
    let comment = if spec.optional || default(key).is_some() || key.group.is_some() { "# " } else { "" };
    let _ = writeln!(text, "{comment}{}={}", key.variable, quoted(&value(key)));
    text
}

/// What a key is, in the words of env-spec: `@required @sensitive @type=url`.
pub fn decorators(schema: &Schema, key: &Key) -> String {
    decorators::of_key(schema, key, &value(key))
}

/// The default for all environments.
fn default(key: &Key) -> Option<&'static str> {
    key.spec.defaults.iter().find(|default| default.environments.is_empty()).map(|default| default.text)
}

/// The value in the file: the default, else the example; nothing of what may not be shown, nor of what would steer a terminal.
fn value(key: &Key) -> Cow<'static, str> {
    default(key).or(key.spec.example).filter(|text| !key.spec.hides_value() && !steers(text)).map(masked).unwrap_or_default()
}

/// Whether characters stand in a value that no `.env` file can show as what they are.
fn steers(value: &str) -> bool {
    value.chars().any(|c| must_escape(c) && !matches!(c, '\n' | '\r' | '\t'))
}

/// A value as it may stand in a `.env` file of any dialect, on one line.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.,:/@%+=".contains(c);
    if value.chars().all(plain) {
        return value.to_owned();
    }
    if !value.contains(['\'', '\n', '\r']) {
        return format!("'{value}'");
    }
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '"' | '\\' | '$' => text.extend(['\\', c]),
            c => text.push(c),
        }
    }
    text + "\""
}

/// A value that the key accepts in the environment: its example, or text made from its type and constraints. `None` where only the service
/// could make one: a type with a parser of its own, a regular expression.
pub fn sample(key: &Key, environment: &Environment) -> Option<String> {
    let spec = key.spec;
    if spec.type_spec == TypeSpec::Environment {
        return Some(environment.name().to_owned());
    }
    if let Some(example) = spec.example.filter(|_| !environment.kind().is_deployed()) {
        return Some(example.to_owned());
    }
    let checks: Vec<Check> = spec.constraints.iter().map(|constraint| constraint.check).collect();
    let text = sample_of(&spec.type_spec, &checks)?;
    let fits = spec.constraints.iter().all(|constraint| constraint.accepts(&text).unwrap_or(true));
    fits.then_some(text)
}

fn sample_of(spec: &TypeSpec, checks: &[Check]) -> Option<String> {
    let bound = |pick: fn(Check) -> Option<Number>| checks.iter().copied().find_map(pick);
    let longest = checks.iter().find_map(|check| match *check {
        Check::Length { max, equal, .. } => equal.or(max),
        _ => None,
    });
    let shortest = checks.iter().find_map(|check| match *check {
        Check::Length { min, equal, .. } => equal.or(min),
        _ => None,
    });
    if checks.contains(&Check::Email) {
        return Some("sample@example.com".to_owned());
    }
    if checks.contains(&Check::Url) {
        return Some("https://sample.example.com/".to_owned());
    }
    Some(match spec {
        TypeSpec::Text | TypeSpec::Bytes => text_of_length(shortest.unwrap_or(12), longest),
        TypeSpec::Bool => "false".to_owned(),
        TypeSpec::Integer { min, max } => {
            let least = bound(|check| if let Check::Range { min, exclusive_min, .. } = check { min.or(exclusive_min) } else { None });
            let most = bound(|check| if let Check::Range { max, exclusive_max, .. } = check { max.or(exclusive_max) } else { None });
            let exclusive = checks.iter().any(|check| matches!(check, Check::Range { exclusive_min: Some(_), .. }));
            integer(*min, *max, least, most, exclusive).to_string()
        }
        TypeSpec::Float => {
            match bound(|check| if let Check::Range { min, exclusive_min, .. } = check { min.or(exclusive_min) } else { None }) {
                Some(Number::Integer(number)) => format!("{number}.5"),
                Some(Number::Float(number)) => format!("{}", number + 0.5),
                None => "0.5".to_owned(),
            }
        }
        TypeSpec::Char => "c".to_owned(),
        TypeSpec::Path => "/srv/sample".to_owned(),
        TypeSpec::Url => "https://sample.example.com/".to_owned(),
        TypeSpec::IpAddr | TypeSpec::Ipv4Addr => "192.0.2.7".to_owned(),
        TypeSpec::Ipv6Addr => "2001:db8::7".to_owned(),
        TypeSpec::SocketAddr => "192.0.2.7:8080".to_owned(),
        TypeSpec::Duration => "30s".to_owned(),
        TypeSpec::ByteSize => "64KiB".to_owned(),
        TypeSpec::Choice(words) => (*words.first()?).to_owned(),
        TypeSpec::List(item) => sample_of(item, &[])?,
        TypeSpec::Map(key, value) => format!("{}={}", sample_of(key, &[])?, sample_of(value, &[])?),
        TypeSpec::Environment | TypeSpec::Other => return None,
    })
}

/// Text without a pattern that a rule would take for a placeholder or a weak secret.
fn text_of_length(shortest: u64, longest: Option<u64>) -> String {
    const PIECE: &str = "Kq7-wZ3.fV9_xT5-bN2.hJ8_";
    let length = usize::try_from(longest.map_or(shortest.max(12), |longest| shortest.max(12).min(longest))).unwrap_or(12);
    PIECE.chars().cycle().take(length).collect()
}

fn integer(min: i128, max: u128, least: Option<Number>, most: Option<Number>, exclusive: bool) -> i128 {
    let max = i128::try_from(max).unwrap_or(i128::MAX);
    let whole = |number: Number| match number {
        Number::Integer(number) => number,
        #[expect(clippy::cast_possible_truncation, reason = "a bound of a sample; the constraint itself is checked afterwards")]
        Number::Float(number) => number.ceil() as i128,
    };
    let least = least.map_or(min, |least| whole(least) + i128::from(exclusive)).max(min);
    let most = most.map_or(max, whole).min(max);
    7.clamp(least, most.max(least))
}
