//! `Leases`: keeps secrets alive that a manager made for this process, and gives them back.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use configcheck_core::SecretRef;
use configcheck_core::provider::{BoxFuture, Lease, Outcome, Reason, Session};
use configcheck_core::wiping::Wiping;

use crate::backoff::Jitter;
use crate::block_on;
use crate::clock::SystemClock;
use crate::guard::Guarded;
use crate::set::Set;

/// How long one request for a renewal may take.
const ATTEMPT: Duration = Duration::from_secs(5);

/// A secret that a manager made for this process, and the session that it belongs to.
#[derive(Clone, Debug)]
pub struct Held {
    reference: SecretRef,
    session: Arc<dyn Session>,
    lease: Lease,
    since: Instant,
}

impl Held {
    /// The secrets among these outcomes that have a lease.
    pub(crate) fn of(references: &[SecretRef], session: &Arc<dyn Session>, outcomes: &BTreeMap<SecretRef, Outcome>) -> Vec<Self> {
        let held = |reference: &SecretRef| match outcomes.get(reference) {
            Some(Outcome::Found(fetched)) => {
                let lease = fetched.lease.clone()?;
                Some(Self { reference: reference.clone(), session: Arc::clone(session), lease, since: Instant::now() })
            }
            _ => None,
        };
        references.iter().filter_map(held).collect()
    }

    /// The reference whose secret it is.
    pub fn reference(&self) -> &SecretRef {
        &self.reference
    }

    /// Gives the secret back, so that it is of no use any more.
    ///
    /// # Errors
    ///
    /// What the manager said.
    pub async fn revoke(&self) -> Result<(), Outcome> {
        in_time(self.session.revoke(&self.lease)).await
    }
}

/// Gives secrets back that nobody will use, all at once, for as long as there is time. What could not be given back ends by itself.
pub async fn give_back(held: Vec<Held>, until: Instant) {
    let mut running = Set::new();
    for held in held {
        running.push(async move { Guarded::new(Box::pin(held.revoke()), &SystemClock, until).await.is_ok() });
    }
    while !running.is_empty() {
        poll_fn(|context| running.poll_next(context)).await;
    }
}

/// What is known of one lease.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LeaseStatus {
    /// The reference whose secret it is; `None` for a login that others depend on.
    pub reference: Option<SecretRef>,
    /// Until when the secret may be used, as far as is known.
    pub ends: Instant,
    /// Whether the manager prolongs it.
    pub renewable: bool,
    /// How often it was prolonged.
    pub renewals: u32,
    /// Why it was not prolonged the last time.
    pub failure: Option<Reason>,
}

impl LeaseStatus {
    /// Whether its time has run out.
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.ends
    }
}

/// Keeps leases alive on a thread of its own: prolongs each at two thirds of its time, with jitter, and tries on until it ends. Dropping it
/// stops the work and leaves the secrets to end by themselves; [`Leases::revoke`] gives them back.
#[must_use = "the secrets are kept alive only as long as this is"]
pub struct Leases {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    kept: Vec<Kept>,
    is_over: bool,
}

/// A lease of a secret, or of the login that stands behind it.
struct Kept {
    status: LeaseStatus,
    session: Arc<dyn Session>,
    lease: Lease,
    /// When to prolong it.
    due: Option<Instant>,
    tries: u32,
}

impl Kept {
    fn new(reference: Option<SecretRef>, session: Arc<dyn Session>, lease: Lease, since: Instant, jitter: &mut Jitter) -> Self {
        let status = LeaseStatus { reference, ends: since, renewable: lease.renewable, renewals: 0, failure: None };
        let mut kept = Self { status, session, lease: lease.clone(), due: None, tries: 0 };
        kept.prolonged(lease, since, jitter);
        kept
    }

    fn prolonged(&mut self, lease: Lease, since: Instant, jitter: &mut Jitter) {
        // Two thirds, a tenth of that earlier or later.
        let share = lease.duration.mul_f64(0.6) + jitter.up_to(lease.duration.mul_f64(2.0 / 15.0));
        // A lease without a time would be due at once, again and again.
        self.due = if lease.renewable && !lease.duration.is_zero() { since.checked_add(share) } else { None };
        self.status.ends = since.checked_add(lease.duration).unwrap_or(self.status.ends);
        self.status.renewable = lease.renewable;
        self.lease = lease;
        self.tries = 0;
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn in_time<T>(future: BoxFuture<'_, Result<T, Outcome>>) -> Result<T, Outcome> {
    let until = Instant::now() + ATTEMPT;
    let late = |_| Outcome::unavailable(Reason::new("the secret manager did not answer in time"));
    Guarded::new(future, &SystemClock, until).await.unwrap_or_else(|broken| Err(late(broken)))
}

impl Leases {
    /// Keeps these alive, with the logins that they depend on.
    pub fn keep(held: Vec<Held>) -> Self {
        let mut jitter = Jitter::new();
        let mut kept: Vec<Kept> = Vec::new();
        for held in held {
            let is_known = kept.iter().any(|kept| kept.status.reference.is_none() && Arc::ptr_eq(&kept.session, &held.session));
            if !is_known && let Some(lease) = held.session.lease() {
                kept.push(Kept::new(None, Arc::clone(&held.session), lease, held.since, &mut jitter));
            }
            kept.push(Kept::new(Some(held.reference), held.session, held.lease, held.since, &mut jitter));
        }
        let shared = Arc::new(Shared { state: Mutex::new(State { kept, is_over: false }), changed: Condvar::new() });
        let thread = if shared.state().kept.is_empty() {
            None
        } else {
            let shared = Arc::clone(&shared);
            thread::Builder::new().name("configcheck-leases".to_owned()).spawn(move || work(&shared, jitter)).ok()
        };
        Self { shared, thread }
    }

    /// What is known of each lease: those of logins, and those of the secrets behind them.
    pub fn status(&self) -> Vec<LeaseStatus> {
        self.shared.state().kept.iter().map(|kept| kept.status.clone()).collect()
    }

    /// Whether there is nothing to keep alive.
    pub fn is_empty(&self) -> bool {
        self.shared.state().kept.is_empty()
    }

    /// Gives all secrets back and ends the logins that this process began. The references whose secrets could not be given back, with the reason;
    /// these end by themselves.
    pub fn revoke(mut self) -> Vec<(SecretRef, Reason)> {
        let _wiping = Wiping::begin();
        self.stop();
        let kept = std::mem::take(&mut self.shared.state().kept);
        let mut failed = Vec::new();
        for kept in kept.iter().filter(|kept| !kept.status.is_over()) {
            let Some(reference) = &kept.status.reference else { continue };
            if let Err(outcome) = block_on(in_time(kept.session.revoke(&kept.lease))) {
                let reason = outcome.reason().cloned().unwrap_or_else(|| Reason::new("the secret manager did not say why"));
                failed.push((reference.clone(), reason));
            }
        }
        for kept in kept.iter().filter(|kept| kept.status.reference.is_none()) {
            block_on(Guarded::new(kept.session.close(), &SystemClock, Instant::now() + ATTEMPT)).ok();
        }
        failed
    }

    fn stop(&mut self) {
        self.shared.state().is_over = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Drop for Leases {
    fn drop(&mut self) {
        self.stop();
    }
}

impl fmt::Debug for Leases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.status()).finish()
    }
}

/// Prolongs what is due until somebody says that it is over.
fn work(shared: &Shared, mut jitter: Jitter) {
    let mut state = shared.state();
    while !state.is_over {
        let now = Instant::now();
        let Some((index, due)) = next_due(&state.kept) else {
            state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        if due > now {
            state = shared.changed.wait_timeout(state, due - now).unwrap_or_else(PoisonError::into_inner).0;
            continue;
        }
        let kept = &state.kept[index];
        let (session, lease, is_login) = (Arc::clone(&kept.session), kept.lease.clone(), kept.status.reference.is_none());
        drop(state);
        let _wiping = Wiping::begin();
        // Nobody waits for the lock while the manager is asked.
        let answer = block_on(in_time(if is_login { session.renew_login() } else { session.renew(&lease) }));
        state = shared.state();
        let Some(kept) = state.kept.get_mut(index) else { continue };
        match answer {
            Ok(lease) => {
                kept.status.renewals += 1;
                kept.status.failure = None;
                kept.prolonged(lease, now, &mut jitter);
            }
            Err(outcome) => {
                kept.status.failure = outcome.reason().cloned();
                kept.tries += 1;
                let again = Instant::now() + jitter.after(kept.tries.saturating_add(3)).max(Duration::from_millis(100));
                kept.due = Some(again).filter(|again| *again < kept.status.ends);
            }
        }
    }
}

fn next_due(kept: &[Kept]) -> Option<(usize, Instant)> {
    let due = kept.iter().enumerate().filter_map(|(index, kept)| Some((index, kept.due?)));
    due.min_by_key(|(_, due)| *due)
}
