//! Every place that can set a key, in the order of the layers, and what was found there.

use configcheck_checks::Context;
use configcheck_core::Place;
use configcheck_core::display::{Shown, escaped};
use configcheck_core::origin::{Layer, Origin, SourceId, SourceInfo, SourceKind};
use configcheck_core::snapshot::Entry;

/// A place that can set the key.
#[derive(Debug)]
pub(super) struct Row {
    /// The layer, in a word.
    pub(super) layer: &'static str,
    /// Where; `Nowhere` for a layer that was not looked into.
    pub(super) place: Place,
    /// What was found there.
    pub(super) state: State,
    /// The name that stands there, when it is another than the variable.
    pub(super) name: Option<String>,
    /// What may be shown of the value.
    pub(super) shown: Option<Shown>,
}

/// What was found at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The value that decides.
    Wins,
    /// A value of a lower layer than the one that decides.
    Overridden,
    /// An earlier line of a file that sets the key again further down.
    Repeated,
    /// Nothing, which counts as not set.
    Empty,
    /// A file that is not read in this environment sets it.
    Ignored,
    /// It does not set the key.
    Absent,
    /// The schema has none.
    Undeclared,
    /// A default of a struct that is absent as a whole.
    Unused,
    /// Another source sets the key, so that nobody asks.
    NotAsked,
    /// It was looked for and is not there.
    NotThere,
    /// It, or what it says of the key, could not be read.
    Unreadable,
    /// It is not looked into here.
    NotRead,
}

impl State {
    /// The word for it in JSON.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Wins => "wins",
            Self::Overridden => "overridden",
            Self::Repeated => "repeated",
            Self::Empty => "empty",
            Self::Ignored => "ignored",
            Self::Absent => "absent",
            Self::Undeclared => "undeclared",
            Self::Unused => "unused",
            Self::NotAsked => "not-asked",
            Self::NotThere => "not-there",
            Self::Unreadable => "unreadable",
            Self::NotRead => "not-read",
        }
    }
}

/// The places of one key, lowest layer first.
pub(super) fn rows(context: &Context<'_>, index: usize) -> Vec<Row> {
    let walk = Walk { context, index };
    let mut rows = vec![walk.default()];
    rows.extend(walk.references());
    rows.extend(walk.sources(&[SourceKind::File, SourceKind::Provider], "config file", "config files"));
    rows.extend(walk.sources(&[SourceKind::Dotenv], "env file", "env files"));
    rows.extend(walk.sources(&[SourceKind::SecretMap], "secret map", "secret maps"));
    rows.extend(walk.sources(&[SourceKind::Mounted, SourceKind::KeyFile], "mounted file", "mounted files"));
    rows.extend(walk.sources(&[SourceKind::Environment], "environment", "environment"));
    rows
}

struct Walk<'a> {
    context: &'a Context<'a>,
    index: usize,
}

impl Walk<'_> {
    fn default(&self) -> Row {
        let view = self.context.key(self.index);
        let decides = view.slot.layer() == Some(Layer::Default);
        let text = view.key.spec.default_in(self.context.environment());
        let state = match text {
            None => State::Undeclared,
            Some(_) if decides => State::Wins,
            Some(_) => State::Overridden,
        };
        let shown = text.filter(|_| !view.key.spec.hides_value()).map(Shown::of);
        Row { layer: "default", place: Place::Schema, state, name: None, shown }
    }

    /// The references that the field names itself.
    fn references(&self) -> Vec<Row> {
        let view = self.context.key(self.index);
        let resolved = view.slot.resolved();
        let is_asked = resolved.is_some_and(|resolved| self.source(resolved.origin).kind == SourceKind::From);
        let environment = self.context.environment().map_or("{environment}", |environment| environment.name());
        let references = view.key.spec.from.iter().enumerate().map(|(at, reference)| {
            let reference = reference.replace("{environment}", environment).replace("{name}", self.context.schema().name());
            let state = if is_asked && at == 0 { State::Wins } else { State::NotAsked };
            Row { layer: "reference", place: Place::Reference(Shown::of(&reference).as_str().to_owned()), state, name: None, shown: None }
        });
        references.collect()
    }

    /// The sources of some kinds; one row for all of them where none was looked into.
    fn sources(&self, kinds: &[SourceKind], one: &'static str, many: &'static str) -> Vec<Row> {
        let sources = &self.context.snapshot().sources;
        let numbered = sources.iter().zip(0_u16..).filter(|(source, _)| kinds.contains(&source.kind));
        let numbered: Vec<(&SourceInfo, SourceId)> = numbered.map(|(source, number)| (source, SourceId(number))).collect();
        if numbered.is_empty() {
            return vec![Row { layer: many, place: Place::Nowhere, state: State::NotRead, name: None, shown: None }];
        }
        let is_of_another = |source: &SourceInfo| source.kind == SourceKind::KeyFile || is_below(source, sources);
        let rows = numbered.into_iter().flat_map(|(source, id)| {
            let mut rows = self.of_source(source, id, one);
            // The files of a mounted directory are sources of their own; those of other keys say nothing here.
            rows.retain(|row| row.state != State::Absent || !is_of_another(source));
            rows
        });
        rows.collect()
    }

    fn of_source(&self, source: &SourceInfo, id: SourceId, layer: &'static str) -> Vec<Row> {
        let view = self.context.key(self.index);
        let variable = &*view.key.variable;
        let row = |origin: Origin, state| {
            let place = self.context.place_of(origin, variable);
            Row { layer, place, state, name: None, shown: None }
        };
        let snapshot = self.context.snapshot();
        let mut rows: Vec<Row> = Vec::new();
        let repeated = snapshot.duplicates.iter().filter(|twice| twice.key == Some(self.index) && twice.first.source == id);
        rows.extend(repeated.map(|twice| row(twice.first, State::Repeated)));
        let hidden = view.slot.shadowed().iter().map(|entry| (entry, State::Overridden));
        let entries = hidden.chain(view.slot.winner.iter().map(|entry| (entry, State::Wins)));
        let here = entries.filter(|(entry, _)| entry.origin.source == id && entry.layer != Layer::Default);
        rows.extend(here.map(|(entry, state)| self.of_entry(entry, state, layer)));
        let marked = [
            (view.slot.resolved().map(|resolved| resolved.origin), State::Wins),
            (view.slot.empty(), State::Empty),
            (view.slot.ignored(), State::Ignored),
        ];
        for (origin, state) in marked {
            let is_known = |origin: &Origin| rows.iter().any(|row| row.place == self.context.place_of(*origin, variable));
            if let Some(origin) = origin.filter(|origin| origin.source == id && !is_known(origin)) {
                // A reference that is well formed is no value, and may be shown.
                let reference = view.slot.resolved().and_then(|resolved| resolved.reference.as_ref());
                let shown = reference.filter(|_| state == State::Wins).map(|reference| Shown::of(reference.as_str()));
                rows.push(Row { shown, ..row(origin, state) });
            }
        }
        let problems = snapshot.problems.iter().filter(|problem| problem.origin.source == id);
        let about_key = problems.filter(|problem| problem.key == Some(self.index) || (problem.key.is_none() && !source.present));
        rows.extend(about_key.map(|problem| {
            let place = self.context.place_of(problem.origin, &view.name(problem.set_as));
            Row { layer, place, state: State::Unreadable, name: None, shown: None }
        }));
        if rows.is_empty() {
            rows.push(row(Origin::of(id), if source.present { State::Absent } else { State::NotThere }));
        }
        rows
    }

    fn of_entry(&self, entry: &Entry, state: State, layer: &'static str) -> Row {
        let view = self.context.key(self.index);
        let name = view.name(entry.set_as);
        let shown = self.context.shown_entry(&view, entry);
        let name = (name != view.key.variable).then(|| escaped(&name).into_owned());
        Row { layer, place: self.context.place_of_entry(&view, entry), state, name, shown }
    }

    fn source(&self, origin: Origin) -> &SourceInfo {
        self.context.snapshot().source(origin.source)
    }
}

/// Whether a source is a file in a directory that is a source itself.
fn is_below(source: &SourceInfo, sources: &[SourceInfo]) -> bool {
    let is_in = |folder: &SourceInfo| source.name.strip_prefix(&*folder.name).is_some_and(|rest| rest.starts_with('/'));
    source.kind == SourceKind::Mounted && sources.iter().any(|folder| folder.kind == SourceKind::Mounted && is_in(folder))
}
