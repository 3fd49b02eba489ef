//! The second stage: references become values. Equal references are fetched once, and each item has an outcome of its own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use configcheck_core::origin::{Layer, Origin, SourceId, SourceKind};
use configcheck_core::provider::{Fetched, Outcome, OutcomeKind, Reason};
use configcheck_core::reference::{RefTemplate, SecretRef};
use configcheck_core::schema::FieldSpec;
use configcheck_core::snapshot::{Entry, Resolved, SetAs};
use configcheck_core::value::RawValue;
use configcheck_core::{Environment, Provider, Schema, Snapshot};
use configcheck_engine::{Engine, Surroundings};

use crate::collect::Collected;
use crate::loader::Loader;
use crate::providers::FileProvider;
use crate::sources::environment::look_up_settings;

mod chain;
mod decoding;
mod field;
mod map;

/// Stands for a deadline that no clock can show.
const LONGEST: Duration = Duration::from_hours(365 * 24);

/// What is to be fetched, and for which keys.
pub(crate) struct Resolution {
    /// The references of keys, in the order of the schema; of one key the alternatives one after the other.
    wanted: Vec<Wanted>,
    /// Whole maps, in the order of the loader.
    maps: Vec<Result<SecretRef, String>>,
    engine: Engine,
    surroundings: Surroundings,
}

/// A reference that stands for a key's value.
struct Wanted {
    key: usize,
    reference: Result<SecretRef, String>,
    /// Where the reference stood; `None` for one that the field names itself.
    origin: Option<Origin>,
    /// Why it is not asked for, though the field names it: it would fall to a lower level of trust.
    barred: Option<Reason>,
}

/// What came of the references.
pub(crate) use configcheck_engine::Resolution as Answers;

impl Resolution {
    /// Looks for references; `None` when there are none, as in most loads.
    pub(crate) fn plan(loader: &Loader, mut providers: Vec<Arc<dyn Provider>>, schema: &Schema, collected: &mut Collected) -> Option<Self> {
        let snapshot = &mut collected.snapshot;
        let mut wanted = wanted_by_keys(schema, snapshot);
        if wanted.is_empty() && loader.secret_maps.is_empty() {
            return None;
        }
        let maps: Vec<_> = loader.secret_maps.iter().map(|text| parse(text, schema, snapshot)).collect();
        providers.push(Arc::new(FileProvider));
        let mut engine = Engine::new(providers);
        if let Some(observer) = &loader.observer {
            engine = engine.observer(Arc::clone(observer));
        }
        chain::bar(&engine, snapshot.environment.as_ref(), &mut wanted);
        let now = Instant::now();
        let deadline = now.checked_add(loader.deadline).unwrap_or(now + LONGEST);
        let mut settings = std::mem::take(&mut collected.provider_settings);
        look_up_settings(loader, &mut settings);
        let surroundings = Surroundings { deadline, environment: collected.snapshot.environment.clone(), settings };
        Some(Self { wanted, maps, engine, surroundings })
    }

    /// Fetches everything at once.
    pub(crate) async fn fetch(&self) -> Answers {
        let of_keys = self.wanted.iter().filter(|wanted| wanted.barred.is_none()).map(|wanted| &wanted.reference);
        let references = of_keys.chain(&self.maps).flatten().filter(|reference| check(&self.engine, reference).is_ok());
        let references: Vec<SecretRef> = references.cloned().collect();
        self.engine.resolve(&references, &self.surroundings).await
    }

    /// Until when everything has to be done.
    pub(crate) fn deadline(&self) -> Instant {
        self.surroundings.deadline
    }
}

/// Why a reference with other variables in it is not asked for.
const MADE_OF_OTHERS: &str = "a variable is put into it that is a secret, or is not declared as anything else";

/// The references that stand for keys.
fn wanted_by_keys(schema: &Schema, snapshot: &Snapshot) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for (key, (declared, slot)) in schema.keys().iter().zip(&snapshot.slots).enumerate() {
        let spec = declared.spec;
        if !spec.is_secret() && spec.from.is_empty() {
            continue;
        }
        match &slot.winner {
            Some(entry) if entry.layer > Layer::Default => {
                if let RawValue::Text(text) = &entry.value
                    && let Some(text) = text.text()
                    && SecretRef::is_reference(text)
                {
                    // The names in a reference are shown, and sent to a manager: a secret that was put into it would be too.
                    let reference =
                        if slot.is_made_of_others(entry.origin) { Err(MADE_OF_OTHERS.to_owned()) } else { parse(text, schema, snapshot) };
                    wanted.push(Wanted { key, reference, origin: Some(entry.origin), barred: None });
                }
            }
            // A reference that waits for the environment's name is not asked for without it.
            _ => {
                let known = spec.from.iter().filter(|text| snapshot.environment.is_some() || !text.contains("{environment}"));
                let own = |text: &&str| Wanted { key, reference: parse(text, schema, snapshot), origin: None, barred: None };
                wanted.extend(known.map(own));
            }
        }
    }
    wanted
}

/// A reference with the names of the environment and the service put in.
fn parse(text: &str, schema: &Schema, snapshot: &Snapshot) -> Result<SecretRef, String> {
    let environment = snapshot.environment.as_ref().map(Environment::name);
    match RefTemplate::parse(text).map(|template| template.and_then(|template| template.fill(environment, schema.name()))) {
        Some(Ok(reference)) => Ok(reference),
        // Where it is wrong is not said: the text may be a password that begins like a reference.
        Some(Err(error)) => Err(error.kind.to_string()),
        None => Err("its scheme is not known".to_owned()),
    }
}

impl Resolution {
    /// Puts what was fetched into the slots, and notes what was not.
    pub(crate) fn apply(self, schema: &Schema, snapshot: &mut Snapshot, answers: &Answers) {
        for reference in &self.maps {
            map::apply(&self.engine, schema, snapshot, reference, answers);
        }
        for wanted in &self.wanted {
            let slot = &mut snapshot.slots[wanted.key];
            let is_first = slot.resolved().is_none();
            // A field's own reference stands below every source.
            if wanted.origin.is_none() && slot.layer() > Some(Layer::From) {
                continue;
            }
            // An alternative counts only when all before it were absent.
            if wanted.origin.is_none()
                && !is_first
                && slot.resolved().as_ref().is_some_and(|resolved| resolved.outcome != OutcomeKind::Absent)
            {
                continue;
            }
            if let Some(reason) = &wanted.barred {
                chain::note(snapshot, wanted.key, reason);
                continue;
            }
            let answer = answer(&self.engine, wanted, answers);
            settle(schema, snapshot, wanted, answer);
        }
    }
}

/// Notes the references without asking anybody: where a value lives elsewhere, nobody can say here whether it is good.
pub(crate) fn note_unfetched(loader: &Loader, schema: &Schema, snapshot: &mut Snapshot) {
    let providers: Vec<Arc<dyn Provider>> = loader.providers.iter().cloned().chain([Arc::new(FileProvider) as Arc<dyn Provider>]).collect();
    let engine = Engine::new(providers);
    for wanted in wanted_by_keys(schema, snapshot) {
        if snapshot.slots[wanted.key].resolved().is_some() {
            continue;
        }
        let answer = match &wanted.reference {
            Err(message) => Answer::Failed(OutcomeKind::BadReference, Some(Reason::new(message.clone()))),
            Ok(reference) => match check(&engine, reference) {
                Err(Unfit::Refused(reason)) => Answer::Failed(OutcomeKind::BadReference, Some(reason)),
                Ok(()) | Err(Unfit::Unread) => Answer::Failed(OutcomeKind::NotFetched, None),
            },
        };
        settle(schema, snapshot, &wanted, answer);
    }
}

/// What is known of one reference: the value, or what became of it.
enum Answer {
    Value(RawValue),
    Failed(OutcomeKind, Option<Reason>),
}

fn answer(engine: &Engine, wanted: &Wanted, answers: &Answers) -> Answer {
    let reference = match &wanted.reference {
        Ok(reference) => reference,
        Err(message) => return Answer::Failed(OutcomeKind::BadReference, Some(Reason::new(message.clone()))),
    };
    match outcome_of(engine, reference, answers) {
        Ok(fetched) => match field::pick(fetched, reference) {
            Ok(value) => Answer::Value(value),
            Err((kind, reason)) => Answer::Failed(kind, Some(reason)),
        },
        Err((kind, reason)) => Answer::Failed(kind, reason),
    }
}

/// Why a reference is asked of nobody.
enum Unfit {
    /// No provider reads its scheme.
    Unread,
    /// Its provider refuses it at sight.
    Refused(Reason),
}

/// Whether a reference is one that a provider here reads. An option that nobody reads is refused, so that none is silently without effect.
fn check(engine: &Engine, reference: &SecretRef) -> Result<(), Unfit> {
    let Some((_, provider)) = engine.provider_for(reference) else { return Err(Unfit::Unread) };
    decoding::options_of(reference).map_err(Unfit::Refused)?;
    provider.check(&reference.without_field()).map_err(Unfit::Refused)
}

/// What was fetched for a reference, or why nothing was.
fn outcome_of<'o>(engine: &Engine, reference: &SecretRef, answers: &'o Answers) -> Result<&'o Fetched, (OutcomeKind, Option<Reason>)> {
    match check(engine, reference) {
        Err(Unfit::Unread) => return Err((OutcomeKind::NoProvider, None)),
        Err(Unfit::Refused(reason)) => return Err((OutcomeKind::BadReference, Some(reason))),
        Ok(()) => {}
    }
    match answers.outcomes.get(&reference.without_field()) {
        Some(Outcome::Found(fetched)) => Ok(fetched),
        Some(other) => Err((other.kind(), other.reason().cloned())),
        None => Err((OutcomeKind::Unavailable, Some(Reason::new("nobody was asked for it")))),
    }
}

/// Puts an answer into its slot. A default may stand in for what is absent, and for nothing else.
fn settle(schema: &Schema, snapshot: &mut Snapshot, wanted: &Wanted, answer: Answer) {
    let reference = wanted.reference.as_ref().ok().cloned();
    let spec = schema.keys()[wanted.key].spec;
    let origin =
        wanted.origin.unwrap_or_else(|| Origin::of(snapshot.add_source(SourceKind::From, "the field's `from`", Layer::From, true)));
    let slot = &mut snapshot.slots[wanted.key];
    // A reference that a source held keeps the source's layer and name; one that the field names itself has its own.
    let stood = slot.winner.as_ref().filter(|_| wanted.origin.is_some());
    let (layer, set_as) = stood.map_or((Layer::From, SetAs::Name), |entry| (entry.layer, entry.set_as));
    let (outcome, reason) = match answer {
        Answer::Value(value) if value.is_empty() && !spec.allow_empty => {
            // What is empty is not set, wherever it comes from.
            slot.winner = default_of(spec, snapshot.environment.as_ref());
            slot.more().empty = Some(origin);
            return;
        }
        Answer::Value(value) => {
            let value = if spec.hides_value() { value.wiped_on_drop() } else { value };
            slot.winner = Some(Entry { value, origin, layer, set_as });
            (OutcomeKind::Found, None)
        }
        Answer::Failed(kind, reason) => {
            slot.winner = default_of(spec, snapshot.environment.as_ref()).filter(|_| kind == OutcomeKind::Absent);
            let is_own = wanted.origin.is_none() && !spec.is_required_in(snapshot.environment.as_ref());
            let is_optional =
                reference.as_ref().is_some_and(|reference| decoding::options_of(reference).is_ok_and(|options| options.is_optional));
            if kind == OutcomeKind::Absent && (is_own || is_optional) {
                // An optional field whose own reference leads nowhere is simply not set; nor is one whose reference is optional itself.
                return;
            }
            (kind, reason)
        }
    };
    let (reason, help) = reason.map_or((None, Vec::new()), |reason| (Some(reason.message), reason.help));
    slot.more().resolved = Some(Resolved { reference, origin, outcome, reason, help });
}

/// The default that stands in for a value.
fn default_of(spec: &FieldSpec, environment: Option<&Environment>) -> Option<Entry> {
    let text = spec.default_in(environment)?;
    let origin = Origin::of(SourceId(0));
    Some(Entry { value: RawValue::fixed(text), origin, layer: Layer::Default, set_as: SetAs::Name })
}
