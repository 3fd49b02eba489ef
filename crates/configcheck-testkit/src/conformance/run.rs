//! `Run`: one examination. It logs in, stores, fetches, and keeps every text that the provider showed.

use std::any::Any;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use configcheck_core::provider::{Batch, ConnectContext, Fetched, Outcome, OutcomeKind, Payload, Probe, Provider, Reason, Session};
use configcheck_core::secret::ExposeSecret as _;
use configcheck_core::{Secret, SecretRef};

use super::drive::block_on;
use super::leaks::Traces;
use super::requirements::Requirement;
use super::subject::{Capability, Subject};
use super::values;

/// What a requirement says of what it has seen: nothing, or what is wrong.
pub(super) type Verdict = Result<(), String>;

/// One examination of one subject.
pub(super) struct Run<'a> {
    pub(super) subject: &'a dyn Subject,
    pub(super) provider: Arc<dyn Provider>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Where something was shown, and what.
    shown: BTreeSet<(String, String)>,
    traces: Traces,
    problems: Vec<String>,
    left_out: Vec<&'static str>,
}

impl<'a> Run<'a> {
    pub(super) fn new(subject: &'a dyn Subject) -> Self {
        let run = Self { subject, provider: subject.provider(), kept: Mutex::default() };
        run.show("Debug of the provider", &run.provider);
        for credential in subject.credentials() {
            run.keep(|kept| kept.traces.add(credential.as_bytes()));
        }
        run
    }

    /// What is wrong with a requirement.
    pub(super) fn examine(&self, requirement: &Requirement) -> Vec<String> {
        let verdict = catch_unwind(AssertUnwindSafe(|| (requirement.examine)(self)));
        let mut problems = self.keep(|kept| std::mem::take(&mut kept.problems));
        match verdict {
            Ok(Ok(())) => {}
            Ok(Err(problem)) => problems.push(problem),
            Err(panic) => {
                let said = said(panic.as_ref());
                self.show_text("a panic", said.clone());
                problems.push(format!("it panicked: {said}"));
            }
        }
        problems
    }

    pub(super) fn has(&self, capability: Capability) -> bool {
        self.subject.capabilities().contains(&capability)
    }

    pub(super) fn left_out(&self) -> Vec<&'static str> {
        self.keep(|kept| kept.left_out.clone())
    }

    /// Notes what is wrong, and goes on.
    pub(super) fn problem(&self, problem: impl Into<String>) {
        let problem = problem.into();
        self.keep(|kept| kept.problems.push(problem));
    }

    /// Whether the manager can hold a value; else it is listed.
    pub(super) fn can_hold(&self, label: &'static str, value: &[u8]) -> bool {
        let can = self.subject.can_hold(value) && value.len() <= self.subject.longest_value();
        if !can {
            self.keep(|kept| kept.left_out.push(label));
        }
        can
    }

    /// A value that is looked for in everything that is shown.
    pub(super) fn mark(&self) -> String {
        let mark = values::mark();
        self.keep(|kept| kept.traces.add(mark.as_bytes()));
        mark
    }

    /// Stores a value that is looked for: its reference and the value.
    pub(super) fn store_mark(&self, name: &str) -> (SecretRef, String) {
        let mark = self.mark();
        (parsed(&self.subject.store(name, mark.as_bytes())), mark)
    }

    /// Logs in.
    pub(super) fn session(&self) -> Result<Arc<dyn Session>, String> {
        let context = self.context(self.provider.as_ref(), |name| self.subject.setting(name));
        let session = block_on(self.provider.connect(&context)).map_err(|outcome| {
            self.show_outcome("a login", &outcome);
            format!("the login failed: {}", of(&outcome))
        })?;
        self.show_text("what a session says it is", session.describe());
        self.show("Debug of a session", &session);
        Ok(session)
    }

    /// What a provider is given when it logs in.
    pub(super) fn context(&self, provider: &dyn Provider, setting: impl Fn(&str) -> Option<String>) -> ConnectContext {
        let settings = provider.settings().iter().map(|name| setting(name).map(Secret::new)).collect();
        let context = ConnectContext::new(Instant::now() + Duration::from_mins(1), None, settings);
        self.show("Debug of the context", &context);
        context
    }

    /// Fetches references as the engine does: without fields, each once, in the batches of the plan. One outcome for each reference.
    pub(super) fn fetch(&self, session: &dyn Session, references: &[SecretRef]) -> Result<Vec<Arc<Outcome>>, String> {
        let mut found: HashMap<SecretRef, Arc<Outcome>> = HashMap::new();
        for batch in self.plan(references) {
            let outcomes = block_on(session.fetch(&batch));
            for outcome in &outcomes {
                self.show_outcome("a fetch", outcome);
            }
            if outcomes.len() != batch.references.len() {
                return Err(format!("a batch of {} references has {} outcomes", batch.references.len(), outcomes.len()));
            }
            found.extend(batch.references.into_iter().zip(outcomes.into_iter().map(Arc::new)));
        }
        let outcome = |reference: &SecretRef| found.get(&reference.without_field()).cloned();
        references.iter().map(|reference| outcome(reference).ok_or_else(|| format!("{reference} stands in no batch"))).collect()
    }

    /// Probes references, as [`Run::fetch`] fetches them.
    pub(super) fn probe(&self, session: &dyn Session, references: &[SecretRef]) -> Result<Vec<Probe>, String> {
        let mut found: HashMap<SecretRef, Probe> = HashMap::new();
        for batch in self.plan(references) {
            let probes = block_on(session.probe(&batch));
            for probe in &probes {
                self.show("Debug of a probe", probe);
            }
            if probes.len() != batch.references.len() {
                return Err(format!("a batch of {} references has {} probes", batch.references.len(), probes.len()));
            }
            found.extend(batch.references.into_iter().zip(probes));
        }
        references
            .iter()
            .map(|reference| found.remove(&reference.without_field()).ok_or_else(|| format!("{reference} has no probe")))
            .collect()
    }

    fn plan(&self, references: &[SecretRef]) -> Vec<Batch> {
        let mut asked: Vec<SecretRef> = Vec::new();
        for reference in references {
            let reference = reference.without_field();
            if !asked.contains(&reference) {
                asked.push(reference);
            }
        }
        self.provider.plan(&asked)
    }

    /// Fetches one reference.
    pub(super) fn fetch_one(&self, session: &dyn Session, reference: &SecretRef) -> Result<Arc<Outcome>, String> {
        let mut outcomes = self.fetch(session, std::slice::from_ref(reference))?;
        outcomes.pop().ok_or_else(|| "there is no outcome".to_owned())
    }

    /// Holds that an outcome is this value.
    pub(super) fn expect_value(&self, what: &str, reference: &SecretRef, outcome: &Outcome, expected: &[u8]) {
        if let Err(problem) = value_of(reference, outcome).and_then(|value| same(&value, expected)) {
            self.problem(format!("{what}: {problem}"));
        }
    }

    /// Holds that an outcome is of this kind.
    pub(super) fn expect_kind(&self, what: &str, outcome: &Outcome, expected: OutcomeKind) {
        if outcome.kind() != expected {
            self.problem(format!("{what} is not `{}` but {}", expected.name(), of(outcome)));
        }
    }

    /// Keeps what the provider shows of itself.
    pub(super) fn show(&self, place: &str, shown: &(impl fmt::Debug + ?Sized)) {
        self.show_text(place, format!("{shown:?}"));
        self.show_text(place, format!("{shown:#?}"));
    }

    pub(super) fn show_text(&self, place: &str, text: String) {
        self.keep(|kept| {
            kept.shown.insert((place.to_owned(), text));
        });
    }

    pub(super) fn show_outcome(&self, place: &str, outcome: &Outcome) {
        self.show(&format!("Debug of an outcome of {place}"), outcome);
        if let Some(reason) = outcome.reason() {
            self.show_reason(place, reason);
        }
        if let Outcome::Found(Fetched { version, lease, .. }) = outcome {
            self.show_text("the version of a secret", version.clone().unwrap_or_default());
            self.show("the lease of a secret", lease);
        }
    }

    pub(super) fn show_reason(&self, place: &str, reason: &Reason) {
        for text in std::iter::once(&reason.message).chain(&reason.help) {
            self.show_text(&format!("a reason of {place}"), text.clone());
        }
    }

    /// Everything that was shown, and where.
    pub(super) fn shown(&self) -> BTreeSet<(String, String)> {
        self.keep(|kept| kept.shown.clone())
    }

    /// The places where a secret was shown.
    pub(super) fn leaks(&self) -> BTreeSet<String> {
        self.keep(|kept| kept.shown.iter().filter(|(_, text)| kept.traces.are_in(text)).map(|(place, _)| place.clone()).collect())
    }

    fn keep<T>(&self, act: impl FnOnce(&mut Kept) -> T) -> T {
        act(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A reference that the subject has given.
pub(super) fn parsed(text: &str) -> SecretRef {
    match SecretRef::parse(text) {
        Some(Ok(reference)) => reference,
        Some(Err(error)) => panic!("the subject's reference `{text}` is not well formed: {error}"),
        None => panic!("the subject's `{text}` is no reference"),
    }
}

/// An outcome in words, without what it holds.
pub(super) fn of(outcome: &Outcome) -> String {
    match outcome.reason() {
        Some(reason) => format!("`{}`: {}", outcome.kind().name(), reason.message),
        None => format!("`{}`", outcome.kind().name()),
    }
}

/// The value that a reference means.
pub(super) fn value_of(reference: &SecretRef, outcome: &Outcome) -> Result<Vec<u8>, String> {
    let Outcome::Found(fetched) = outcome else { return Err(format!("it is not found but {}", of(outcome))) };
    match (&fetched.payload, reference.field()) {
        (Payload::Value(value), None) => Ok(value.expose_secret().clone()),
        (Payload::Value(_), Some(field)) => Err(format!("there is one value, and no field `{field}`")),
        (Payload::Map(_), None) => Err("there are named values, and the reference names no field".to_owned()),
        (Payload::Map(rows), Some(field)) => match rows.iter().find(|(name, _)| name == field) {
            Some((_, value)) => Ok(value.expose_secret().clone()),
            None => Err(format!("there is no field `{field}`")),
        },
    }
}

/// Holds that two values are the same; the difference is told as a place.
pub(super) fn same(value: &[u8], expected: &[u8]) -> Verdict {
    if value == expected {
        return Ok(());
    }
    let at = value.iter().zip(expected).take_while(|(one, other)| one == other).count();
    Err(format!("{} bytes were stored and {} came; they differ from byte {at} on", expected.len(), value.len()))
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|| "without a word".to_owned())
}
