//! What a key is, in words: where it must be set, its defaults, the form of its value.

use configcheck_core::schema::{FieldSpec, Key, Sensitivity, TypeSpec};
use configcheck_core::{Environment, EnvironmentKind, Schema};

use super::markdown::{code, line};

/// The environments of a schema: the four kinds, then the team's own.
pub(super) fn environments(schema: &Schema) -> Vec<Environment> {
    let kinds = [EnvironmentKind::Development, EnvironmentKind::Test, EnvironmentKind::Staging, EnvironmentKind::Production];
    let names = kinds.map(EnvironmentKind::name).into_iter().chain(schema.environments().iter().map(|(name, _)| *name));
    let mut found: Vec<Environment> = Vec::new();
    for environment in names.filter_map(|name| Environment::parse(name, schema.environments())) {
        if !found.contains(&environment) {
            found.push(environment);
        }
    }
    found
}

/// The environments that do not start without a value, those of an optional group when it is used.
pub(super) fn demanding(schema: &Schema, key: &Key) -> Vec<Environment> {
    let spec = key.spec;
    let has_default =
        |environment: &Environment| spec.default_in(Some(environment)).is_some() && !environment.is_in(spec.forbid_default_in);
    environments(schema).into_iter().filter(|environment| spec.is_required_in(Some(environment)) && !has_default(environment)).collect()
}

/// Production where it does not start without a value, else another environment that does not.
pub(super) fn most_demanding(schema: &Schema, key: &Key) -> Option<Environment> {
    let mut demanding = demanding(schema, key);
    let production = demanding.iter().position(Environment::is_production);
    production.map(|at| demanding.swap_remove(at)).or_else(|| demanding.pop())
}

/// Where a key must be set.
pub(super) fn required(schema: &Schema, key: &Key) -> String {
    let demanding = demanding(schema, key);
    let all = environments(schema).len();
    let names: Vec<&str> = demanding.iter().map(Environment::name).collect();
    let place = match names.len() {
        0 => "no".to_owned(),
        count if count == all => "yes".to_owned(),
        _ => format!("in {}", line(&names.join(", "))),
    };
    let mut text = place;
    if let Some(group) = key.group.and_then(|group| schema.groups().get(usize::from(group)))
        && !demanding.is_empty()
    {
        text.extend([", when ", &code(&group.path), " is used"]);
    }
    if let Some(group) = key.spec.one_of {
        let parent = parent(&key.path);
        let others = schema.keys().iter().filter(|other| other.spec.one_of == Some(group) && self::parent(&other.path) == parent);
        let others: Vec<String> = others.map(|other| code(&other.variable)).collect();
        text = format!("exactly one of {}", others.join(", "));
    }
    text
}

/// The defaults with their environments, in one line.
pub(super) fn defaults(spec: &FieldSpec) -> String {
    let parts: Vec<String> = spec
        .defaults
        .iter()
        .map(|default| {
            let value = value(spec, default.text);
            if default.environments.is_empty() { value } else { format!("{}: {value}", line(&default.environments.join(", "))) }
        })
        .collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join("; ") }
}

/// A default or an example; nothing of a secret.
pub(super) fn value(spec: &FieldSpec, text: &str) -> String {
    match text {
        _ if spec.hides_value() => "not shown".to_owned(),
        "" => "empty".to_owned(),
        text => code(text),
    }
}

/// Whether the value is a secret.
pub(super) const fn secret(spec: &FieldSpec) -> &'static str {
    match spec.sensitivity {
        Sensitivity::Secret => "yes",
        Sensitivity::Hidden => "not classified",
        Sensitivity::Plain | Sensitivity::Public => "no",
    }
}

/// The form of the value and what it must satisfy beyond it.
pub(super) fn form(schema: &Schema, spec: &FieldSpec) -> String {
    if spec.type_spec == TypeSpec::Environment {
        let environments = environments(schema);
        let names: Vec<&str> = environments.iter().map(Environment::name).collect();
        return line(&format!("an environment: {}", names.join(", ")));
    }
    // The bounds of the type itself tell nobody anything.
    let whole = match spec.type_spec {
        TypeSpec::Integer { min: 0, max } if max >= u128::from(u64::MAX >> 1) => Some("a whole number from 0"),
        TypeSpec::Integer { min, max } if min <= i64::MIN.into() && max >= u128::from(u64::MAX >> 1) => Some("a whole number"),
        _ => None,
    };
    let mut parts = vec![whole.map_or_else(|| line(&spec.type_spec.expectation(spec.rust_type)), ToOwned::to_owned)];
    parts.extend(spec.constraints.iter().map(|constraint| line(&constraint.expectation())));
    parts.join("; ")
}

/// The path of the struct that a field is in; empty for the root.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}
