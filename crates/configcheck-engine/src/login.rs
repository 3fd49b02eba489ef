//! Logs in to one manager, as often as it may help.

use std::sync::Arc;
use std::time::{Duration, Instant};

use configcheck_core::Provider;
use configcheck_core::provider::{ConnectContext, Outcome, Reason, Retry, Session};

use crate::backoff::Jitter;
use crate::clock::Clock;
use crate::guard::{Broken, Guarded};

/// How often something is tried that a manager answers with a failure of its own.
const FEW: u32 = 4;

/// One provider and the bounds of its work.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    pub(crate) provider: &'a dyn Provider,
    pub(crate) context: &'a ConnectContext,
    pub(crate) clock: &'a dyn Clock,
    /// How long one request may take.
    pub(crate) attempt: Duration,
}

impl Task<'_> {
    pub(crate) fn deadline(&self) -> Instant {
        self.context.deadline
    }

    /// Until when a request that begins now may take.
    pub(crate) fn until(&self) -> Instant {
        let now = self.clock.now();
        now.checked_add(self.attempt).map_or(self.deadline(), |until| until.min(self.deadline()))
    }

    /// How long to wait before another try; else the outcome that holds, since none helps, or none would come in time.
    pub(crate) fn wait(&self, outcome: Outcome, tries: u32, jitter: &mut Jitter) -> Result<(Duration, Outcome), Outcome> {
        let wait = match &outcome {
            Outcome::Throttled { retry_after: Some(asked), .. } => Some(jitter.at_least(*asked)),
            Outcome::Throttled { retry_after: None, .. } | Outcome::Unavailable { retry: Retry::UntilDeadline, .. } => {
                Some(jitter.after(tries))
            }
            Outcome::Unavailable { retry: Retry::Few, .. } if tries < FEW => Some(jitter.after(tries)),
            _ => None,
        };
        match wait {
            Some(wait) if wait < self.deadline().saturating_duration_since(self.clock.now()) => Ok((wait, outcome)),
            Some(_) => Err(still(outcome)),
            None => Err(outcome),
        }
    }

    /// What a request is worth that gave no answer.
    pub(crate) fn broken(&self, broken: Broken) -> Outcome {
        match broken {
            Broken::Late => {
                let limit = self.attempt.as_secs_f32();
                let reason = Reason::new(format!("it did not answer within {limit} seconds"))
                    .help("look whether its address is right, whether it is up, and whether something between drops the packets");
                Outcome::Unavailable { retry: Retry::UntilDeadline, reason }
            }
            Broken::Panicked => {
                let reason = Reason::new("its provider broke off with a mistake of its own").help("report this to the provider's author");
                Outcome::Malformed(reason)
            }
        }
    }
}

/// Logs in. What failed until the deadline has the outcome of the last try.
pub(crate) async fn login(task: Task<'_>, jitter: &mut Jitter) -> Result<Arc<dyn Session>, Outcome> {
    let mut tries = 0;
    let mut last: Option<Outcome> = None;
    loop {
        tries += 1;
        let outcome = match Guarded::new(task.provider.connect(task.context), task.clock, task.until()).await {
            Ok(Ok(session)) => return Ok(session),
            Ok(Err(outcome)) => outcome,
            // The deadline came in the middle of a try: what was known before says more.
            Err(Broken::Late) if task.clock.now() >= task.deadline() => return Err(last.map_or_else(too_late, still)),
            Err(broken) => task.broken(broken),
        };
        let (wait, outcome) = task.wait(outcome, tries, jitter)?;
        task.clock.sleep_until(task.clock.now() + wait).await;
        last = Some(outcome);
    }
}

/// What is said of an item that nothing is known of when the deadline has come.
pub(crate) fn too_late() -> Outcome {
    let reason = Reason::new("it did not answer before the deadline of the start")
        .help("look whether its address is right, whether the network lets this process through, and whether it is up");
    Outcome::Unavailable { retry: Retry::Never, reason }
}

/// What is said of an item that failed until the deadline came.
pub(crate) fn still(mut last: Outcome) -> Outcome {
    if let Outcome::Throttled { reason, .. } | Outcome::Unavailable { reason, .. } = &mut last {
        reason.message.push_str(", and so it stayed until the deadline of the start");
    }
    last
}
