//! What a rule may see: the schema, the snapshot, and text only where it may be shown.

use std::borrow::Cow;

use configcheck_core::display::{Shown, escaped, mask_userinfo};
use configcheck_core::environment::Environment;
use configcheck_core::origin::{Layer, Origin, SourceKind};
use configcheck_core::schema::{Key, Schema, TypeSpec};
use configcheck_core::snapshot::{Entry, Resolved, SetAs, Slot, Snapshot};
use configcheck_core::suggest::nearest;
use configcheck_core::value::RawValue;
use configcheck_core::{Diagnostic, Place, RuleInfo};

use crate::policy::{Level, Policy};
use crate::rules::by_name;

pub(crate) mod address;
mod literal;
mod marks;
pub(crate) mod placeholder;
pub(crate) mod slip;

pub(crate) use marks::Marks;

/// What may be meant by a text that is no environment.
const ENVIRONMENTS: [&str; 7] = ["development", "test", "staging", "production", "dev", "stage", "prod"];

/// What a rule may see.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    schema: &'a Schema,
    snapshot: &'a Snapshot,
    policy: &'a Policy,
    marks: Marks,
}

/// A key together with its slot.
#[derive(Clone, Copy, Debug)]
pub struct KeyView<'a> {
    /// Its position in the schema.
    pub index: usize,
    /// What is declared.
    pub key: &'a Key,
    /// What the sources held.
    pub slot: &'a Slot,
}

impl<'a> KeyView<'a> {
    /// Its values, those that are hidden too, lowest layer first.
    pub fn entries(&self) -> impl Iterator<Item = &'a Entry> + use<'a> {
        self.slot.shadowed().iter().chain(&self.slot.winner)
    }

    /// The name under which one of its values was set.
    pub fn name(&self, set_as: SetAs) -> Cow<'a, str> {
        match set_as {
            SetAs::Alias(alias) => Cow::Borrowed(self.key.spec.aliases[usize::from(alias)]),
            SetAs::FileVariable => Cow::Owned(format!("{}_FILE", self.key.variable)),
            SetAs::Name => Cow::Borrowed(&self.key.variable),
            SetAs::Path => Cow::Borrowed(&self.key.file_path),
        }
    }

    /// Every name under which it can be set: the variable, its aliases, the path in config files.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let key = self.key;
        std::iter::once(&*key.variable).chain(key.spec.aliases.iter().copied()).chain(std::iter::once(&*key.file_path))
    }

    /// Whether its variable is this word, or ends in it behind an underscore; letters of either case alike.
    pub fn ends_in(&self, word: &str) -> bool {
        let (name, word) = (self.key.variable.as_bytes(), word.as_bytes());
        name.len()
            .checked_sub(word.len())
            .is_some_and(|start| name[start..].eq_ignore_ascii_case(word) && start.checked_sub(1).is_none_or(|before| name[before] == b'_'))
    }

    /// A value that shows the form, when it may be shown: of a key that nobody classified it may be somebody's own.
    pub fn example(&self) -> Option<Cow<'static, str>> {
        self.key.spec.shown_example()
    }

    /// Whether the text that decides satisfies a condition; of a list, whether one of its items does.
    pub fn any_item(&self, condition: impl Fn(&str) -> bool) -> bool {
        let spec = self.key.spec;
        match spec.type_spec {
            TypeSpec::List(_) => self.slot.satisfies(|text| text.split(spec.separator).any(|item| condition(item.trim_matches(' ')))),
            _ => self.slot.satisfies(condition),
        }
    }
}

impl<'a> Context<'a> {
    /// A schema, what the sources held for it, and what the team decided about the rules.
    pub fn new(schema: &'a Schema, snapshot: &'a Snapshot, policy: &'a Policy) -> Self {
        Self { schema, snapshot, policy, marks: Marks::of(schema, snapshot) }
    }

    /// The schema.
    pub fn schema(&self) -> &'a Schema {
        self.schema
    }

    /// The snapshot.
    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// What the team decided about the rules.
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// Whether at least one key shows one of these things.
    pub fn saw(&self, marks: Marks) -> bool {
        self.marks.any_of(marks)
    }

    /// The environment, when it is known.
    pub fn environment(&self) -> Option<&'a Environment> {
        self.snapshot.environment.as_ref()
    }

    /// The environment by its name, for a sentence: "production", or "this environment" when it is not known.
    pub fn environment_name(&self) -> &'a str {
        self.environment().map_or("this environment", Environment::name)
    }

    /// Whether this is staging or production.
    pub fn is_deployed(&self) -> bool {
        self.environment().is_some_and(|environment| environment.kind().is_deployed())
    }

    /// Whether this is production.
    pub fn is_production(&self) -> bool {
        self.environment().is_some_and(Environment::is_production)
    }

    /// Whether `.env` files are read here: where they usually are, and where one of them was. They are looked into elsewhere too, to say
    /// what stands in them, so that a source of this kind alone means nothing.
    pub fn reads_dotenv(&self) -> bool {
        self.environment().is_none_or(|environment| environment.kind().reads_dotenv())
            || (0..self.schema.keys().len()).any(|index| self.key(index).entries().any(|entry| entry.layer == Layer::Dotenv))
    }

    /// The keys in the order of the struct; those of an optional struct that is absent as a whole are left out.
    pub fn keys(&self) -> impl Iterator<Item = KeyView<'a>> + use<'a> {
        let this = *self;
        (0..self.schema.keys().len()).map(move |index| this.key(index)).filter(move |view| this.is_active(view))
    }

    /// One key.
    pub fn key(&self, index: usize) -> KeyView<'a> {
        KeyView { index, key: &self.schema.keys()[index], slot: &self.snapshot.slots[index] }
    }

    /// The active keys of the same struct that satisfy a condition.
    pub fn siblings(&self, view: &KeyView<'a>) -> impl Iterator<Item = KeyView<'a>> + use<'a> {
        let parent = parent(&view.key.path);
        self.keys().filter(move |other| self::parent(&other.key.path) == parent)
    }

    /// The field of the same struct with this name.
    pub fn sibling(&self, view: &KeyView<'a>, field: &str) -> Option<KeyView<'a>> {
        self.siblings(view).find(|other| other.key.spec.field == field)
    }

    /// Whether a value is demanded here and none is there. A key that may well have one as soon as the environment is known lacks
    /// nothing: the environment is what is missing then. Neither does a key whose reference nobody fetched.
    pub fn lacks_value(&self, view: &KeyView<'_>) -> bool {
        view.slot.winner.is_none()
            && !view.slot.is_elsewhere()
            && view.key.spec.is_required_in(self.environment())
            && !(view.key.spec.type_spec == TypeSpec::Environment && self.environment().is_some())
            && !self.waits_for_environment(view)
    }

    /// Whether a source of this key could not be read, so that a finding says why it has no value of its own.
    pub fn has_problem(&self, view: &KeyView<'_>) -> bool {
        self.snapshot.problems.iter().any(|problem| problem.key == Some(view.index)) && self.runs("unreadable-source")
    }

    /// Whether a source is under version control and holds the deciding value of this secret, so that a finding says so.
    pub fn has_tracked_secret(&self, view: &KeyView<'_>) -> bool {
        let is_tracked = |origin: Origin| self.snapshot.tracked.contains(&origin.source);
        view.literal().is_some_and(|entry| is_tracked(entry.origin)) && self.runs("git-tracked-secret")
    }

    fn runs(&self, rule: &str) -> bool {
        by_name(rule).is_some_and(|rule| self.policy.level_of(rule.info()) != Some(Level::Off))
    }

    /// Whether a value is demanded, none is there, and the struct of the key is not absent as a whole.
    pub fn is_missing(&self, view: &KeyView<'_>) -> bool {
        self.is_active(view) && self.lacks_value(view)
    }

    /// Whether the environment is not known, a finding says so, and this key depends on it: it has a default or a reference for some
    /// environments, or stands in a `.env` file that only some environments read.
    pub fn waits_for_environment(&self, view: &KeyView<'_>) -> bool {
        let spec = view.key.spec;
        self.environment().is_none()
            && spec.type_spec != TypeSpec::Environment
            && (view.slot.ignored().is_some()
                || spec.defaults.iter().any(|default| !default.environments.is_empty())
                || spec.from.iter().any(|reference| reference.contains("{environment}")))
            && self.demands_environment()
    }

    /// Whether an unknown environment is a finding: where anything depends on it, unless the field for it is an `Option` that nobody set.
    pub fn demands_environment(&self) -> bool {
        match self.schema.environment_key().map(|index| self.key(index)) {
            Some(view) => self.is_active(&view) && (!view.key.spec.optional || view.slot.winner.is_some()),
            None => self.schema.needs_environment(),
        }
    }

    fn is_active(&self, view: &KeyView<'_>) -> bool {
        let mut group = view.key.group;
        while let Some(index) = group {
            let group_of_key = &self.schema.groups()[usize::from(index)];
            if group_of_key.optional && !self.snapshot.sets_any(group_of_key.keys.clone()) {
                return false;
            }
            group = group_of_key.parent;
        }
        true
    }

    /// A finding about a key, with the place of its value and what may be shown of it; what the field expects is left to the rule.
    pub fn finding(&self, rule: &'static RuleInfo, view: &KeyView<'_>, message: impl Into<String>) -> Diagnostic {
        let finding =
            Diagnostic::new(rule, message).about(view.index, view.key.variable.as_ref()).at(self.place(view)).found(self.shown(view));
        match &view.slot.resolved() {
            Some(resolved) if view.slot.winner.is_some() && self.snapshot.source(resolved.origin.source).kind != SourceKind::From => {
                finding.related(self.place_of(resolved.origin, &view.key.variable), "the reference stands here")
            }
            _ => finding,
        }
    }

    /// Where the value that decides stands.
    pub fn place(&self, view: &KeyView<'_>) -> Place {
        let Some(entry) = &view.slot.winner else {
            // The value is elsewhere; what is here is the reference.
            let elsewhere = view.slot.resolved().filter(|_| view.slot.is_elsewhere());
            return elsewhere.map_or(Place::Nowhere, |resolved| self.place_of_reference(resolved, &view.key.variable));
        };
        match view.slot.resolved() {
            Some(Resolved { reference: Some(reference), .. }) if entry.layer != Layer::Default => {
                Place::Reference(Shown::of(reference.as_str()).as_str().to_owned())
            }
            _ => self.place_of_entry(view, entry),
        }
    }

    /// Where a reference stands: at a place of a source, or in the schema, where it is its own place.
    fn place_of_reference(&self, resolved: &Resolved, name: &str) -> Place {
        match &resolved.reference {
            Some(reference) if self.snapshot.source(resolved.origin.source).kind == SourceKind::From => {
                Place::Reference(Shown::of(reference.as_str()).as_str().to_owned())
            }
            _ => self.place_of(resolved.origin, name),
        }
    }

    /// Where one of the values of a key stands.
    pub fn place_of_entry(&self, view: &KeyView<'_>, entry: &Entry) -> Place {
        self.place_of(entry.origin, &view.name(entry.set_as))
    }

    /// An origin as a place; `name` is the variable under which the value was set.
    pub fn place_of(&self, origin: Origin, name: &str) -> Place {
        let source = self.snapshot.source(origin.source);
        match source.kind {
            SourceKind::Environment => Place::Variable(name.to_owned()),
            SourceKind::Default => Place::Schema,
            SourceKind::File | SourceKind::Dotenv | SourceKind::KeyFile | SourceKind::Mounted | SourceKind::Example => Place::File {
                path: source.name.to_string(),
                line: origin.span.map_or(0, |span| span.line),
                column: origin.span.map_or(0, |span| span.column),
                bytes: origin.span.map(|span| (span.start, span.end)),
            },
            _ => Place::Source(source.name.to_string()),
        }
    }

    /// An origin in a sentence: `.env:3`, "the environment".
    pub fn spot(&self, origin: Origin) -> String {
        let source = self.snapshot.source(origin.source);
        let name = escaped(&source.name);
        match origin.span {
            Some(span) => format!("{name}:{}", span.line),
            None => name.into_owned(),
        }
    }

    /// What may be shown of the value that decides: nothing of a secret.
    pub fn shown(&self, view: &KeyView<'_>) -> Option<Shown> {
        self.shown_entry(view, view.slot.winner.as_ref()?)
    }

    /// What may be shown of one of the values of a key.
    pub fn shown_entry(&self, view: &KeyView<'_>, entry: &Entry) -> Option<Shown> {
        let RawValue::Text(text) = &entry.value else { return None };
        let is_hidden = view.key.spec.hides_value() || view.slot.is_made_of_others(entry.origin);
        let text = text.text().filter(|_| !is_hidden)?;
        if view.key.spec.type_spec == TypeSpec::Environment && !self.is_like_environment(text) {
            return None;
        }
        // A dialect that knows no comments takes one for a piece of the value, and anything may stand there.
        match mask_userinfo(text).split_once(" #") {
            Some((value, _)) if self.snapshot.source(entry.origin.source).kind == SourceKind::Dotenv => {
                Some(Shown::of(&format!("{} #…", value.trim_end())))
            }
            _ => Some(Shown::of(text)),
        }
    }

    /// Whether a text is an environment, or a slip of one. Anything else may stand there by mistake.
    fn is_like_environment(&self, text: &str) -> bool {
        Environment::parse(text, self.schema.environments()).is_some() || self.nearest_environment(text).is_some()
    }

    /// The environment that was probably meant.
    pub fn nearest_environment(&self, text: &str) -> Option<&'static str> {
        let own = self.schema.environments().iter().map(|(name, _)| *name);
        nearest(text, ENVIRONMENTS.into_iter().chain(own))
    }

    /// What the field expects, in words.
    pub fn expectation(&self, view: &KeyView<'_>) -> String {
        let spec = view.key.spec;
        if spec.type_spec == TypeSpec::Environment { self.environments() } else { spec.type_spec.expectation(spec.rust_type) }
    }

    /// The environments that there are, in words.
    pub fn environments(&self) -> String {
        let mut words = TypeSpec::Environment.expectation("");
        for (name, _) in self.schema.environments() {
            words = words.replace(" or ", ", ");
            words.push_str(" or ");
            words.push_str(name);
        }
        words
    }

    /// How to set a key, in one sentence.
    pub fn how_to_set(&self, view: &KeyView<'_>) -> String {
        let variable = &view.key.variable;
        let dotenv = if self.reads_dotenv() { " or in .env" } else { "" };
        let file = self.snapshot.sources.iter().find(|source| source.kind == SourceKind::File && source.present);
        let file = file.filter(|_| !view.key.spec.hides_value());
        let file = file.map_or_else(String::new, |file| format!(", as {} in {}", view.key.file_path, escaped(&file.name)));
        format!("set {variable} in the environment{dotenv}{file}, or name a file that holds it: {variable}_FILE=/path")
    }
}

/// The path of the struct that a field is in; empty for the root.
fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

/// Names in a sentence: "A", "A and B", "A, B and C".
pub(crate) fn listed(names: &[&str], last: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}
