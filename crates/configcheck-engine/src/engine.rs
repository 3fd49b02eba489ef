//! `Engine`: all managers at once, within one deadline.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use configcheck_core::provider::{ConnectContext, Outcome, Session};
use configcheck_core::secret::ExposeSecret as _;
use configcheck_core::{Environment, Provider, Secret, SecretRef};

use crate::access::Access;
use crate::clock::{Clock, SystemClock};
use crate::fetching::{self, Board};
use crate::keeper::Held;
use crate::login::Task;
use crate::progress::{Observer, Progress};
use crate::set::Set;

/// How long one request may take.
const ATTEMPT: Duration = Duration::from_secs(5);

/// How often an observer is told how far it is.
const TICK: Duration = Duration::from_millis(250);

/// Fetches references from their managers.
#[derive(Clone)]
#[must_use]
pub struct Engine {
    providers: Vec<Arc<dyn Provider>>,
    clock: Arc<dyn Clock>,
    attempt: Duration,
    observer: Option<Arc<dyn Observer>>,
}

/// What the managers may know of the process that starts.
#[derive(Debug)]
pub struct Surroundings {
    /// Until when everything has to be done.
    pub deadline: Instant,
    /// The environment, when it is known.
    pub environment: Option<Environment>,
    /// The providers' own settings, by name; each provider gets those that it asks for and no other.
    pub settings: Vec<(&'static str, Option<Secret<String>>)>,
}

/// What became of references.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Resolution {
    /// The outcome of each reference, without its field. A reference that no provider reads has none.
    pub outcomes: BTreeMap<SecretRef, Outcome>,
    /// What the audit notes: one for each reference that was asked for.
    pub accesses: Vec<Access>,
    /// Secrets that a manager made for this process, with the sessions that prolong them and give them back.
    pub held: Vec<Held>,
}

impl Engine {
    /// An engine with these providers. Of two that read one scheme the first counts.
    pub fn new(providers: Vec<Arc<dyn Provider>>) -> Self {
        Self { providers, clock: Arc::new(SystemClock), attempt: ATTEMPT, observer: None }
    }

    /// Another clock than the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How long one request may take; 5 seconds unless said otherwise.
    pub fn attempt(mut self, attempt: Duration) -> Self {
        self.attempt = attempt;
        self
    }

    /// Tells somebody how far it is while it lasts.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The provider that reads a reference, with its place in the list.
    pub fn provider_for(&self, reference: &SecretRef) -> Option<(usize, &dyn Provider)> {
        let index = self.providers.iter().position(|provider| provider.schemes().contains(&reference.scheme()))?;
        Some((index, self.providers[index].as_ref()))
    }

    /// Fetches the references, each once, whatever their fields. Those that their provider refuses at sight, or that nobody reads, are left out.
    pub async fn resolve(&self, references: &[SecretRef], surroundings: &Surroundings) -> Resolution {
        let wanted = self.by_provider(references);
        if wanted.is_empty() {
            return Resolution::default();
        }
        let contexts: Vec<ConnectContext> = wanted.iter().map(|wanted| self.context(wanted.0, surroundings)).collect();
        let board = Board::of(wanted.iter().flat_map(|(_, references)| references.iter().cloned()));
        let mut running = Set::new();
        for (place, (index, references)) in wanted.iter().enumerate() {
            let task = self.task(*index, &contexts[place]);
            let board = &board;
            running.push(async move { (place, fetching::fetch(task, references, board).await) });
        }
        let sessions = self.watch(running, &wanted, &board).await;
        let (outcomes, accesses) = board.finish(self.clock.now());
        let held = wanted.iter().zip(sessions).filter_map(|((_, references), session)| Some((references, session?)));
        let held = held.flat_map(|(references, session)| Held::of(references, &session, &outcomes)).collect();
        Resolution { outcomes, accesses, held }
    }

    /// Waits for all, and tells the observer how far it is.
    async fn watch<'a>(
        &'a self,
        mut running: Set<'a, (usize, Option<Arc<dyn Session>>)>,
        wanted: &[(usize, Vec<SecretRef>)],
        board: &Board,
    ) -> Vec<Option<Arc<dyn Session>>> {
        let begin = self.clock.now();
        let mut is_done = vec![false; wanted.len()];
        let mut sessions: Vec<Option<Arc<dyn Session>>> = wanted.iter().map(|_| None).collect();
        let mut tick = self.observer.as_ref().map(|_| self.clock.sleep_until(begin + TICK));
        while !running.is_empty() {
            let ended = poll_fn(|context| {
                if let Poll::Ready(ended) = running.poll_next(context) {
                    return Poll::Ready(Some(ended));
                }
                tick.as_mut().map_or(Poll::Pending, |tick| tick.as_mut().poll(context).map(|()| None))
            })
            .await;
            if let Some((place, session)) = ended {
                is_done[place] = true;
                sessions[place] = session;
            } else if let Some(observer) = &self.observer {
                let now = self.clock.now();
                let waiting = wanted.iter().zip(&is_done).filter(|(_, is_done)| !**is_done);
                observer.progress(&Progress {
                    done: board.done(),
                    total: wanted.iter().map(|(_, references)| references.len()).sum(),
                    waiting: waiting.filter_map(|((_, references), _)| references.first()).map(SecretRef::scheme).collect(),
                    elapsed: now.saturating_duration_since(begin),
                });
                tick = Some(self.clock.sleep_until(now + TICK));
            }
        }
        sessions
    }

    /// The references by provider, without their fields, each once and in their order.
    pub(crate) fn by_provider(&self, references: &[SecretRef]) -> Vec<(usize, Vec<SecretRef>)> {
        let mut wanted: BTreeMap<usize, Vec<SecretRef>> = BTreeMap::new();
        for reference in references {
            let reference = reference.without_field();
            if let Some((index, provider)) = self.provider_for(&reference)
                && provider.check(&reference).is_ok()
            {
                let of_one = wanted.entry(index).or_default();
                if !of_one.contains(&reference) {
                    of_one.push(reference);
                }
            }
        }
        wanted.into_iter().collect()
    }

    pub(crate) fn task<'a>(&'a self, index: usize, context: &'a ConnectContext) -> Task<'a> {
        Task { provider: self.providers[index].as_ref(), context, clock: self.clock.as_ref(), attempt: self.attempt }
    }

    /// What one provider may know: its own settings, and no other's.
    pub(crate) fn context(&self, index: usize, surroundings: &Surroundings) -> ConnectContext {
        let copy = |value: &Secret<String>| Secret::new(value.expose_secret().clone());
        let value = |name: &&str| {
            let settings = surroundings.settings.iter();
            settings.clone().find(|(other, _)| other == name).and_then(|(_, value)| value.as_ref().map(copy))
        };
        let settings = self.providers[index].settings().iter().map(value).collect();
        ConnectContext::new(surroundings.deadline, surroundings.environment.clone(), settings)
    }

    pub(crate) fn now(&self) -> Instant {
        self.clock.now()
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("providers", &self.providers).field("attempt", &self.attempt).finish_non_exhaustive()
    }
}
