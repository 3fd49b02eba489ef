//! What a schema says of a key, in words.

use configcheck_checks::{Context, Policy};
use configcheck_core::Snapshot;
use configcheck_core::display::{Shown, escaped};
use configcheck_core::schema::{FieldSpec, Key, Schema, Sensitivity, TypeSpec};

use crate::schemas::Found;

/// What a schema says of a key.
#[derive(Debug)]
pub(super) struct Declaration {
    /// The variable.
    pub(super) variable: String,
    /// Where it is declared.
    pub(super) place: String,
    /// What it is for.
    pub(super) doc: String,
    /// What is said of it, each with a word for it; the words are the same on every run.
    pub(super) facts: Vec<(&'static str, String)>,
}

impl Declaration {
    /// What a schema says of one of its keys.
    pub(super) fn of(found: &Found, path: &str, index: usize) -> Self {
        let schema = &found.schema;
        let key = &schema.keys()[index];
        let spec = key.spec;
        let mut facts = Facts(Vec::new());
        facts.add("type", &type_words(schema, index));
        facts.add("required", &required(schema, key));
        facts.add("secret", secret(spec));
        facts.add_if("default", defaults(spec));
        facts.add_names("no default in", spec.forbid_default_in);
        if !spec.hides_value() {
            facts.add_if("example", spec.example.map(quoted));
        }
        for constraint in spec.constraints {
            facts.add("must be", &constraint.expectation());
        }
        facts.add_names("also called", spec.aliases);
        facts.add("config files", &key.file_path);
        facts.add_names("reference", spec.from);
        let siblings = |fields: &[&str]| -> Vec<String> {
            let keys = fields.iter().filter_map(|field| schema.sibling_of(index, field));
            keys.map(|key| schema.keys()[key].variable.to_string()).collect()
        };
        facts.add_names("needs", &siblings(spec.requires));
        facts.add_names("excludes", &siblings(spec.conflicts));
        facts.add_if("one of", spec.one_of.map(|group| one_of(schema, key, group)));
        if matches!(spec.type_spec, TypeSpec::List(_) | TypeSpec::Map(..)) {
            facts.add("separator", &format!("\"{}\" stands between the items", spec.separator));
        }
        if spec.allow_empty {
            facts.add("empty", "an empty value counts as one");
        }
        if spec.live {
            facts.add("live", "a running service may take a new value");
        }
        facts.add_if("deprecated", deprecated(spec));
        for guess in spec.guesses {
            facts.add("guessed", &format!("{}: {}", guess.aspect.name(), guess.reason));
        }
        let place = found.places.get(index).filter(|place| place.line > 0);
        let place = place.map_or_else(|| path.to_owned(), |place| format!("{path}:{}:{}", place.line, place.column));
        Self { variable: key.variable.to_string(), place, doc: spec.doc.to_owned(), facts: facts.0 }
    }
}

/// What is said of a key. What the author of a schema wrote is escaped here.
struct Facts(Vec<(&'static str, String)>);

impl Facts {
    fn add(&mut self, word: &'static str, text: &str) {
        self.0.push((word, escaped(text).into_owned()));
    }

    fn add_if(&mut self, word: &'static str, text: Option<String>) {
        if let Some(text) = text {
            self.add(word, &text);
        }
    }

    fn add_names(&mut self, word: &'static str, names: &[impl AsRef<str>]) {
        if !names.is_empty() {
            self.add(word, &names.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", "));
        }
    }
}

/// The type as findings call it; the environments of the schema's own are named with the others.
fn type_words(schema: &Schema, index: usize) -> String {
    let (snapshot, policy) = (Snapshot::new(schema.keys().len()), Policy::new());
    let context = Context::new(schema, &snapshot, &policy);
    context.expectation(&context.key(index))
}

fn required(schema: &Schema, key: &Key) -> String {
    let spec = key.spec;
    let own = match (spec.optional, spec.required_in) {
        (false, _) if spec.defaults.iter().any(|default| default.environments.is_empty()) => "no, it has a default".to_owned(),
        (false, _) => "yes".to_owned(),
        (true, []) => "no".to_owned(),
        (true, environments) => format!("in {}", environments.join(", ")),
    };
    match key.group {
        Some(group) if own != "no" => {
            format!("{own}, as soon as another key of {} is set", schema.groups()[usize::from(group)].path)
        }
        _ => own,
    }
}

const fn secret(spec: &FieldSpec) -> &'static str {
    match spec.sensitivity {
        Sensitivity::Secret => "yes",
        Sensitivity::Plain => "no",
        Sensitivity::Public => "no, it is declared public",
        Sensitivity::Hidden => "not known, so nothing of its value is shown",
    }
}

fn defaults(spec: &FieldSpec) -> Option<String> {
    let words = spec.defaults.iter().map(|default| {
        let text = if spec.hides_value() { "one that is not shown".to_owned() } else { quoted(default.text) };
        if default.environments.is_empty() { text } else { format!("{text} in {}", default.environments.join(", ")) }
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// A value that may be shown, with marks that show where it ends.
pub(super) fn quoted(text: &str) -> String {
    if text.is_empty() { "an empty text".to_owned() } else { format!("`{}`", Shown::of(text).as_str()) }
}

fn one_of(schema: &Schema, key: &Key, group: &str) -> String {
    let parent = |path: &str| path.rsplit_once('.').map_or(String::new(), |(parent, _)| parent.to_owned());
    let is_in = |other: &&Key| other.spec.one_of == Some(group) && parent(&other.path) == parent(&key.path);
    let names: Vec<&str> = schema.keys().iter().filter(is_in).map(|other| &*other.variable).collect();
    format!("exactly one of {} must be set", names.join(", "))
}

fn deprecated(spec: &FieldSpec) -> Option<String> {
    let deprecated = spec.deprecated?;
    let since = deprecated.since.map_or_else(|| "yes".to_owned(), |since| format!("since {since}"));
    Some(deprecated.note.map_or_else(|| since.clone(), |note| format!("{since}: {note}")))
}
