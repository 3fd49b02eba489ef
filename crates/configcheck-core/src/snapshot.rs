//! What the sources held for a schema at one moment: a slot for each key, and what was wrong with the sources themselves.

use std::borrow::Cow;
use std::fmt;

use crate::environment::Environment;
use crate::from_value::Mismatch;
use crate::origin::{Layer, Origin, SourceId, SourceInfo, SourceKind};
use crate::provider::OutcomeKind;
use crate::reference::SecretRef;
use crate::schema::NamedKey;
use crate::value::RawValue;

/// Under which of its names a key was set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SetAs {
    /// Its own name.
    #[default]
    Name,
    /// The alias with this number.
    Alias(u16),
    /// `KEY_FILE`.
    FileVariable,
    /// Its path in a config file.
    Path,
}

impl SetAs {
    /// The name under which a schema found a key.
    pub fn of(named: NamedKey) -> Self {
        // A schema has fewer than 65,535 names, so every alias has its number.
        named.alias.map_or(Self::Name, |alias| Self::Alias(u16::try_from(alias).unwrap_or(u16::MAX)))
    }
}

/// A value that a source held for a key.
#[derive(Debug)]
pub struct Entry {
    /// The value.
    pub value: RawValue,
    /// Where it came from.
    pub origin: Origin,
    /// The layer, which decides who wins.
    pub layer: Layer,
    /// The name under which it was set.
    pub set_as: SetAs,
}

/// What became of a reference to a secret manager.
#[derive(Debug)]
pub struct Resolved {
    /// The reference; `None` when it is not well formed, since it may then be anything.
    pub reference: Option<SecretRef>,
    /// Where the reference itself stood.
    pub origin: Origin,
    /// What the provider said.
    pub outcome: OutcomeKind,
    /// What may be said of it: never a value, never a foreign error's text.
    pub reason: Option<String>,
    /// What the provider says can be done, the likeliest first.
    pub help: Vec<String>,
}

/// Whether the text became a value of the field's type.
#[derive(Debug, Default)]
pub enum Verdict {
    /// Nothing to check, or not checked yet.
    #[default]
    Unchecked,
    /// It did.
    Accepted,
    /// It did not.
    Refused(Box<Mismatch>),
}

/// A constraint that a value does not satisfy.
#[derive(Debug)]
pub struct Violation {
    /// Which of the field's constraints.
    pub constraint: usize,
    /// What the service's own function said, for a field that is no secret.
    pub message: Option<String>,
}

/// What is known of one key. Most keys have a value and nothing else, so all else stands behind one pointer.
#[derive(Debug, Default)]
pub struct Slot {
    /// The value that decides.
    pub winner: Option<Entry>,
    /// Whether the value has the field's type.
    pub verdict: Verdict,
    more: Option<Box<More>>,
}

/// What is known of a key beyond its value.
#[derive(Debug, Default)]
pub struct More {
    /// Values that the deciding one hides, lowest layer first.
    pub shadowed: Vec<Entry>,
    /// The last place where the key was set to nothing.
    pub empty: Option<Origin>,
    /// A `.env` file that sets the key in an environment where `.env` files are not read.
    pub ignored: Option<Origin>,
    /// What became of the reference that stood for the value.
    pub resolved: Option<Resolved>,
    /// Constraints that the value does not satisfy.
    pub violations: Vec<Violation>,
    /// Where values stand that other variables were put into: a secret may be among these, whatever the key itself is.
    pub made_of_others: Vec<Origin>,
}

impl Slot {
    /// Values that the deciding one hides, lowest layer first.
    pub fn shadowed(&self) -> &[Entry] {
        self.more.as_ref().map_or(&[], |more| &more.shadowed)
    }

    /// The last place where the key was set to nothing.
    pub fn empty(&self) -> Option<Origin> {
        self.more.as_ref().and_then(|more| more.empty)
    }

    /// A `.env` file that sets the key in an environment where `.env` files are not read.
    pub fn ignored(&self) -> Option<Origin> {
        self.more.as_ref().and_then(|more| more.ignored)
    }

    /// What became of the reference that stood for the value.
    pub fn resolved(&self) -> Option<&Resolved> {
        self.more.as_ref().and_then(|more| more.resolved.as_ref())
    }

    /// Constraints that the value does not satisfy.
    pub fn violations(&self) -> &[Violation] {
        self.more.as_ref().map_or(&[], |more| &more.violations)
    }

    /// Whether other variables were put into the value with this origin, so that nothing of it may be shown.
    pub fn is_made_of_others(&self, origin: Origin) -> bool {
        self.more.as_ref().is_some_and(|more| more.made_of_others.contains(&origin))
    }

    /// Whether other variables were put into any of the key's values.
    pub fn has_any_made_of_others(&self) -> bool {
        self.more.as_ref().is_some_and(|more| !more.made_of_others.is_empty())
    }

    /// Whether other variables were put into the value that decides.
    pub fn is_winner_made_of_others(&self) -> bool {
        self.winner.as_ref().is_some_and(|entry| self.is_made_of_others(entry.origin))
    }

    /// Whether nothing is known but the value.
    pub fn is_plain(&self) -> bool {
        self.more.is_none()
    }

    /// What is known beyond the value, to be added to.
    pub fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// Puts a value into its place among those of the other layers; of two in one layer the later wins.
    pub fn put(&mut self, entry: Entry) {
        match &mut self.winner {
            None => self.winner = Some(entry),
            Some(winner) if entry.layer >= winner.layer => {
                let hidden = std::mem::replace(winner, entry);
                self.more().shadowed.push(hidden);
            }
            Some(_) => {
                let shadowed = &mut self.more().shadowed;
                let at = shadowed.partition_point(|other| other.layer <= entry.layer);
                shadowed.insert(at, entry);
            }
        }
    }

    /// Whether the text that decides satisfies a condition. The text itself is not handed out, so that no rule can print it.
    pub fn satisfies(&self, condition: impl Fn(&str) -> bool) -> bool {
        match self.winner.as_ref().map(|entry| &entry.value) {
            Some(RawValue::Text(text)) => text.text().is_some_and(condition),
            Some(RawValue::List(items)) => {
                items.iter().any(|item| matches!(item, RawValue::Text(text) if text.text().is_some_and(&condition)))
            }
            _ => false,
        }
    }

    /// Whether a source other than the schema's defaults set the key, be it to a reference that nobody fetched.
    pub fn is_set(&self) -> bool {
        self.winner.as_ref().is_some_and(|entry| entry.layer != Layer::Default) || self.is_elsewhere()
    }

    /// Whether a reference says where the value is, and nobody fetched it.
    pub fn is_elsewhere(&self) -> bool {
        self.resolved().is_some_and(|resolved| resolved.outcome == OutcomeKind::NotFetched)
    }

    /// The layer that decides.
    pub fn layer(&self) -> Option<Layer> {
        self.winner.as_ref().map(|entry| entry.layer)
    }

    /// Where the value that decides came from.
    pub fn origin(&self) -> Option<Origin> {
        self.winner.as_ref().map(|entry| entry.origin)
    }
}

/// A key that a source held and the schema does not know. Its name is kept only where it cannot be a mistyped secret.
#[derive(Clone, Debug)]
pub struct UnknownKey {
    /// The name, when it has the form of a name.
    pub name: Option<String>,
    /// Where it stands.
    pub origin: Origin,
}

/// A key that stands twice in one source.
#[derive(Clone, Debug)]
pub struct Duplicate {
    /// The key, when it is declared.
    pub key: Option<usize>,
    /// Its name, when it is not declared and may be shown.
    pub name: Option<String>,
    /// The earlier place.
    pub first: Origin,
    /// The later place, which decides.
    pub second: Origin,
    /// Whether both hold the same.
    pub same_value: bool,
}

/// A line of a `.env` file of which other readers of such files make something else.
#[derive(Clone, Debug)]
pub struct Divergence {
    /// The key, when it is declared.
    pub key: Option<usize>,
    /// The name that stands there, when it may be shown.
    pub name: Option<String>,
    /// Where the value stands.
    pub origin: Origin,
    /// What each of the others makes of it, in a fixed order; those that agree are left out.
    pub readings: Vec<DivergentReading>,
}

/// What one reader makes of a line: never the value, only how it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DivergentReading {
    /// The reader: `docker-run`, `node`.
    pub reader: &'static str,
    /// Whether it is a library that services read their `.env` with, as opposed to a tool that sets variables from such a file.
    pub is_library: bool,
    /// How it differs, as a clause: `keeps the quotes`, `cuts the value at the #`.
    pub how: &'static str,
}

/// A key of the `.env.example` that belongs to the schema.
#[derive(Clone, Debug)]
pub struct ExampleKey {
    /// Its name.
    pub name: String,
    /// Where it stands; its line may be commented out.
    pub origin: Origin,
}

/// What was wrong with a source itself.
#[derive(Clone, Debug)]
pub struct SourceProblem {
    /// The source, and the place in it.
    pub origin: Origin,
    /// What is wrong: a sentence of ours, with nothing of the source's text in it.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The key that it concerns, when that is known.
    pub key: Option<usize>,
    /// Under which of the key's names.
    pub set_as: SetAs,
    /// Whether the reader of the source says so and goes on, so that nothing else of it is lost.
    pub goes_on: bool,
}

/// What a check over several fields said.
#[derive(Clone, Debug)]
pub struct StructViolation {
    /// The path of the struct; empty for the root.
    pub path: String,
    /// The first key of the struct, for the order of the report.
    pub first_key: usize,
    /// What is wrong, in the author's words.
    pub message: String,
    /// The author's code.
    pub code: Option<String>,
}

/// A finding that the author of a file has decided to accept, `# configcheck: ignore[rule] reason`.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The file.
    pub source: SourceId,
    /// The line that it is for.
    pub line: u32,
    /// The rules, by name or code.
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
}

/// What the sources held for a schema at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The environment; `None` when it is not known.
    pub environment: Option<Environment>,
    /// Where the environment was found.
    pub environment_origin: Option<Origin>,
    /// The sources in the order in which they were looked at.
    pub sources: Vec<SourceInfo>,
    /// One slot for each key of the schema.
    pub slots: Vec<Slot>,
    /// Keys that the schema does not know.
    pub unknown: Vec<UnknownKey>,
    /// Keys that stand twice in one source.
    pub duplicates: Vec<Duplicate>,
    /// What was wrong with the sources.
    pub problems: Vec<SourceProblem>,
    /// What checks over several fields said.
    pub struct_violations: Vec<StructViolation>,
    /// Findings accepted in the files themselves.
    pub suppressions: Vec<Suppression>,
    /// Names of variables that the schema does not declare, for finding the mistyped one.
    pub foreign: Vec<ForeignName>,
    /// Lines that other readers read differently; only looked for where files are checked.
    pub divergences: Vec<Divergence>,
    /// The keys of the example that stands beside the schema; `None` where there is none to compare with.
    pub example: Option<Vec<ExampleKey>>,
    /// The sources that are files under version control.
    pub tracked: Vec<SourceId>,
    /// The sources that are files to which every user of the machine may write.
    pub writable_by_all: Vec<SourceId>,
}

/// Name of a variable of the environment that the schema does not declare.
pub struct ForeignName(pub std::ffi::OsString);

impl fmt::Debug for ForeignName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForeignName(…)")
    }
}

impl Snapshot {
    /// An empty snapshot for a number of keys. Source 0 is the schema's defaults.
    pub fn new(keys: usize) -> Self {
        let mut snapshot = Self { slots: Vec::with_capacity(keys), ..Self::default() };
        snapshot.slots.resize_with(keys, Slot::default);
        snapshot.add_source(SourceKind::Default, "the default", Layer::Default, true);
        snapshot
    }

    /// Adds a source and gives it its number.
    pub fn add_source(&mut self, kind: SourceKind, name: impl Into<Cow<'static, str>>, layer: Layer, present: bool) -> SourceId {
        let id = SourceId(u16::try_from(self.sources.len()).unwrap_or(u16::MAX));
        self.sources.push(SourceInfo { kind, name: name.into(), layer, present });
        id
    }

    /// A source by its number.
    pub fn source(&self, id: SourceId) -> &SourceInfo {
        &self.sources[usize::from(id.0).min(self.sources.len() - 1)]
    }

    /// Whether anything sets one of the keys; defaults do not count.
    pub fn sets_any(&self, keys: std::ops::Range<usize>) -> bool {
        self.slots[keys].iter().any(Slot::is_set)
    }
}

#[cfg(test)]
mod tests;
