//! One key of a `.env.example`: what its decorators say, and what its name, its value and the prose about it suggest.

use std::borrow::Cow;

use configcheck_core::schema::{Aspect, Deprecated, FieldSpec, Guess, Key, Sensitivity, TypeSpec, VariableName};
use configcheck_core::{Environment, EnvironmentKind};

use super::decorators::{Decorator, DecoratorValue};
use super::header::{DefaultRequired, DefaultSensitive, Header, unknown, without_effect};
use super::known::{Belongs, known};
use super::lines::Entry;
use super::prose::{self, Demand};
use super::value::Value;
use super::{names, types};
use crate::Note;
use crate::text::{leak, leak_all};

/// Names of environments that files without decorators use, where frameworks other than ours read them.
pub(super) const ENVIRONMENTS: &[(&str, EnvironmentKind)] = &[("local", EnvironmentKind::Development), ("testing", EnvironmentKind::Test)];

/// What stands above a key: its comment, decorators taken out, and the section that it is in.
#[derive(Clone, Debug, Default)]
pub(super) struct Above {
    /// Lines of prose.
    pub(super) prose: Vec<String>,
    /// Decorators with their lines.
    pub(super) decorators: Vec<(u32, Decorator)>,
    /// What the heading of the section demands, with the heading.
    pub(super) section: Option<(Demand, String)>,
}

/// What the decorators of a key say.
#[derive(Default)]
struct Said {
    required: Option<bool>,
    required_in: Vec<&'static str>,
    sensitive: Option<bool>,
    kind: Option<types::Declared>,
    example: Option<String>,
    deprecated: Option<Deprecated>,
    /// Whether the decorators say whether the key is deprecated.
    says_deprecated: bool,
    links: Vec<String>,
}

/// Makes the key; `path` is its name as a field.
pub(super) fn make(entry: &Entry, above: &Above, header: &Header, path: String, notes: &mut Vec<Note>) -> Key {
    let said = read_decorators(entry, above, notes);
    let value = if names::is_computed(&entry.value) { "" } else { entry.value.as_str() };
    let prose =
        std::iter::once(joined(&above.prose)).chain(entry.comment.clone()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    let mut guesses = Vec::new();
    let optional = !is_required(entry, above, header, &said, &prose, &mut guesses);
    let type_spec = type_of(entry, header, &said, &prose, value, &mut guesses);
    let type_spec = environment_type(entry, header, said.kind.is_none(), type_spec, notes);
    if entry.key == header.environment && said.kind.is_none() && type_spec == TypeSpec::Text {
        guesses.push(Guess { aspect: Aspect::Type, reason: "no decorator says which key chooses the environment" });
    }
    let sensitivity = sensitivity(entry, header, &said, &prose, &type_spec, &mut guesses);
    let mut deprecated = said.deprecated;
    if !said.says_deprecated && prose::is_deprecated(&prose) {
        guesses.push(Guess { aspect: Aspect::Deprecated, reason: "the comment says deprecated" });
        deprecated = Some(Deprecated { since: None, note: None });
    }
    // A value that its author marked as a secret may be one.
    let shown = Some(value).filter(|value| !value.is_empty() && said.sensitive != Some(true));
    let example = said.example.or_else(|| shown.map(ToOwned::to_owned));
    let doc = std::iter::once(prose).filter(|text| !text.is_empty()).chain(said.links).collect::<Vec<_>>().join("\n");
    let field = leak(path);
    let variable = leak(entry.key.clone());
    let kind = said.kind;
    let spec = FieldSpec {
        field,
        file_key: field,
        variable: VariableName::Exact(variable),
        doc: leak(doc),
        rust_type: types::rust_type(&type_spec),
        type_spec,
        sensitivity,
        optional,
        example: example.map(leak),
        deprecated,
        required_in: leak_all(said.required_in),
        separator: kind.as_ref().and_then(|kind| kind.separator).unwrap_or(FieldSpec::PLAIN.separator),
        constraints: leak_all(kind.map(|kind| kind.constraints).unwrap_or_default()),
        guesses: leak_all(guesses),
        ..FieldSpec::PLAIN
    };
    Key {
        variable: Cow::Borrowed(variable),
        path: Cow::Borrowed(field),
        file_path: Cow::Borrowed(field),
        group: None,
        spec: Box::leak(Box::new(spec)),
    }
}

/// Lines of prose without the empty ones at their ends, and one where several stand together.
fn joined(prose: &[String]) -> String {
    let mut text = String::new();
    for line in prose.iter().map(|line| line.trim_end()) {
        if !(line.is_empty() && (text.is_empty() || text.ends_with("\n\n"))) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.trim_end().to_owned()
}

fn read_decorators(entry: &Entry, above: &Above, notes: &mut Vec<Note>) -> Said {
    let mut said = Said::default();
    let mut seen: Vec<&str> = Vec::new();
    for (line, decorator) in &above.decorators {
        let name = decorator.name.as_str();
        let mut note = |message: String| notes.push(Note { line: *line, message });
        let Some(known) = known(name).filter(|_| decorator.value != DecoratorValue::Broken) else {
            note(unknown(name));
            continue;
        };
        if known.belongs == Belongs::Header {
            note(format!("@{name} belongs into the header, before the first key and a blank line"));
            continue;
        }
        if !matches!(decorator.value, DecoratorValue::Call(_)) && seen.contains(&name) {
            note(format!("@{name} stands twice; the first counts"));
            continue;
        }
        seen.push(name);
        if name == "proxy" && matches!(decorator.value, DecoratorValue::Call(_)) {
            said.sensitive = said.sensitive.or(Some(true));
        }
        if !known.has_effect {
            note(without_effect(name, known.what));
        } else if !said.take(decorator, entry, &mut note) {
            note(format!("the value of @{name} is none that can be read here"));
        }
    }
    said
}

impl Said {
    /// Takes a decorator in, unless its value is none that is known.
    fn take(&mut self, decorator: &Decorator, entry: &Entry, note: &mut impl FnMut(String)) -> bool {
        match decorator.name.as_str() {
            "required" => match (decorator.flag(), &decorator.value) {
                (Some(flag), _) => self.required = Some(flag),
                (None, DecoratorValue::Is(Value::Call(function, arguments))) if function == "forEnv" => {
                    self.required = Some(false);
                    let names = arguments.iter().filter_map(|argument| argument.value.text());
                    self.required_in = names.filter_map(|name| environment(name, note)).collect();
                }
                _ => return false,
            },
            "optional" => match decorator.flag() {
                Some(flag) => self.required = Some(!flag),
                None => return false,
            },
            "public" => match decorator.flag() {
                Some(flag) => self.sensitive = Some(!flag),
                None => return false,
            },
            "sensitive" => match (decorator.flag(), &decorator.value) {
                (Some(flag), _) => self.sensitive = Some(flag),
                // What is a secret in one environment is one in all.
                (None, DecoratorValue::Is(object @ Value::Object(_))) => {
                    self.sensitive = Some(object.member("enabled").and_then(Value::bool) != Some(false));
                }
                (None, DecoratorValue::Is(Value::Call(..))) => self.sensitive = Some(true),
                _ => return false,
            },
            "type" => {
                let DecoratorValue::Is(value) = &decorator.value else { return false };
                let Some(mut kind) = types::read(value, &entry.value) else { return false };
                kind.unsupported.drain(..).for_each(&mut *note);
                self.kind = Some(kind);
            }
            "example" => match decorator.text() {
                Some(text) => self.example = Some(text.to_owned()),
                None => return false,
            },
            "deprecated" => {
                self.says_deprecated = true;
                self.deprecated = match (decorator.flag(), decorator.text()) {
                    (Some(false), _) => None,
                    (Some(true), _) => Some(Deprecated { since: None, note: None }),
                    (None, Some(text)) => Some(deprecated(text)),
                    (None, None) => return false,
                };
            }
            "docs" | "docsUrl" => {
                let said = match &decorator.value {
                    DecoratorValue::Call(arguments) => arguments.iter().filter_map(|argument| argument.value.text()).collect::<Vec<_>>(),
                    _ => decorator.text().into_iter().collect(),
                };
                match said[..] {
                    [url] => self.links.push(format!("See {url}")),
                    [what, url] => self.links.push(format!("{what}: {url}")),
                    _ => return false,
                }
            }
            _ => return false,
        }
        true
    }
}

/// An environment by its canonical name.
fn environment(name: &str, note: &mut impl FnMut(String)) -> Option<&'static str> {
    let environment = Environment::parse(name, &[]);
    if environment.is_none() {
        note("an environment that @required names is none that configcheck knows: development, test, staging, production".into());
    }
    environment.map(|environment| environment.kind().name())
}

/// A note, with the release in front of it: `since 2.0: use B`.
fn deprecated(text: &str) -> Deprecated {
    match text.strip_prefix("since ").map(|text| text.split_once(": ").map_or((text, None), |(since, note)| (since, Some(note)))) {
        Some((since, note)) if !since.contains(' ') => {
            Deprecated { since: Some(leak(since.to_owned())), note: note.map(|note| leak(note.to_owned())) }
        }
        _ => Deprecated { since: None, note: Some(leak(text.to_owned())) },
    }
}

fn is_required(entry: &Entry, above: &Above, header: &Header, said: &Said, prose: &str, guesses: &mut Vec<Guess>) -> bool {
    let has_value = !entry.commented && !entry.value.is_empty();
    if let Some(required) = said.required {
        return required;
    }
    if header.is_used {
        return match header.required {
            DefaultRequired::Yes => !entry.commented,
            DefaultRequired::No => false,
            DefaultRequired::Infer => has_value,
        };
    }
    let direct = prose::demand(prose).map(|(demand, word)| (demand, format!("the comment says \"{word}\"")));
    // What is commented out stays optional in a section of required ones.
    let section = above.section.as_ref().filter(|(demand, _)| !entry.commented || *demand == Demand::Optional);
    let section = section.map(|(demand, heading)| (*demand, format!("its section is headed \"{heading}\"")));
    match direct.or(section) {
        Some((demand, reason)) if (demand == Demand::Required) != has_value => {
            guesses.push(Guess { aspect: Aspect::Required, reason: leak(reason) });
            demand == Demand::Required
        }
        _ => has_value,
    }
}

fn type_of(entry: &Entry, header: &Header, said: &Said, prose: &str, value: &str, guesses: &mut Vec<Guess>) -> TypeSpec {
    if let Some(kind) = &said.kind {
        return kind.spec;
    }
    let mut guess = |spec, reason| {
        guesses.push(Guess { aspect: Aspect::Type, reason });
        spec
    };
    // Quotes make a text of a number in env-spec.
    let value = if header.is_used && entry.quoted { "" } else { value };
    if let Some((spec, reason)) = names::type_of(&entry.key, value) {
        return guess(spec, reason);
    }
    match prose::choices(prose, value) {
        Some(words) if words.iter().all(|word| matches!(word.as_str(), "true" | "false")) => {
            guess(TypeSpec::Bool, "the comment says true or false")
        }
        Some(words) => guess(TypeSpec::Choice(leak_all(words.into_iter().map(leak).collect())), "the comment lists its words"),
        None => TypeSpec::Text,
    }
}

/// The key that chooses the environment has its own type when its words are environments.
fn environment_type(entry: &Entry, header: &Header, is_guessed: bool, spec: TypeSpec, notes: &mut Vec<Note>) -> TypeSpec {
    let TypeSpec::Choice(words) = spec else { return spec };
    if entry.key != header.environment {
        return spec;
    }
    let known = if is_guessed { ENVIRONMENTS } else { &[] };
    if words.iter().all(|word| Environment::parse(word, known).is_some()) {
        return TypeSpec::Environment;
    }
    let message = format!("{} allows words that are no environments that configcheck knows, so that nothing depends on it", entry.key);
    notes.push(Note { line: entry.place.line, message });
    spec
}

fn sensitivity(entry: &Entry, header: &Header, said: &Said, prose: &str, spec: &TypeSpec, guesses: &mut Vec<Guess>) -> Sensitivity {
    match said.sensitive {
        Some(true) => return Sensitivity::Secret,
        Some(false) => return Sensitivity::Public,
        None => {}
    }
    if header.is_used {
        match &header.sensitive {
            DefaultSensitive::No => return Sensitivity::Plain,
            DefaultSensitive::ButPrefix(prefix) if entry.key.starts_with(prefix.as_str()) => return Sensitivity::Plain,
            DefaultSensitive::Yes | DefaultSensitive::ButPrefix(_) => {}
        }
    }
    let is_shown = matches!(spec, TypeSpec::Bool | TypeSpec::Choice(_) | TypeSpec::Environment);
    let reason = if is_shown {
        None
    } else {
        let generated = || prose::generator(prose).map(|command| format!("the comment names a generator: {command}"));
        let in_url = || names::holds_password(&entry.value).then(|| "its example is a URL with a password".to_owned());
        let is_key = || names::is_private_key(&entry.value).then(|| "its example is a private key".to_owned());
        names::secret(&entry.key).or_else(generated).or_else(in_url).or_else(is_key)
    };
    if let Some(reason) = reason {
        guesses.push(Guess { aspect: Aspect::Secret, reason: leak(reason) });
        return Sensitivity::Secret;
    }
    let is_plain = !header.is_used && (is_shown || matches!(spec, TypeSpec::Integer { .. } | TypeSpec::Float | TypeSpec::Duration));
    if is_plain { Sensitivity::Plain } else { Sensitivity::Hidden }
}
