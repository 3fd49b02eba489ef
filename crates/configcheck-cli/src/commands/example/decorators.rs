//! Decorators of env-spec in a comment, `# @required @type=url`, and whether they contradict a schema.

use std::ops::Range;

use configcheck_core::constraint::Check;
use configcheck_core::Schema;
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
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ' ' | '\t') if depth == 0 => return at,
            (None, _) => {}
        }
    }
    word.len()
}

/// What the decorators of a key say that the schema does not. Nothing is demanded of a key without any.
pub(super) fn contradictions(schema: &Schema, key: &Key, decorators: &[Decorator<'_>], has_rules: bool) -> Vec<Contradiction> {
    let spec = key.spec;
    let words = configcheck_core::example::decorators(schema, key);
    let wanted = |name: &str| self::decorators(&format!("# {words}"), 0, 0).iter().find(|word| word.name == name).map(written);
    let is_required = wanted("required").is_some();
    let mut found = Vec::new();
    let mut contradict = |decorator: &Decorator<'_>, wanted: String| {
        found.push(Contradiction { said: said(decorator), wanted, line: decorator.line, bytes: decorator.bytes.clone() });
    };
    for decorator in decorators {
        match (decorator.name, truth(decorator.value)) {
            ("required" | "optional", Some(said)) => {
                let says_required = said == (decorator.name == "required");
                if says_required != is_required {
                    contradict(decorator, if is_required { "@required" } else { "@optional" }.to_owned());
                }
            }
            ("sensitive" | "public", Some(said)) => {
                let says_secret = said == (decorator.name == "sensitive");
                if says_secret != spec.is_secret() && (spec.is_secret() || !spec.hides_value()) {
                    contradict(decorator, if spec.is_secret() { "@sensitive".to_owned() } else { String::new() });
                }
            }
            ("type", _) if !fits(decorator.value.unwrap_or_default(), spec) => contradict(decorator, wanted("type").unwrap_or_default()),
            _ => {}
        }
    }
    let says_secrecy = decorators.iter().any(|decorator| matches!(decorator.name, "sensitive" | "public"));
    let ours = decorators.iter().rfind(|decorator| matches!(decorator.name, "required" | "optional" | "type"));
    if let Some(last) = ours.filter(|_| spec.is_secret() && !says_secrecy && !has_rules) {
        let bytes = last.bytes.end..last.bytes.end;
        found.push(Contradiction { said: "no @sensitive".to_owned(), wanted: " @sensitive".to_owned(), line: last.line, bytes });
    }
    found
}

fn written(decorator: &Decorator<'_>) -> String {
    decorator.value.map_or_else(|| format!("@{}", decorator.name), |value| format!("@{}={value}", decorator.name))
}

/// The same for a message. A value is repeated only where it is a word of env-spec: anything may stand there.
fn said(decorator: &Decorator<'_>) -> String {
    match decorator.value {
        Some(value) if !WORDS.contains(&value) => format!("a @{} of its own", decorator.name),
        _ => written(decorator),
    }
}

/// The values of decorators that are words of env-spec.
const WORDS: [&str; 13] =
    ["true", "false", "string", "number", "integer", "int", "float", "port", "boolean", "bool", "url", "email", "enum"];

/// Whether a decorator without a value, or with `true` or `false`, holds; `None` for a condition such as `forEnv(production)`.
fn truth(value: Option<&str>) -> Option<bool> {
    match value {
        None | Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => None,
    }
}

/// Whether a type of env-spec can be that of a field. Of types that only env-spec knows, nothing is said.
fn fits(said: &str, spec: &FieldSpec) -> bool {
    let name = said.split_once('(').map_or(said, |(name, _)| name).trim();
    let has = |wanted: Check| spec.constraints.iter().any(|constraint| constraint.check == wanted);
    match (name, spec.type_spec) {
        ("number" | "integer" | "int" | "float" | "port", of) => matches!(of, TypeSpec::Integer { .. } | TypeSpec::Float | TypeSpec::Other),
        ("boolean" | "bool", of) => matches!(of, TypeSpec::Bool | TypeSpec::Other),
        ("url", of) => matches!(of, TypeSpec::Url | TypeSpec::Other) || has(Check::Url),
        ("enum", TypeSpec::Choice(words)) => enum_words(said).is_some_and(|said| same_words(&said, words)),
        ("enum", TypeSpec::Environment | TypeSpec::Other) => true,
        ("enum", TypeSpec::Bool) => enum_words(said).is_some_and(|said| same_words(&said, &["true", "false"])),
        ("enum", _) => false,
        ("email", of) => matches!(of, TypeSpec::Text | TypeSpec::Other),
        (_, TypeSpec::Integer { .. } | TypeSpec::Float | TypeSpec::Bool | TypeSpec::Choice(_) | TypeSpec::Url) => false,
        _ => true,
    }
}

/// The words of `enum(a, "b c")`.
fn enum_words(said: &str) -> Option<Vec<&str>> {
    let words = said.split_once('(')?.1.trim_end().strip_suffix(')')?;
    Some(words.split(',').map(|word| word.trim().trim_matches(['"', '\'', '`'])).filter(|word| !word.is_empty()).collect())
}

fn same_words(said: &[&str], wanted: &[&str]) -> bool {
    said.len() == wanted.len() && wanted.iter().all(|word| said.contains(word))
}
