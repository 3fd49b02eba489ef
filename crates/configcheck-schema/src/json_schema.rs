//! A JSON Schema 2020-12 of a service's config files, for editors: TOML, YAML and JSON alike.

use std::collections::{BTreeSet, HashMap};

use configcheck_core::Schema;
use configcheck_core::constraint::{Check, Constraint, Number};
use configcheck_core::display::mask_userinfo;
use configcheck_core::json::{Json, Object};
use configcheck_core::schema::{FieldSpec, Key, TypeSpec};

#[cfg(test)]
mod tests;

/// A table of a config file.
#[derive(Default)]
struct Table<'a> {
    /// In the order of the struct; a table stands where its first key does.
    members: Vec<(&'a str, Member<'a>)>,
    places: HashMap<&'a str, usize>,
    /// Members without which nothing loads, wherever they are set.
    required: BTreeSet<usize>,
}

enum Member<'a> {
    Key(&'a FieldSpec),
    Table(Table<'a>),
}

/// The JSON Schema of the config files that a service reads. It demands what has no default and is no secret, since a secret is better set
/// elsewhere. Defaults and examples of what may not be shown are left out.
pub fn json_schema(schema: &Schema) -> String {
    let mut root = Table::default();
    for key in schema.keys() {
        root.add(&key.file_path, key.spec, demand(schema, key));
    }
    Json::object(|object| {
        object.text("$schema", "https://json-schema.org/draft/2020-12/schema");
        object.text_if("title", Some(schema.name()).filter(|name| !name.is_empty()));
        object.text_if("description", Some(schema.doc()).filter(|doc| !doc.is_empty()));
        root.write(schema, object);
    })
}

/// Where a key is demanded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demand {
    Nowhere,
    /// In its table, where there is one.
    InTable,
    /// And all tables around it.
    Everywhere,
}

fn demand(schema: &Schema, key: &Key) -> Demand {
    let spec = key.spec;
    let is_set_elsewhere = spec.hides_value() || !spec.from.is_empty() || spec.type_spec == TypeSpec::Environment;
    if spec.optional || !spec.defaults.is_empty() || is_set_elsewhere {
        return Demand::Nowhere;
    }
    let Some(group) = key.group.map(|group| &schema.groups()[usize::from(group)]) else { return Demand::Everywhere };
    // The keys of a struct are neighbours: where none of them is in the table of the group, the table is the group's own.
    let is_in_table = |key: &Key| key.file_path.strip_prefix(&*group.file_path).is_some_and(|rest| rest.starts_with('.'));
    let around = [group.keys.start.checked_sub(1), Some(group.keys.end)];
    let mut around = around.into_iter().flatten().filter_map(|at| schema.keys().get(at));
    if group.file_path.is_empty() || around.any(is_in_table) { Demand::Nowhere } else { Demand::InTable }
}

impl<'a> Table<'a> {
    fn add(&mut self, path: &'a str, spec: &'a FieldSpec, demand: Demand) {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let at = *self.places.entry(name).or_insert_with(|| {
            self.members.push((name, rest.map_or(Member::Key(spec), |_| Member::Table(Table::default()))));
            self.members.len() - 1
        });
        if demand == Demand::Everywhere || (demand == Demand::InTable && rest.is_none()) {
            self.required.insert(at);
        }
        if let (Member::Table(table), Some(rest)) = (&mut self.members[at].1, rest) {
            table.add(rest, spec, demand);
        }
    }

    fn write(&self, schema: &Schema, object: &mut Object<'_>) {
        object.text("type", "object");
        object.object("properties", |properties| {
            for (name, member) in &self.members {
                properties.object(name, |object| match member {
                    Member::Key(spec) => write_key(schema, spec, object),
                    Member::Table(table) => table.write(schema, object),
                });
            }
        });
        let required: Vec<&str> = self.required.iter().map(|at| self.members[*at].0).collect();
        object.texts_if("required", &required);
        object.bool("additionalProperties", false);
    }
}

fn write_key(schema: &Schema, spec: &FieldSpec, object: &mut Object<'_>) {
    object.text_if("description", Some(spec.doc).filter(|doc| !doc.is_empty()));
    if spec.deprecated.is_some() {
        object.bool("deprecated", true);
    }
    if spec.hides_value() || !spec.from.is_empty() {
        write_referable(&spec.type_spec, object);
    } else if spec.type_spec == TypeSpec::Environment {
        let kinds = ["development", "dev", "test", "staging", "stage", "production", "prod"];
        let own = schema.environments().iter().map(|(name, _)| *name);
        object.texts_if("enum", &kinds.into_iter().chain(own).collect::<Vec<_>>());
    } else {
        write_type(&spec.type_spec, spec.constraints, object);
    }
    if spec.hides_value() {
        object.bool("writeOnly", true);
        return;
    }
    // A default of some environments only is none of the file.
    if let Some(default) = spec.defaults.iter().find(|default| default.environments.is_empty()) {
        write_value(&spec.type_spec, default.text, object);
    }
    if let Some(example) = spec.example.filter(|example| is_text(&spec.type_spec) && mask_userinfo(example) == *example) {
        object.list("examples", |list| list.text(example));
    }
}

/// The type of a value in whose place a reference to a secret manager may stand: that is text of any length.
fn write_referable(spec: &TypeSpec, object: &mut Object<'_>) {
    let own = match spec {
        TypeSpec::Bool => "boolean",
        TypeSpec::Integer { .. } | TypeSpec::ByteSize => "integer",
        TypeSpec::Float => "number",
        TypeSpec::List(_) => "array",
        TypeSpec::Map(..) => "object",
        TypeSpec::Other => return,
        _ => return object.text("type", "string"),
    };
    object.texts_if("type", &[own, "string"]);
}

/// A default in the form that the type has in a file.
fn write_value(spec: &TypeSpec, text: &str, object: &mut Object<'_>) {
    match spec {
        TypeSpec::Bool if matches!(text, "true" | "1") => object.bool("default", true),
        TypeSpec::Bool => object.bool("default", false),
        TypeSpec::Integer { .. } if text.parse::<i128>().is_ok() => object.raw("default", &text.parse().unwrap_or(0_i128).to_string()),
        TypeSpec::Float => {
            if let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) {
                object.raw("default", &number.to_string());
            }
        }
        spec if is_text(spec) && mask_userinfo(text) == text => object.text("default", text),
        _ => {}
    }
}

/// Whether a value of the type is text in a file.
fn is_text(spec: &TypeSpec) -> bool {
    !matches!(spec, TypeSpec::Bool | TypeSpec::Integer { .. } | TypeSpec::Float | TypeSpec::List(_) | TypeSpec::Map(..) | TypeSpec::Other)
}

fn write_type(spec: &TypeSpec, constraints: &[Constraint], object: &mut Object<'_>) {
    match spec {
        TypeSpec::Bool => object.text("type", "boolean"),
        TypeSpec::Integer { min, max } => {
            object.text("type", "integer");
            write_bounds(Some(*min), Some(*max), constraints, object);
        }
        TypeSpec::Float => {
            object.text("type", "number");
            write_bounds(None, None, constraints, object);
        }
        TypeSpec::Choice(words) => object.texts_if("enum", words),
        TypeSpec::List(item) => {
            // A list is written as one, or as text with separators.
            object.texts_if("type", &["array", "string"]);
            object.object("items", |object| write_type(item, &[], object));
            write_lengths(["minItems", "maxItems"], constraints, object);
        }
        TypeSpec::Map(_, value) => {
            object.texts_if("type", &["object", "string"]);
            object.object("additionalProperties", |object| write_type(value, &[], object));
            write_lengths(["minProperties", "maxProperties"], constraints, object);
        }
        // Only its own parser knows what it may be.
        TypeSpec::Other => {}
        TypeSpec::ByteSize => {
            object.texts_if("type", &["string", "integer"]);
            object.text("pattern", BYTE_SIZE);
        }
        text => {
            object.text("type", "string");
            match text {
                TypeSpec::Char => {
                    object.number("minLength", 1);
                    object.number("maxLength", 1);
                }
                TypeSpec::Url => object.text("format", "uri"),
                TypeSpec::Ipv4Addr => object.text("format", "ipv4"),
                TypeSpec::Ipv6Addr => object.text("format", "ipv6"),
                TypeSpec::Duration => object.text("pattern", DURATION),
                _ => {
                    write_lengths(["minLength", "maxLength"], constraints, object);
                    write_text_checks(constraints, object);
                }
            }
        }
    }
}

/// A time span begins with a number.
const DURATION: &str = "^\\s*[0-9]";

/// A number with a unit of bytes.
const BYTE_SIZE: &str = "^[0-9]+(\\.[0-9]+)? ?(B|[kKMGT]B|[KMGT]iB)?$";

fn write_text_checks(constraints: &[Constraint], object: &mut Object<'_>) {
    let format = constraints.iter().find_map(|constraint| match constraint.check {
        Check::Email => Some("email"),
        Check::Url => Some("uri"),
        _ => None,
    });
    object.text_if("format", format);
    let contained = constraints.iter().find_map(|constraint| match constraint.check {
        Check::Contains(text) => Some(text),
        _ => None,
    });
    object.text_if("pattern", contained.map(literal).as_deref());
}

/// A pattern that matches a text and nothing else.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\^$.|?*+()[]{}/".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

fn write_lengths([least, most]: [&str; 2], constraints: &[Constraint], object: &mut Object<'_>) {
    let found = constraints.iter().find_map(|constraint| match constraint.check {
        Check::Length { min, max, equal } => Some((equal.or(min), equal.or(max))),
        _ => None,
    });
    let Some((min, max)) = found else { return };
    for (word, bound) in [(least, min), (most, max)] {
        if let Some(bound) = bound {
            object.number(word, bound);
        }
    }
}

/// The bounds of the type, and those of the constraints where they are narrower.
fn write_bounds(min: Option<i128>, max: Option<u128>, constraints: &[Constraint], object: &mut Object<'_>) {
    let found = constraints.iter().find_map(|constraint| match constraint.check {
        Check::Range { min, max, exclusive_min, exclusive_max } => Some([min, max, exclusive_min, exclusive_max]),
        _ => None,
    });
    let [least, most, above, below] = found.unwrap_or_default().map(|bound| bound.as_ref().map(Number::to_string));
    let bounds = [
        ("minimum", least.or_else(|| min.map(|min| min.to_string()).filter(|_| above.is_none()))),
        ("maximum", most.or_else(|| max.map(|max| max.to_string()).filter(|_| below.is_none()))),
        ("exclusiveMinimum", above),
        ("exclusiveMaximum", below),
    ];
    for (word, bound) in bounds {
        if let Some(bound) = bound {
            object.raw(word, &bound);
        }
    }
}
