//! What two environments have, what only one of them has, and what differs.

use configcheck_core::Schema;
use configcheck_core::schema::{Key, TypeSpec};

use super::side::{Found, Id, Side, Spot};

/// What two environments have, what only one of them has, and what differs.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub(super) only_in_a: Vec<Row>,
    pub(super) only_in_b: Vec<Row>,
    /// In both, with different values.
    pub(super) different: Vec<Row>,
    /// Secrets that have one value in two environments.
    pub(super) same_secrets: Vec<Row>,
    /// How many keys are the same in both; with `--keys-only`, how many are in both.
    pub(super) in_common: usize,
    /// Whether only the keys were compared.
    pub(super) keys_only: bool,
}

/// One key.
#[derive(Debug)]
pub(super) struct Row {
    /// The variable.
    pub(super) name: String,
    /// Where A sets it.
    pub(super) in_a: Option<Spot>,
    /// Where B sets it.
    pub(super) in_b: Option<Spot>,
    /// Whether the schema declares it; `None` without a schema.
    pub(super) declared: Option<bool>,
    /// Whether it is declared to be a secret.
    pub(super) secret: bool,
    /// For a key that one side lacks: what that means there.
    pub(super) absence: Option<Absence>,
    /// The declared type, when it is asked for.
    pub(super) type_name: Option<String>,
    /// What else a person should know.
    pub(super) notes: Vec<String>,
}

/// What it means that one side lacks a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// A value is demanded there.
    Required,
    /// A default stands in.
    Default,
    /// The reference that the field names itself is asked.
    Reference,
    /// Nothing is demanded.
    Optional,
}

impl Absence {
    /// The word for it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Default => "default",
            Self::Reference => "reference",
            Self::Optional => "optional",
        }
    }
}

impl Comparison {
    /// Compares two sides.
    pub(super) fn of(a: &Side, b: &Side, schema: Option<&Schema>, keys_only: bool, show_types: bool) -> Self {
        let mut comparison = Self { keys_only, ..Self::default() };
        let of_row = |id: &Id, in_a: Option<&Found>, in_b: Option<&Found>| row(schema, id, [(a, in_a), (b, in_b)], show_types);
        let are_two = a.environment.is_none() || b.environment.is_none() || a.environment != b.environment;
        let mut ids: Vec<&Id> = a.keys.keys().chain(b.keys.keys()).collect();
        ids.sort();
        ids.dedup();
        for id in ids {
            let (in_a, in_b) = (a.keys.get(id), b.keys.get(id));
            let row = of_row(id, in_a, in_b);
            match (in_a, in_b) {
                (Some(in_a), Some(in_b)) if keys_only || in_a.same(in_b) => {
                    comparison.in_common += 1;
                    if !keys_only && are_two && row.secret && in_a.is_literal() {
                        comparison.same_secrets.push(row);
                    }
                }
                (Some(_), Some(_)) => comparison.different.push(row),
                (Some(_), None) => comparison.only_in_a.push(row),
                _ => comparison.only_in_b.push(row),
            }
        }
        comparison
    }

    /// Whether anything differs.
    pub(super) fn differs(&self) -> bool {
        !(self.only_in_a.is_empty() && self.only_in_b.is_empty() && self.different.is_empty())
    }
}

fn row(schema: Option<&Schema>, id: &Id, sides: [(&Side, Option<&Found>); 2], show_types: bool) -> Row {
    let declared = schema.and_then(|schema| if let Id::Declared(key) = id { Some((schema, *key)) } else { None });
    let key = declared.map(|(schema, key)| &schema.keys()[key]);
    let found = || sides.iter().filter_map(|(_, found)| *found);
    let name = key.map_or_else(|| found().next().map(|found| found.name.clone()).unwrap_or_default(), |key| key.variable.to_string());
    let lacking = sides.iter().find(|(_, found)| found.is_none()).map(|(side, _)| *side);
    let mut notes = Vec::new();
    for ((side, found), label) in sides.iter().zip(["A", "B"]) {
        let Some(found) = found else { continue };
        if found.name != name {
            notes.push(format!("called {} in {label}", found.name));
        }
        if found.is_empty() && !side.keys.is_empty() {
            notes.push(format!("set to nothing in {label}"));
        }
    }
    Row {
        in_a: sides[0].1.map(|found| found.spot.clone()),
        in_b: sides[1].1.map(|found| found.spot.clone()),
        declared: schema.map(|_| key.is_some()),
        secret: key.is_some_and(|key| key.spec.is_secret()),
        absence: declared.zip(lacking).map(|((schema, key), side)| absence(schema, key, side)),
        type_name: key.filter(|_| show_types).map(type_name),
        name,
        notes,
    }
}

/// What it means that a side lacks a key. Of an optional struct that the side does not touch nothing is demanded.
fn absence(schema: &Schema, index: usize, side: &Side) -> Absence {
    let key = &schema.keys()[index];
    let environment = side.environment.as_ref();
    if key.spec.default_in(environment).is_some() {
        return Absence::Default;
    }
    if !key.spec.from.is_empty() {
        return Absence::Reference;
    }
    let mut group = key.group;
    while let Some(number) = group {
        let around = &schema.groups()[usize::from(number)];
        let is_touched = around.keys.clone().any(|key| side.keys.contains_key(&Id::Declared(key)));
        if around.optional && !is_touched {
            return Absence::Optional;
        }
        group = around.parent;
    }
    if key.spec.is_required_in(environment) { Absence::Required } else { Absence::Optional }
}

/// The type in a word or two.
fn type_name(key: &Key) -> String {
    fn word(spec: &TypeSpec, rust_type: &str) -> String {
        match spec {
            TypeSpec::Text => "text".to_owned(),
            TypeSpec::Bytes => "bytes".to_owned(),
            TypeSpec::Bool => "true or false".to_owned(),
            TypeSpec::Integer { .. } => "whole number".to_owned(),
            TypeSpec::Float => "number".to_owned(),
            TypeSpec::Char => "character".to_owned(),
            TypeSpec::Path => "path".to_owned(),
            TypeSpec::Url => "URL".to_owned(),
            TypeSpec::IpAddr => "IP address".to_owned(),
            TypeSpec::Ipv4Addr => "IPv4 address".to_owned(),
            TypeSpec::Ipv6Addr => "IPv6 address".to_owned(),
            TypeSpec::SocketAddr => "address with port".to_owned(),
            TypeSpec::Duration => "time span".to_owned(),
            TypeSpec::ByteSize => "number of bytes".to_owned(),
            TypeSpec::Environment => "environment".to_owned(),
            TypeSpec::Choice(words) => format!("one of {}", words.join(", ")),
            TypeSpec::List(item) => format!("list of {}", word(item, rust_type)),
            TypeSpec::Map(key, value) => format!("pairs of {} and {}", word(key, rust_type), word(value, rust_type)),
            _ => rust_type.to_owned(),
        }
    }
    word(&key.spec.type_spec, key.spec.rust_type)
}
