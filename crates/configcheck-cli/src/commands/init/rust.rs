//! A schema as Rust: the first struct of a service that has only a `.env.example` so far.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use configcheck_core::Schema;
use configcheck_core::constraint::{Check, Constraint, Number};
use configcheck_core::display::escaped;
use configcheck_core::schema::{Aspect, FieldSpec, Key, Sensitivity, TypeSpec, masked};

use super::names::Names;

/// Ends of names, as whole words, of which the derive demands that they are secrets or said to be none.
const SECRET_ENDINGS: [&str; 7] = ["password", "passwd", "secret", "token", "api_key", "private_key", "dsn"];

/// The struct, and the enums that its fields name.
pub(super) fn file(schema: &Schema, source: &str) -> String {
    let mut file = File::default();
    for key in schema.keys() {
        file.field(key);
    }
    let mut text =
        format!("//! What the service needs to know. Made from {} by `configcheck init`: go through it once.\n", escaped(source));
    if schema.keys().iter().any(|key| key.spec.sensitivity == Sensitivity::Hidden) {
        text.push_str("//! The value of a field that is no `Secret` is shown in reports: make one of each that nobody may see.\n");
    }
    text.push('\n');
    let standard: Vec<String> = file.standard.iter().map(|path| format!("use std::{path};\n")).collect();
    if !standard.is_empty() {
        text.push_str(&standard.concat());
        text.push('\n');
    }
    file.ours.insert("AppConfig");
    let ours: Vec<&str> = file.ours.iter().copied().collect();
    let ours = if let [one] = ours[..] { one.to_owned() } else { format!("{{{}}}", ours.join(", ")) };
    // Writing to a `String` cannot fail.
    let _ = write!(text, "use configcheck::{ours};\n\n");
    doc(&mut text, "", if schema.doc().is_empty() { "Configuration of the service." } else { schema.doc() });
    text.push_str("#[derive(AppConfig)]\n");
    if !schema.name().is_empty() {
        let _ = writeln!(text, "#[config(name = {})]", literal(schema.name()));
    }
    // Names that the example goes by; without them the service would refuse to start under one.
    let environments: Vec<String> = schema.environments().iter().map(|(name, kind)| format!("{name} = {}", kind.name())).collect();
    if !environments.is_empty() {
        let _ = writeln!(text, "#[config(environments({}))]", environments.join(", "));
    }
    let _ = write!(text, "pub struct Settings {{\n{}}}\n", file.fields);
    text + &file.enums
}

#[derive(Default)]
struct File {
    fields: String,
    enums: String,
    field_names: Names,
    type_names: Names,
    ours: BTreeSet<&'static str>,
    standard: BTreeSet<&'static str>,
}

impl File {
    fn field(&mut self, key: &Key) {
        let spec = key.spec;
        let variable = &*key.variable;
        if variable.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            let _ = writeln!(self.fields, "    // left out: {}, since a shell cannot set a variable of this name", escaped(variable));
            return;
        }
        let (name, derives) = self.field_names.field(variable);
        let ending = SECRET_ENDINGS.iter().any(|ending| {
            [&*variable.to_ascii_lowercase(), &name]
                .iter()
                .any(|name| name.strip_suffix(ending).is_some_and(|before| before.is_empty() || before.ends_with('_') || before == "r#"))
        });
        let is_secret = spec.is_secret() || (ending && spec.sensitivity == Sensitivity::Hidden);
        doc(&mut self.fields, "    ", spec.doc);
        for guess in spec.guesses {
            let aspect = if guess.aspect == Aspect::Required && spec.optional { "optional" } else { guess.aspect.name() };
            let _ = writeln!(self.fields, "    // guessed: {aspect}, since {}", escaped(guess.reason));
        }
        let fitting = |text: &str| spec.type_spec.accepts(text, spec.separator) != Some(false) && !text.is_empty();
        let default = spec.defaults.iter().find(|default| default.environments.is_empty()).map(|default| default.text);
        let default = default.filter(|text| !is_secret && fitting(text) && spec.type_spec != TypeSpec::Environment);
        if is_secret && !spec.defaults.is_empty() {
            self.fields.push_str("    // left out: its default, since code is read by everyone\n");
        }
        let example = spec.example.filter(|text| !is_secret && default.is_none() && fitting(text));
        let mut words = words(spec, default, example);
        if !derives {
            words.insert(0, format!("env = {}", literal(variable)));
        }
        if ending && !is_secret && !matches!(spec.type_spec, TypeSpec::Bool | TypeSpec::Environment) {
            words.push("public".to_owned());
        }
        let checks: Vec<String> = spec.constraints.iter().filter_map(|constraint| check(constraint, &spec.type_spec)).collect();
        if !checks.is_empty() {
            let _ = writeln!(self.fields, "    #[validate({})]", checks.join(", "));
        }
        if !words.is_empty() {
            let _ = writeln!(self.fields, "    #[config({})]", words.join(", "));
        }
        let mut ty = self.ty(variable, &spec.type_spec);
        if is_secret {
            self.ours.insert("Secret");
            ty = format!("Secret<{ty}>");
        }
        if spec.optional && default.is_none() {
            ty = format!("Option<{ty}>");
        }
        let _ = writeln!(self.fields, "    pub {name}: {ty},");
    }

    /// The type of a field; what it needs is imported.
    fn ty(&mut self, variable: &str, spec: &TypeSpec) -> String {
        let (ours, standard, name) = match spec {
            TypeSpec::Integer { min, max } => return integer(*min, *max).to_owned(),
            TypeSpec::Choice(words) if words.iter().any(|word| !word.is_empty()) => return self.choice(variable, words),
            TypeSpec::List(item) => return format!("Vec<{}>", self.ty(variable, item)),
            TypeSpec::Map(key, value) => {
                self.standard.insert("collections::BTreeMap");
                return format!("BTreeMap<{}, {}>", self.ty(variable, key), self.ty(variable, value));
            }
            TypeSpec::Bool => return "bool".to_owned(),
            TypeSpec::Float => return "f64".to_owned(),
            TypeSpec::Char => return "char".to_owned(),
            TypeSpec::Path => ("", "path::PathBuf", "PathBuf"),
            TypeSpec::Url => ("Url", "", "Url"),
            TypeSpec::IpAddr => ("", "net::IpAddr", "IpAddr"),
            TypeSpec::Ipv4Addr => ("", "net::Ipv4Addr", "Ipv4Addr"),
            TypeSpec::Ipv6Addr => ("", "net::Ipv6Addr", "Ipv6Addr"),
            TypeSpec::SocketAddr => ("", "net::SocketAddr", "SocketAddr"),
            TypeSpec::Duration => ("", "time::Duration", "Duration"),
            TypeSpec::ByteSize => ("ByteSize", "", "ByteSize"),
            TypeSpec::Environment => ("Environment", "", "Environment"),
            _ => return "String".to_owned(),
        };
        if ours.is_empty() {
            self.standard.insert(standard);
        } else {
            self.ours.insert(ours);
        }
        name.to_owned()
    }

    fn choice(&mut self, variable: &str, words: &[&str]) -> String {
        self.ours.insert("ConfigValue");
        let name = self.type_names.ty(variable);
        let _ = write!(
            self.enums,
            "\n/// What `{variable}` may be.\n#[derive(Clone, Copy, Debug, PartialEq, Eq, ConfigValue)]\npub enum {name} {{\n"
        );
        let mut variants = Names::default();
        let mut known: Vec<&str> = Vec::new();
        for word in words.iter().filter(|word| !word.is_empty()) {
            if known.contains(word) {
                continue;
            }
            known.push(word);
            let variant = variants.variant(word);
            // Without `rename` a variant of one word is read in small letters.
            let follows = variant[1..].bytes().all(|byte| byte.is_ascii_lowercase()) && variant.to_ascii_lowercase() == **word;
            if !follows {
                let _ = writeln!(self.enums, "    #[config(rename = {})]", literal(word));
            }
            let _ = writeln!(self.enums, "    {variant},");
        }
        self.enums.push_str("}\n");
        name
    }
}

/// The words of `#[config(…)]`.
fn words(spec: &FieldSpec, default: Option<&str>, example: Option<&str>) -> Vec<String> {
    let texts = |word: &str, texts: &[&str]| -> Option<String> {
        let texts: Vec<String> = texts.iter().map(|text| literal(text)).collect();
        (!texts.is_empty()).then(|| format!("{word}({})", texts.join(", ")))
    };
    let is_environment = spec.type_spec == TypeSpec::Environment;
    let mut words = Vec::new();
    words.extend(default.map(|text| format!("default = {}", value(spec, text))));
    words.extend(example.map(|text| format!("example = {}", value(spec, text))));
    words.extend(texts("alias", spec.aliases));
    if is_environment {
        return words;
    }
    words.extend(texts("from", spec.from));
    if spec.optional && !spec.required_in.is_empty() && default.is_none() {
        words.push(format!("required_in({})", spec.required_in.join(", ")));
    }
    if let Some(deprecated) = spec.deprecated {
        let parts = [("since", deprecated.since), ("note", deprecated.note)];
        let parts: Vec<String> = parts.iter().filter_map(|(word, text)| text.map(|text| format!("{word} = {}", literal(text)))).collect();
        words.push(if parts.is_empty() { "deprecated".to_owned() } else { format!("deprecated({})", parts.join(", ")) });
    }
    if matches!(spec.type_spec, TypeSpec::List(_) | TypeSpec::Map(..)) && spec.separator != "," {
        words.push(format!("separator = {}", literal(spec.separator)));
    }
    if spec.allow_empty {
        words.push("allow_empty".to_owned());
    }
    words
}

/// A default or an example as a literal of its type.
fn value(spec: &FieldSpec, text: &str) -> String {
    match (spec.type_spec, text) {
        (TypeSpec::Bool, "true" | "1") => "true".to_owned(),
        (TypeSpec::Bool, "false" | "0") => "false".to_owned(),
        (TypeSpec::Integer { .. }, text) if is_number(text) => text.to_owned(),
        (_, text) => literal(&masked(text)),
    }
}

/// Digits only, without a zero in front.
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'))
}

/// The smallest usual integer for the bounds.
fn integer(min: i128, max: u128) -> &'static str {
    match (min, max) {
        (0, 255) => "u8",
        (0 | 1, 65_535) => "u16",
        (0.., max) if u32::try_from(max).is_ok() => "u32",
        (0.., _) => "u64",
        (-128, 127) => "i8",
        (-32_768, 32_767) => "i16",
        (-2_147_483_648, 2_147_483_647) => "i32",
        _ => "i64",
    }
}

/// A check of `#[validate(…)]`, where it can be said and fits the type.
fn check(constraint: &Constraint, spec: &TypeSpec) -> Option<String> {
    let is_text = matches!(spec, TypeSpec::Text | TypeSpec::Url);
    let bounds = |word: &str, parts: &[(&str, Option<String>)]| {
        let parts: Vec<String> = parts.iter().filter_map(|(name, bound)| bound.as_ref().map(|bound| format!("{name} = {bound}"))).collect();
        (!parts.is_empty()).then(|| format!("{word}({})", parts.join(", ")))
    };
    let count = |count: Option<u64>| count.map(|count| count.to_string());
    let number = |number: Option<Number>| number.map(|number| number.to_string());
    match constraint.check {
        Check::Length { min, max, equal } if is_text => {
            bounds("length", &[("min", count(min)), ("max", count(max)), ("equal", count(equal))])
        }
        Check::Range { min, max, exclusive_min, exclusive_max } if matches!(spec, TypeSpec::Integer { .. } | TypeSpec::Float) => bounds(
            "range",
            &[
                ("min", number(min)),
                ("max", number(max)),
                ("exclusive_min", number(exclusive_min)),
                ("exclusive_max", number(exclusive_max)),
            ],
        ),
        Check::Email if is_text => Some("email".to_owned()),
        Check::Url if is_text => Some("url".to_owned()),
        Check::Contains(text) if is_text => Some(format!("contains(pattern = {})", literal(text))),
        Check::DoesNotContain(text) if is_text => Some(format!("does_not_contain(pattern = {})", literal(text))),
        _ => None,
    }
}

/// A doc comment.
fn doc(text: &mut String, indent: &str, doc: &str) {
    for line in doc.lines() {
        let line = escaped(line);
        let _ = writeln!(text, "{}", format!("{indent}/// {line}").trim_end());
    }
}

/// Text in quotes.
fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' => literal.push_str("\\n"),
            '\t' => literal.push_str("\\t"),
            c if c.is_control() || !escaped(c.encode_utf8(&mut [0; 4])).starts_with(c) => literal.extend(c.escape_unicode()),
            c => literal.push(c),
        }
    }
    literal + "\""
}
