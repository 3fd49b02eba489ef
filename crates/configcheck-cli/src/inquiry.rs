//! Asks the secret managers whether references can be read, without their values where the managers tell.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use configcheck_core::provider::{Access, OutcomeKind, Reason};
use configcheck_core::{Environment, Provider, SecretRef};
use configcheck_engine::{Engine, ProbedProvider, ProbedReference, Surroundings, block_on};

use crate::process_environment::ProcessEnvironment;
use crate::providers;

/// Before it nobody wonders what a command waits for.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long it may take unless somebody says otherwise.
pub(crate) const USUAL_DEADLINE: Duration = Duration::from_secs(30);

/// What the managers said.
#[derive(Debug)]
pub(crate) struct Inquiry {
    /// Each manager that was asked.
    pub(crate) providers: Vec<ProbedProvider>,
    /// The references that nobody was asked for, with the reason.
    pub(crate) refused: Vec<(SecretRef, OutcomeKind, Reason)>,
}

/// What is known of one reference.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer<'a> {
    /// What its manager said.
    Asked(&'a ProbedReference),
    /// Why nobody was asked.
    Refused(OutcomeKind, &'a Reason),
}

impl Inquiry {
    /// What is known of a reference.
    pub(crate) fn answer(&self, reference: &SecretRef) -> Option<Answer<'_>> {
        let whole = reference.without_field();
        let asked = self.providers.iter().flat_map(|provider| &provider.references).find(|probed| probed.reference == whole);
        let refused = || self.refused.iter().find(|(refused, ..)| *refused == whole);
        asked.map(Answer::Asked).or_else(|| refused().map(|(_, kind, reason)| Answer::Refused(*kind, reason)))
    }
}

impl<'a> Answer<'a> {
    /// Why the reference cannot be read; `None` when it can, as far as is known.
    pub(crate) fn failure(self) -> Option<(OutcomeKind, Option<&'a Reason>)> {
        match self {
            Self::Asked(probed) => match &probed.probe.access {
                Access::Failed(outcome) => Some((outcome.kind(), outcome.reason())),
                _ => None,
            },
            Self::Refused(kind, reason) => Some((kind, Some(reason))),
        }
    }
}

/// Asks each manager for its references, and shows on a terminal that it takes a while.
pub(crate) fn ask(references: &[SecretRef], environment: Option<Environment>, deadline: Duration) -> Inquiry {
    let providers = providers::all();
    let settings = ProcessEnvironment::settings(providers.iter().flat_map(Provider::settings).copied());
    let engine = Engine::new(providers);
    let mut refused: Vec<(SecretRef, OutcomeKind, Reason)> = Vec::new();
    for reference in references.iter().map(SecretRef::without_field) {
        let why = match engine.provider_for(&reference) {
            None => Some((OutcomeKind::NoProvider, no_provider(&reference))),
            Some((_, provider)) => provider.check(&reference).err().map(|reason| (OutcomeKind::BadReference, reason)),
        };
        if let Some((kind, reason)) = why.filter(|_| !refused.iter().any(|(other, ..)| *other == reference)) {
            refused.push((reference, kind, reason));
        }
    }
    let begin = Instant::now();
    let surroundings = Surroundings { deadline: begin.checked_add(deadline).unwrap_or(begin), environment, settings };
    let providers = while_waiting(begin, &schemes(&engine, references), || block_on(engine.probe(references, &surroundings)));
    Inquiry { providers, refused }
}

/// The schemes of the references that somebody is asked for, each once.
fn schemes(engine: &Engine, references: &[SecretRef]) -> String {
    let mut schemes: Vec<&str> =
        references.iter().filter(|reference| engine.provider_for(reference).is_some()).map(SecretRef::scheme).collect();
    schemes.sort_unstable();
    schemes.dedup();
    schemes.join(", ")
}

fn no_provider(reference: &SecretRef) -> Reason {
    let scheme = reference.scheme();
    Reason::new(format!("this command does not reach {scheme}"))
        .help(format!("it reaches {}; see in another way that the secret is there", providers::schemes().join(", ")))
}

/// Does the work on a thread of its own. On a terminal a line says what is waited for, once that takes longer than a second.
fn while_waiting<T: Send>(begin: Instant, whom: &str, work: impl FnOnce() -> T + Send) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    let (done, ended) = channel::<()>();
    thread::scope(|scope| {
        let worker = scope.spawn(move || {
            let result = work();
            drop(done);
            result
        });
        let mut is_shown = false;
        while ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            is_shown = true;
            show(&format!("asking {whom}: {} s", begin.elapsed().as_secs()));
        }
        if is_shown {
            show("");
        }
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Writes over the line of a terminal. Where nobody can be told, the work goes on.
fn show(text: &str) {
    let _ = io::stderr().write_all(format!("\r{text}\u{1b}[K").as_bytes());
}
