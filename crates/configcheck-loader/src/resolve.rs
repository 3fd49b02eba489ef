//! The second stage: references become values. Equal references are fetched once, and each item has an outcome of its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use configcheck_core::origin::{Layer, Origin, SourceId, SourceKind};
use configcheck_core::provider::{Batch, BoxFuture, ConnectContext, Fetched, Outcome, OutcomeKind, Reason};
use configcheck_core::reference::SecretRef;
use configcheck_core::schema::FieldSpec;
use configcheck_core::secret::ExposeSecret as _;
use configcheck_core::snapshot::{Entry, Resolved, SetAs};
use configcheck_core::value::RawValue;
use configcheck_core::{Environment, Provider, Schema, Secret, Snapshot};

use crate::collect::Collected;
use crate::loader::Loader;
use crate::providers::{self, FileProvider};
use crate::sources::environment::ProviderSettings;
use crate::wait::All;

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
    providers: Vec<Arc<dyn Provider>>,
    /// What each provider may know, in the order of the providers.
    contexts: Vec<ConnectContext>,
    /// The requests, each with the index of its provider.
    requests: Vec<(usize, Batch)>,
    deadline: Instant,
}

/// A reference that stands for a key's value.
struct Wanted {
    key: usize,
    reference: Result<SecretRef, String>,
    /// Where the reference stood; `None` for one that the field names itself.
    origin: Option<Origin>,
}

/// Outcomes by the reference without its field.
pub(crate) type Outcomes = BTreeMap<SecretRef, Outcome>;

impl Resolution {
    /// Looks for references; `None` when there are none, as in most loads.
    pub(crate) fn plan(loader: &Loader, mut providers: Vec<Arc<dyn Provider>>, schema: &Schema, collected: &mut Collected) -> Option<Self> {
        let snapshot = &mut collected.snapshot;
        let wanted = wanted_by_keys(schema, snapshot);
        if wanted.is_empty() && loader.secret_maps.is_empty() {
            return None;
        }
        let maps: Vec<_> = loader.secret_maps.iter().map(|text| parse(&filled(text, schema, snapshot))).collect();
        providers.push(Arc::new(FileProvider));
        let references = wanted.iter().map(|wanted| &wanted.reference).chain(&maps).flatten().map(SecretRef::without_field);
        let mut by_provider: Vec<Vec<SecretRef>> = vec![Vec::new(); providers.len()];
        for reference in references {
            if let Some((index, provider)) = providers::for_reference(&providers, &reference)
                && check(provider, &reference).is_ok()
                && !by_provider[index].contains(&reference)
            {
                by_provider[index].push(reference);
            }
        }
        let plan = |(provider, references): (&Arc<dyn Provider>, &Vec<SecretRef>)| {
            if references.is_empty() { Vec::new() } else { provider.plan(references) }
        };
        let plans = providers.iter().zip(&by_provider).map(plan);
        let requests = plans.enumerate().flat_map(|(index, batches)| batches.into_iter().map(move |batch| (index, batch))).collect();
        let now = Instant::now();
        let deadline = now.checked_add(loader.deadline).unwrap_or(now + LONGEST);
        let settings = std::mem::take(&mut collected.provider_settings);
        let contexts = providers.iter().map(|provider| context(provider.as_ref(), deadline, &collected.snapshot, &settings)).collect();
        Some(Self { wanted, maps, providers, contexts, requests, deadline })
    }

    /// Fetches all batches at once.
    pub(crate) async fn fetch(&self) -> Outcomes {
        let one = |(index, batch): &'_ (usize, Batch)| -> BoxFuture<'_, Vec<Outcome>> {
            let (index, batch) = (*index, batch.clone());
            Box::pin(async move {
                match self.providers[index].connect(&self.contexts[index]).await {
                    Ok(session) => session.fetch(&batch).await,
                    Err(outcome) => batch.references.iter().filter_map(|_| outcome.failure()).collect(),
                }
            })
        };
        let futures: Vec<_> = self.requests.iter().map(one).collect();
        let answers = All::of(futures, self.deadline).await;
        self.requests.iter().zip(answers).flat_map(|((_, batch), answer)| outcomes_of(batch, answer)).collect()
    }
}

/// The outcomes of a batch by reference. A batch that was not answered before the deadline has none.
fn outcomes_of(batch: &Batch, answer: Option<Vec<Outcome>>) -> Vec<(SecretRef, Outcome)> {
    let references = batch.references.iter().cloned();
    match answer {
        None => Vec::new(),
        Some(outcomes) if outcomes.len() == batch.references.len() => references.zip(outcomes).collect(),
        Some(_) => {
            let reason =
                || Reason::new("the provider gave another number of answers than it was asked for").help("report this to its author");
            references.map(|reference| (reference, Outcome::Malformed(reason()))).collect()
        }
    }
}

/// What one provider may know: its own settings, and no other's.
fn context(provider: &dyn Provider, deadline: Instant, snapshot: &Snapshot, settings: &ProviderSettings) -> ConnectContext {
    let copy = |value: &Secret<String>| Secret::new(value.expose_secret().clone());
    let value = |name: &&str| settings.iter().find(|(other, _)| other == name).and_then(|(_, value)| value.as_ref().map(copy));
    ConnectContext::new(deadline, snapshot.environment.clone(), provider.settings().iter().map(value).collect())
}

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
                    wanted.push(Wanted { key, reference: parse(&filled(text, schema, snapshot)), origin: Some(entry.origin) });
                }
            }
            // A reference that waits for the environment's name is not asked for without it.
            _ => {
                let known = spec.from.iter().filter(|text| snapshot.environment.is_some() || !text.contains("{environment}"));
                wanted.extend(known.map(|text| Wanted { key, reference: parse(&filled(text, schema, snapshot)), origin: None }));
            }
        }
    }
    wanted
}

/// A reference with the names of the environment and the service put in.
fn filled(text: &str, schema: &Schema, snapshot: &Snapshot) -> String {
    let environment = snapshot.environment.as_ref().map_or("{environment}", |environment| environment.name());
    text.replace("{environment}", environment).replace("{name}", schema.name())
}

fn parse(text: &str) -> Result<SecretRef, String> {
    match SecretRef::parse(text) {
        Some(Ok(reference)) => Ok(reference),
        // Where it is wrong is not said: the text may be a password that begins like a reference.
        Some(Err(error)) => Err(error.kind.to_string()),
        None => Err("its scheme is not known".to_owned()),
    }
}

impl Resolution {
    /// Puts what was fetched into the slots, and notes what was not.
    pub(crate) fn apply(self, schema: &Schema, snapshot: &mut Snapshot, outcomes: &Outcomes) {
        for reference in &self.maps {
            map::apply(&self.providers, schema, snapshot, reference, outcomes);
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
            let answer = answer(&self.providers, wanted, outcomes);
            settle(schema, snapshot, wanted, answer);
        }
    }
}

/// Notes the references without asking anybody: where a value lives elsewhere, nobody can say here whether it is good.
pub(crate) fn note_unfetched(loader: &Loader, schema: &Schema, snapshot: &mut Snapshot) {
    let providers: Vec<Arc<dyn Provider>> = loader.providers.iter().cloned().chain([Arc::new(FileProvider) as Arc<dyn Provider>]).collect();
    for wanted in wanted_by_keys(schema, snapshot) {
        if snapshot.slots[wanted.key].resolved().is_some() {
            continue;
        }
        let answer = match &wanted.reference {
            Err(message) => Answer::Failed(OutcomeKind::BadReference, Some(Reason::new(message.clone()))),
            Ok(reference) => match providers::for_reference(&providers, reference).map(|(_, provider)| check(provider, reference)) {
                Some(Err(reason)) => Answer::Failed(OutcomeKind::BadReference, Some(reason)),
                _ => Answer::Failed(OutcomeKind::NotFetched, None),
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

fn answer(providers: &[Arc<dyn Provider>], wanted: &Wanted, outcomes: &Outcomes) -> Answer {
    let reference = match &wanted.reference {
        Ok(reference) => reference,
        Err(message) => return Answer::Failed(OutcomeKind::BadReference, Some(Reason::new(message.clone()))),
    };
    match outcome_of(providers, reference, outcomes) {
        Ok(fetched) => match field::pick(fetched, reference) {
            Ok(value) => Answer::Value(value),
            Err((kind, reason)) => Answer::Failed(kind, Some(reason)),
        },
        Err((kind, reason)) => Answer::Failed(kind, reason),
    }
}

/// Whether a reference is one for this provider. An option that nobody reads is refused, so that none is silently without effect.
fn check(provider: &dyn Provider, reference: &SecretRef) -> Result<(), Reason> {
    decoding::options_of(reference)?;
    provider.check(&reference.without_field())
}

/// What was fetched for a reference, or why nothing was.
fn outcome_of<'o>(
    providers: &[Arc<dyn Provider>],
    reference: &SecretRef,
    outcomes: &'o Outcomes,
) -> Result<&'o Fetched, (OutcomeKind, Option<Reason>)> {
    let Some((_, provider)) = providers::for_reference(providers, reference) else {
        return Err((OutcomeKind::NoProvider, None));
    };
    let whole = reference.without_field();
    if let Err(reason) = check(provider, reference) {
        return Err((OutcomeKind::BadReference, Some(reason)));
    }
    match outcomes.get(&whole) {
        Some(Outcome::Found(fetched)) => Ok(fetched),
        Some(other) => Err((other.kind(), other.reason().cloned())),
        None => Err((OutcomeKind::Unavailable, Some(Reason::new("it did not answer before the deadline of the start")))),
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
