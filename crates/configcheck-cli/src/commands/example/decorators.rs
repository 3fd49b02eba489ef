//! Decorators of env-spec in a comment, `# @required @type=url`, and whether they contradict a schema.

use std::ops::Range;

use configcheck_core::Schema;
use configcheck_core::constraint::Check;
use configcheck_core::schema::{FieldSpec, Key, TypeSpec};

/// A decorator and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Decorator<'a> {
    /// The name without its `@`.
    pub(super) name: &'a str,
    /// What stands behind `=`.
    pub(super) value: Option<&'a str>,
    /// The line.
    pub(super) line: u32,
    /// The bytes in the file.
    pub(super) bytes: Range<usize>,
}

/// What a decorator says that the schema does not.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Contradiction {
    /// What it says, as it was written in the file or `no @sensitive`.
    pub(super) said: String,
    /// What the schema says, as a decorator; empty when there is none to write.
    pub(super) wanted: String,
    /// The line.
    pub(super) line: u32,
    /// What is replaced; empty where something is added.
    pub(super) bytes: Range<usize>,
}

/// The decorators of a comment line that starts at a byte. A line that begins otherwise is prose and has none.
pub(super) fn decorators(line: &str, start: usize, number: u32) -> Vec<Decorator<'_>> {
    let mut found = Vec::new();
    let text = line.trim_start_matches([' ', '\t', '#']);
    if !text.starts_with('@') || !line.trim_start_matches([' ', '\t']).starts_with('#') {
        return found;
    }
    let mut at = line.len() - text.len();
    while let Some(word) = line[at..].strip_prefix('@') {
        let length = word_length(word);
        let word = &word[..length];
        // A function such as @import(...) has its arguments right behind its name.
        let (name, value) = match word.split_once(['=', '(']) {
            Some((name, value)) if word.as_bytes().get(name.len()) == Some(&b'=') => (name, Some(value)),
            Some((name, _)) => (name, None),
            None => (word, None),
        };
        found.push(Decorator { name, value, line: number, bytes: start + at..start + at + 1 + length });
        at += 1 + length;
        at += line[at..].len() - line[at..].trim_start_matches([' ', '\t']).len();
    }
    found
}

/// The length of a decorator: to the next blank that stands in no brackets and no quotes.
fn word_length(word: &str) -> usize {
    let (mut depth, mut quote) = (0_u32, None);
    for (at, c) in word.char_indices() {
        match (quote, c) {
            (_, '\r' | '\n') => return at,
            (Some(open), c) => quote = Some(open).filter(|open| *open != c),
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ' ' | '\t') if depth == 0 => return at,
            (None, _) => {}
        }
    }
    word.len()
}

/// What the decorators of a key say that the schema does not. Nothing is demanded of a key without any; `default_sensitive` says whether
/// the file takes keys without a mark for secrets.
pub(super) fn contradictions(schema: &Schema, key: &Key, decorators: &[Decorator<'_>], default_sensitive: bool) -> Vec<Contradiction> {
    let spec = key.spec;
    let words = format!("# {}", configcheck_core::example::decorators(schema, key));
    let ours = self::decorators(&words, 0, 0);
    let our = |name: &str| ours.iter().find(|word| word.name == name);
    let mut found = Vec::new();
    let mut contradict = |decorator: &Decorator<'_>, wanted: String| {
        found.push(Contradiction { said: said(decorator), wanted, line: decorator.line, bytes: decorator.bytes.clone() });
    };
    for decorator in decorators {
        match (decorator.name, truth(decorator.value)) {
            ("required" | "optional", _) => {
                let wanted = our("required").or_else(|| our("optional"));
                let contradicts = demand(decorator).zip(wanted.and_then(demand)).is_some_and(|(said, wanted)| said != wanted);
                if let Some(wanted) = wanted.filter(|_| contradicts) {
                    contradict(decorator, written(wanted));
                }
            }
            ("sensitive" | "public", Some(said)) => {
                let says_secret = said == (decorator.name == "sensitive");
                if says_secret != spec.is_secret() && (spec.is_secret() || !spec.hides_value()) {
                    let wanted = our("sensitive").or_else(|| our("public"));
                    contradict(decorator, wanted.map(written).unwrap_or_default());
                }
            }
            ("type", _) => {
                let (said, wanted) = (decorator.value.unwrap_or_default(), our("type"));
                if !fits(said, spec) || wanted.and_then(|wanted| wanted.value).is_some_and(|wanted| !same_bounds(said, wanted)) {
                    contradict(decorator, wanted.map(written).unwrap_or_default());
                }
            }
            _ => {}
        }
    }
    let says_secrecy = decorators.iter().any(|decorator| matches!(decorator.name, "sensitive" | "public"));
    let last = decorators.iter().rfind(|decorator| matches!(decorator.name, "required" | "optional" | "type"));
    if let Some(last) = last.filter(|_| spec.is_secret() && !says_secrecy && !default_sensitive) {
        let bytes = last.bytes.end..last.bytes.end;
        found.push(Contradiction { said: "no @sensitive".to_owned(), wanted: " @sensitive".to_owned(), line: last.line, bytes });
    }
    found
}

fn written(decorator: &Decorator<'_>) -> String {
    decorator.value.map_or_else(|| format!("@{}", decorator.name), |value| format!("@{}={value}", decorator.name))
}

/// The same for a message. A value is repeated only where it is made of words of env-spec and small numbers: anything may stand there.
fn said(decorator: &Decorator<'_>) -> String {
    let is_word = |word: &str| WORDS.contains(&word) || (word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
    match decorator.value {
        Some(value) if !value.split(|c: char| "(),= ".contains(c)).all(is_word) => format!("a @{} of its own", decorator.name),
        _ => written(decorator),
    }
}

/// Words of env-spec that a value may be made of.
const WORDS: [&str; 24] = [
    "true",
    "false",
    "string",
    "number",
    "integer",
    "int",
    "float",
    "port",
    "boolean",
    "bool",
    "url",
    "email",
    "enum",
    "array",
    "object",
    "minLength",
    "maxLength",
    "min",
    "max",
    "forEnv",
    "development",
    "test",
    "staging",
    "production",
];

/// Whether a decorator without a value, or with `true` or `false`, holds; `None` for a condition.
fn truth(value: Option<&str>) -> Option<bool> {
    match value {
        None | Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => None,
    }
}

/// Where a value is demanded.
#[derive(PartialEq, Eq)]
enum Demand<'a> {
    Everywhere,
    Nowhere,
    In(Vec<&'a str>),
}

/// Where `@required` or `@optional` demands a value; `None` for a condition that only env-spec can judge.
fn demand<'a>(decorator: &Decorator<'a>) -> Option<Demand<'a>> {
    let is_required = decorator.name == "required";
    match (truth(decorator.value), decorator.value) {
        (Some(said), _) if said == is_required => Some(Demand::Everywhere),
        (Some(_), _) => Some(Demand::Nowhere),
        (None, Some(value)) if is_required && value.starts_with("forEnv(") => {
            let mut names = arguments(value)?;
            names.sort_unstable();
            Some(Demand::In(names))
        }
        (None, _) => None,
    }
}

/// Whether a type of env-spec can be that of a field. Of types that only env-spec knows, nothing is said.
fn fits(said: &str, spec: &FieldSpec) -> bool {
    let of = spec.type_spec;
    let has = |wanted: Check| spec.constraints.iter().any(|constraint| constraint.check == wanted);
    match (name(said), of) {
        (_, TypeSpec::Other) => true,
        ("number" | "integer" | "int" | "float" | "port", _) => matches!(of, TypeSpec::Integer { .. } | TypeSpec::Float),
        ("boolean" | "bool", _) => of == TypeSpec::Bool,
        ("url", _) => of == TypeSpec::Url || has(Check::Url),
        ("email", _) => of == TypeSpec::Text,
        ("ip", _) => matches!(of, TypeSpec::IpAddr | TypeSpec::Ipv4Addr | TypeSpec::Ipv6Addr),
        ("duration", _) => of == TypeSpec::Duration,
        ("array", _) => matches!(of, TypeSpec::List(_)),
        ("enum", TypeSpec::Choice(words)) => arguments(said).is_some_and(|said| same_words(&said, words)),
        ("enum", TypeSpec::Bool) => arguments(said).is_some_and(|said| same_words(&said, &["true", "false"])),
        ("enum", _) => of == TypeSpec::Environment,
        (_, TypeSpec::Integer { .. } | TypeSpec::Float | TypeSpec::Bool | TypeSpec::Choice(_) | TypeSpec::Url) => false,
        _ => true,
    }
}

/// Whether the bounds that both types state are the same. A bound that only one of them states is no contradiction.
fn same_bounds(said: &str, wanted: &str) -> bool {
    const BOUNDS: [&str; 6] = ["min", "max", "minLength", "maxLength", "isLength", "version"];
    let bounds = |text| arguments(text).unwrap_or_default().into_iter().filter_map(|argument| argument.split_once('='));
    bounds(said)
        .filter(|(bound, _)| BOUNDS.contains(bound))
        .all(|(bound, value)| bounds(wanted).all(|(other, wanted)| other.trim() != bound.trim() || wanted.trim() == value.trim()))
}

/// The name of a type or a function, without its arguments.
fn name(said: &str) -> &str {
    said.split_once('(').map_or(said, |(name, _)| name).trim()
}

/// The arguments of `enum(a, "b, c")`, quotes taken off.
fn arguments(said: &str) -> Option<Vec<&str>> {
    let list = said.split_once('(')?.1.trim_end().strip_suffix(')')?;
    let mut arguments = Vec::new();
    let (mut start, mut quote, mut depth) = (0, None, 0_u32);
    for (at, c) in list.char_indices() {
        match (quote, c) {
            (Some(open), c) => quote = Some(open).filter(|open| *open != c),
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                arguments.push(&list[start..at]);
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    arguments.push(&list[start..]);
    Some(arguments.into_iter().map(|word| word.trim().trim_matches(['"', '\'', '`'])).filter(|word| !word.is_empty()).collect())
}

fn same_words(said: &[&str], wanted: &[&str]) -> bool {
    said.len() == wanted.len() && wanted.iter().all(|word| said.contains(word))
}
