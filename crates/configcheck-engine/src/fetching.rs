//! Fetches what is wanted from one manager: logs in, sends its batches, and tries again what may help.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Instant;

use configcheck_core::SecretRef;
use configcheck_core::provider::{Batch, BoxFuture, Outcome, Reason, Session};

use crate::access::Access;
use crate::backoff::Jitter;
use crate::clock::Clock;
use crate::guard::{Broken, Guarded};
use crate::limit::Limit;
use crate::login::{Task, login, still, too_late};
use crate::set::Set;

/// What is known of each reference; shared, so that somebody who waits can be told how far it is.
pub(crate) struct Board {
    items: Mutex<BTreeMap<SecretRef, Item>>,
}

/// What is known of one reference.
#[derive(Default)]
struct Item {
    /// What became of it for good.
    outcome: Option<Outcome>,
    /// What the last try gave, while others follow.
    last: Option<Outcome>,
    identity: Option<String>,
    tries: u32,
    first: Option<Instant>,
    ended: Option<Instant>,
}

impl Board {
    pub(crate) fn of(references: impl Iterator<Item = SecretRef>) -> Self {
        Self { items: Mutex::new(references.map(|reference| (reference, Item::default())).collect()) }
    }

    fn items(&self) -> MutexGuard<'_, BTreeMap<SecretRef, Item>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn done(&self) -> usize {
        self.items().values().filter(|item| item.outcome.is_some()).count()
    }

    fn asked(&self, batch: &Batch, session: &dyn Session, now: Instant) {
        let identity = session.describe();
        let mut items = self.items();
        for reference in &batch.references {
            if let Some(item) = items.get_mut(reference) {
                item.tries += 1;
                item.first.get_or_insert(now);
                item.identity = Some(identity.clone());
            }
        }
    }

    fn put(&self, reference: &SecretRef, outcome: Outcome, now: Instant) {
        if let Some(item) = self.items().get_mut(reference) {
            item.ended = Some(now);
            item.outcome.get_or_insert(outcome);
        }
    }

    fn note(&self, reference: &SecretRef, outcome: Outcome) {
        if let Some(item) = self.items().get_mut(reference) {
            item.last = Some(outcome);
        }
    }

    /// The outcomes and the accesses. What nobody answered for has what was last known of it.
    pub(crate) fn finish(self, now: Instant) -> (BTreeMap<SecretRef, Outcome>, Vec<Access>) {
        let mut accesses = Vec::new();
        let mut outcomes = BTreeMap::new();
        for (reference, item) in self.items.into_inner().unwrap_or_else(PoisonError::into_inner) {
            let outcome = item.outcome.or_else(|| item.last.map(still)).unwrap_or_else(too_late);
            let version = if let Outcome::Found(fetched) = &outcome { fetched.version.clone() } else { None };
            accesses.push(Access {
                reference: reference.clone(),
                identity: item.identity,
                outcome: outcome.kind(),
                version,
                tries: item.tries,
                took: item.first.map_or_else(Default::default, |first| item.ended.unwrap_or(now).saturating_duration_since(first)),
            });
            outcomes.insert(reference, outcome);
        }
        (outcomes, accesses)
    }
}

/// A request that is to be sent.
struct Job {
    batch: Batch,
    tries: u32,
}

/// A request that was answered, or was not.
struct Answer {
    job: Job,
    /// Which login it was sent with.
    login: u32,
    outcomes: Result<Vec<Outcome>, Broken>,
}

/// The work for one manager.
pub(crate) struct Fetching<'a> {
    task: Task<'a>,
    board: &'a Board,
    jitter: Jitter,
    limit: Limit,
    ready: VecDeque<Job>,
    /// What is tried again, by when; the number keeps jobs of one time apart.
    later: BTreeMap<(Instant, u64), Job>,
    postponed: u64,
    session: Arc<dyn Session>,
    logins: u32,
    /// Why nothing more is sent: the manager does not know us, and asking on would only lock an account.
    broken: Option<Outcome>,
}

/// Fetches the references from their manager; gives the session, which holds the leases.
pub(crate) async fn fetch(task: Task<'_>, references: &[SecretRef], board: &Board) -> Option<Arc<dyn Session>> {
    let mut jitter = Jitter::new();
    let session = match login(task, &mut jitter).await {
        Ok(session) => session,
        Err(outcome) => {
            for reference in references {
                board.put(reference, copy(&outcome), task.clock.now());
            }
            return None;
        }
    };
    let fetching = Fetching {
        task,
        board,
        jitter,
        limit: Limit::new(task.provider.concurrency()),
        ready: planned(task, references),
        later: BTreeMap::new(),
        postponed: 0,
        session,
        logins: 1,
        broken: None,
    };
    Some(fetching.run().await)
}

/// The provider's batches; what it forgot goes alone, and what it names twice once.
fn planned(task: Task<'_>, references: &[SecretRef]) -> VecDeque<Job> {
    let mut left: BTreeSet<&SecretRef> = references.iter().collect();
    let mut jobs: VecDeque<Job> = VecDeque::new();
    for mut batch in task.provider.plan(references) {
        batch.references.retain(|reference| left.remove(reference));
        if !batch.references.is_empty() {
            jobs.push_back(Job { batch, tries: 0 });
        }
    }
    jobs.extend(left.into_iter().map(|reference| Job { batch: Batch::of(reference.clone()), tries: 0 }));
    jobs
}

/// The same outcome for another item. A failure only: what was found is given once.
fn copy(outcome: &Outcome) -> Outcome {
    outcome.failure().unwrap_or_else(|| Outcome::Malformed(Reason::new("its provider answered a login with a secret")))
}

impl<'a> Fetching<'a> {
    async fn run(mut self) -> Arc<dyn Session> {
        let mut in_flight: Set<'a, Answer> = Set::new();
        loop {
            self.start(&mut in_flight);
            if in_flight.is_empty() && self.ready.is_empty() && self.later.is_empty() {
                break;
            }
            let wake = self.later.first_key_value().map_or(self.task.deadline(), |((time, _), _)| (*time).min(self.task.deadline()));
            let Some(answer) = next(&mut in_flight, self.task.clock, wake).await else {
                if self.task.clock.now() >= self.task.deadline() {
                    break;
                }
                continue;
            };
            if self.settle(answer) {
                self.log_in_again().await;
            }
        }
        self.session
    }

    /// Sends what is due, as much as the limit allows.
    fn start(&mut self, in_flight: &mut Set<'a, Answer>) {
        let now = self.task.clock.now();
        while let Some(entry) = self.later.first_entry()
            && entry.key().0 <= now
        {
            self.ready.push_back(entry.remove());
        }
        while self.limit.allows(in_flight.len())
            && let Some(mut job) = self.ready.pop_front()
        {
            if let Some(outcome) = &self.broken {
                job.batch.references.iter().for_each(|reference| self.board.put(reference, copy(outcome), now));
                continue;
            }
            job.tries += 1;
            self.board.asked(&job.batch, self.session.as_ref(), now);
            let (session, task, login) = (Arc::clone(&self.session), self.task, self.logins);
            in_flight.push(async move {
                let outcomes = Guarded::new(session.fetch(&job.batch), task.clock, task.until()).await;
                Answer { job, login, outcomes }
            });
        }
    }

    /// Takes an answer; whether the login has to be repeated.
    fn settle(&mut self, answer: Answer) -> bool {
        let Answer { job, login, outcomes } = answer;
        let Job { batch, tries } = job;
        let outcomes = match outcomes {
            Ok(outcomes) if outcomes.len() == batch.references.len() => outcomes,
            Ok(_) => {
                let reason = Reason::new("the provider gave another number of answers than it was asked for");
                let reason = reason.help("report this to the provider's author");
                batch.references.iter().map(|_| Outcome::Malformed(reason.clone())).collect()
            }
            Err(Broken::Late) if self.task.clock.now() >= self.task.deadline() => return false,
            Err(broken) => batch.references.iter().map(|_| self.task.broken(broken)).collect(),
        };
        let now = self.task.clock.now();
        let is_batch = batch.references.len() > 1;
        let may_log_in_again = self.session.may_log_in_again();
        let (mut again, mut after_login) = (Vec::new(), Vec::new());
        let (mut wait, mut is_throttled) = (None, false);
        for (reference, outcome) in batch.references.into_iter().zip(outcomes) {
            // A session may end in the middle of a start: one more login, and then the manager's word holds.
            if matches!(outcome, Outcome::AuthFailed(_)) && login == 1 && self.broken.is_none() && (self.logins > 1 || may_log_in_again) {
                self.board.note(&reference, outcome);
                after_login.push(reference);
                continue;
            }
            if matches!(outcome, Outcome::AuthFailed(_)) && self.broken.is_none() {
                self.broken = outcome.failure();
            }
            is_throttled |= matches!(outcome, Outcome::Throttled { .. });
            match self.task.wait(outcome, tries, &mut self.jitter) {
                Ok((one, outcome)) => {
                    wait = wait.max(Some(one));
                    self.board.note(&reference, outcome);
                    again.push(reference);
                }
                Err(outcome) => self.board.put(&reference, outcome, now),
            }
        }
        if is_throttled {
            self.limit.throttled();
        } else {
            self.limit.answered();
        }
        if let Some(wait) = wait {
            // A manager may count a batch otherwise than single requests: what is throttled together is asked for one by one.
            let batches = if is_throttled && is_batch { Batch::singles(&again) } else { vec![Batch { references: again }] };
            for batch in batches {
                self.postponed += 1;
                self.later.insert((now + wait, self.postponed), Job { batch, tries });
            }
        }
        let needs_login = !after_login.is_empty();
        if needs_login {
            self.ready.push_front(Job { batch: Batch { references: after_login }, tries });
        }
        needs_login && login == self.logins
    }

    async fn log_in_again(&mut self) {
        self.logins += 1;
        match login(self.task, &mut self.jitter).await {
            Ok(session) => self.session = session,
            Err(outcome) => self.broken = Some(outcome),
        }
    }
}

/// The next answer, or `None` when it is time to look again.
async fn next<T>(in_flight: &mut Set<'_, T>, clock: &dyn Clock, wake: Instant) -> Option<T> {
    let mut sleep: BoxFuture<'static, ()> = clock.sleep_until(wake);
    poll_fn(|context| {
        if let Poll::Ready(answer) = in_flight.poll_next(context) {
            return Poll::Ready(Some(answer));
        }
        sleep.as_mut().poll(context).map(|()| None)
    })
    .await
}
