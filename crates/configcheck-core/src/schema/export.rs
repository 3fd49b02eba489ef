//! The native schema file: the schema as JSON, version 1.

use std::borrow::Cow;

use super::{Aspect, FieldSpec, Key, Schema, Sensitivity, TypeSpec};
use crate::constraint::{Check, Constraint, Number};
use crate::display::mask_userinfo;
use crate::json::{Json, Object};

/// The version of the format. It grows only when a reader of the old one would be wrong.
const VERSION: i32 = 1;

impl Schema {
    /// The schema as JSON, for `configcheck check` in a pipeline. It holds names, types and rules; a default of a secret is left out.
    pub fn to_json(&self) -> String {
        Json::object(|schema| {
            schema.number("version", VERSION);
            schema.text("name", self.name());
            schema.text_if("doc", Some(self.doc()).filter(|doc| !doc.is_empty()));
            schema.text("environment_variable", self.environment_variable());
            if !self.environments().is_empty() {
                schema.object("environments", |own| self.environments().iter().for_each(|(name, kind)| own.text(name, kind.name())));
            }
            schema.list("keys", |keys| {
                for (index, key) in self.keys().iter().enumerate() {
                    keys.object(|object| write_key(self, index, key, object));
                }
            });
        })
    }
}

fn write_key(schema: &Schema, index: usize, key: &Key, object: &mut Object<'_>) {
    let spec = key.spec;
    object.text("variable", &key.variable);
    object.text("path", &key.path);
    object.text("file_path", &key.file_path);
    object.text_if("doc", Some(spec.doc).filter(|doc| !doc.is_empty()));
    object.object("type", |object| write_type(&spec.type_spec, spec.rust_type, object));
    object.bool("required", !spec.optional);
    if let Some(group) = key.group {
        object.text("optional_group", &schema.groups()[usize::from(group)].path);
    }
    match spec.sensitivity {
        Sensitivity::Secret => object.bool("secret", true),
        Sensitivity::Public => object.bool("public", true),
        Sensitivity::Hidden => object.bool("hidden", true),
        Sensitivity::Plain => {}
    }
    write_defaults(spec, object);
    object.text_if("example", spec.example.filter(|_| is_made_up(spec)).map(masked).as_deref());
    object.texts_if("from", spec.from);
    object.texts_if("aliases", spec.aliases);
    if let Some(deprecated) = spec.deprecated {
        object.object("deprecated", |object| {
            object.text_if("since", deprecated.since);
            object.text_if("note", deprecated.note);
        });
    }
    object.texts_if("required_in", spec.required_in);
    object.texts_if("forbid_default_in", spec.forbid_default_in);
    write_siblings(schema, index, "requires", spec.requires, object);
    write_siblings(schema, index, "conflicts", spec.conflicts, object);
    object.text_if("one_of", spec.one_of);
    object.text_if("separator", Some(spec.separator).filter(|separator| *separator != ","));
    if spec.allow_empty {
        object.bool("allow_empty", true);
    }
    if spec.live {
        object.bool("live", true);
    }
    if !spec.guesses.is_empty() {
        object.list("guesses", |list| {
            for guess in spec.guesses {
                list.object(|object| {
                    object.text("aspect", guess.aspect.name());
                    object.text("reason", guess.reason);
                });
            }
        });
    }
    if !spec.constraints.is_empty() {
        object.list("constraints", |list| {
            for constraint in spec.constraints {
                list.object(|object| write_constraint(constraint, object));
            }
        });
    }
}

/// Whether an example was written to be shown. Where nobody said what a key is, a value that a file has for it may be a real one.
pub(crate) fn is_made_up(spec: &FieldSpec) -> bool {
    spec.sensitivity != Sensitivity::Hidden && spec.guess(Aspect::Secret).is_none()
}

fn write_defaults(spec: &FieldSpec, object: &mut Object<'_>) {
    if spec.defaults.is_empty() {
        return;
    }
    object.list("defaults", |list| {
        for default in spec.defaults {
            list.object(|object| {
                object.texts_if("environments", default.environments);
                if !spec.hides_value() {
                    object.text("text", &masked(default.text));
                }
            });
        }
    });
}

/// Words that stand for a name or a password in an example, and are none.
const PLACEHOLDERS: [&str; 8] = ["user", "username", "password", "pass", "pw", "secret", "token", "name"];

/// A default or an example without passwords. `user:password@` stays readable when it is made of such words only.
pub fn masked(text: &str) -> Cow<'_, str> {
    if let Some((scheme, rest)) = text.split_once("//")
        && let Some((userinfo, host)) = rest.split_once('@')
        && !host.contains('@')
        && userinfo.split(':').all(|word| word.is_empty() || PLACEHOLDERS.iter().any(|placeholder| word.eq_ignore_ascii_case(placeholder)))
    {
        let bare = format!("{scheme}//{host}");
        let bare = mask_userinfo(&bare);
        if let Some(host) = bare.strip_prefix(scheme).and_then(|bare| bare.strip_prefix("//")) {
            return Cow::Owned(format!("{scheme}//{userinfo}@{host}"));
        }
    }
    mask_userinfo(text)
}

/// Fields of the same struct, by the names of their variables.
fn write_siblings(schema: &Schema, index: usize, word: &str, fields: &[&str], object: &mut Object<'_>) {
    let siblings: Vec<&str> =
        fields.iter().filter_map(|field| schema.sibling_of(index, field)).map(|key| &*schema.keys()[key].variable).collect();
    object.texts_if(word, &siblings);
}

fn write_type(spec: &TypeSpec, rust_type: &str, object: &mut Object<'_>) {
    object.text(
        "kind",
        match spec {
            TypeSpec::Text => "text",
            TypeSpec::Bytes => "bytes",
            TypeSpec::Bool => "bool",
            TypeSpec::Integer { .. } => "integer",
            TypeSpec::Float => "float",
            TypeSpec::Char => "char",
            TypeSpec::Path => "path",
            TypeSpec::Url => "url",
            TypeSpec::IpAddr => "ip-address",
            TypeSpec::Ipv4Addr => "ipv4-address",
            TypeSpec::Ipv6Addr => "ipv6-address",
            TypeSpec::SocketAddr => "socket-address",
            TypeSpec::Duration => "duration",
            TypeSpec::ByteSize => "byte-size",
            TypeSpec::Environment => "environment",
            TypeSpec::Choice(_) => "choice",
            TypeSpec::List(_) => "list",
            TypeSpec::Map(..) => "map",
            TypeSpec::Other => "other",
        },
    );
    match spec {
        TypeSpec::Integer { min, max } => {
            object.raw("min", &min.to_string());
            object.raw("max", &max.to_string());
        }
        TypeSpec::Choice(words) => object.texts_if("words", words),
        TypeSpec::List(item) => object.object("item", |object| write_type(item, rust_type, object)),
        TypeSpec::Map(key, value) => {
            object.object("key", |object| write_type(key, rust_type, object));
            object.object("value", |object| write_type(value, rust_type, object));
        }
        TypeSpec::Other => object.text("rust", rust_type),
        _ => {}
    }
}

fn write_constraint(constraint: &Constraint, object: &mut Object<'_>) {
    let number = |object: &mut Object<'_>, word: &str, number: Option<Number>| {
        if let Some(number) = number {
            object.raw(word, &number.to_string());
        }
    };
    let count = |object: &mut Object<'_>, word: &str, count: Option<u64>| {
        if let Some(count) = count {
            object.number(word, count);
        }
    };
    match constraint.check {
        Check::Length { min, max, equal } => {
            object.text("check", "length");
            count(object, "min", min);
            count(object, "max", max);
            count(object, "equal", equal);
        }
        Check::Range { min, max, exclusive_min, exclusive_max } => {
            object.text("check", "range");
            number(object, "min", min);
            number(object, "max", max);
            number(object, "exclusive_min", exclusive_min);
            number(object, "exclusive_max", exclusive_max);
        }
        Check::Email => object.text("check", "email"),
        Check::Url => object.text("check", "url"),
        Check::Regex(name) => named(object, "regex", "path", name),
        Check::Contains(text) => named(object, "contains", "pattern", text),
        Check::DoesNotContain(text) => named(object, "does_not_contain", "pattern", text),
        Check::MustMatch(field) => named(object, "must_match", "other", field),
        Check::Custom(function) => named(object, "custom", "function", function),
        Check::Nested => object.text("check", "nested"),
        Check::NonControlCharacter => object.text("check", "non_control_character"),
    }
    object.text_if("message", constraint.message);
    object.text_if("code", constraint.code);
}

fn named(object: &mut Object<'_>, check: &str, word: &str, name: &str) {
    object.text("check", check);
    object.text(word, name);
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn placeholders_stay_readable_and_passwords_do_not() {
        for (text, expected) in [
            ("postgres://user:password@host/orders", "postgres://user:password@host/orders"),
            ("postgres://User:PW@host/orders?password=hunter2", "postgres://User:PW@host/orders?password=***"),
            ("postgres://user:password@host:hunter2", "postgres://user:password@host:***"),
            ("postgres://user:hunter2@host/orders", "postgres://***@host/orders"),
            ("postgres://user:password@hunter2@host", "postgres://***@host"),
            ("redis://:password@host", "redis://:password@host"),
            ("https://host/", "https://host/"),
        ] {
            assert_eq!(masked(text), expected);
        }
    }
}
