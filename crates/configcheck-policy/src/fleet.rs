//! What it costs when every replica of a service starts at once: calls, against the quota that a manager has by default.
//!
//! Quotas are those of the managers' own pages as they were read at [`READ`]. They change, and an account may have others: whoever plans
//! with them looks them up again.

use std::collections::{BTreeMap, BTreeSet};

use configcheck_core::SecretRef;
use configcheck_core::provider::Batch;

use crate::need::Needs;

mod quota;

use quota::manager;
pub use quota::{Quota, READ};

/// What the starts of all replicas cost one manager, within what its quota counts together.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// The manager.
    pub manager: &'static str,
    /// What its quota counts together, such as an account and a region; empty where there is one of it.
    pub scope: String,
    /// The secrets that one start reads.
    pub secrets: usize,
    /// The requests, each kind for itself.
    pub requests: Vec<Requests>,
    /// What helps where it takes long.
    pub advice: &'static str,
}

/// Requests of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Requests {
    /// The call.
    pub call: &'static str,
    /// How many one start makes.
    pub per_start: u64,
    /// How many all starts make.
    pub total: u64,
    /// The quota; `None` where there is none by default.
    pub quota: Option<Quota>,
    /// How long they take at the quota, in seconds.
    pub seconds: Option<f64>,
    /// The part of what a day allows, where a day is limited too.
    pub part_of_day: Option<f64>,
    /// The same read one by one, as is done when batches are throttled.
    pub singles: Option<Box<Requests>>,
}

impl Cost {
    /// How long it takes until the slowest of its requests are through, in seconds; `None` where nothing limits them.
    pub fn seconds(&self) -> Option<f64> {
        self.requests.iter().filter_map(|requests| requests.seconds).reduce(f64::max)
    }
}

/// Which references of a scheme go into one request; `None` where nobody at hand knows.
pub type Plan<'a> = &'a dyn Fn(&'static str, &[SecretRef]) -> Option<Vec<Batch>>;

/// What it costs when so many replicas start at once. `plan` says which references of a scheme go into one request, as its provider does;
/// where it says nothing, they are planned as this crate knows the manager. The manager whose limit is hit first comes first.
pub fn costs(needs: &Needs, replicas: u64, plan: Plan<'_>) -> Vec<Cost> {
    let mut by_scope: BTreeMap<(&'static str, String), Vec<SecretRef>> = BTreeMap::new();
    for need in needs.iter() {
        if let Some(manager) = manager(&need.reference) {
            by_scope.entry((manager.name, (manager.scope)(&need.reference))).or_default().push(need.reference);
        }
    }
    let mut costs: Vec<Cost> =
        by_scope.into_iter().filter_map(|((_, scope), references)| cost(scope, &references, replicas, plan)).collect();
    costs.sort_by(|one, other| other.seconds().partial_cmp(&one.seconds()).unwrap_or(std::cmp::Ordering::Equal));
    costs
}

fn cost(scope: String, references: &[SecretRef], replicas: u64, plan: Plan<'_>) -> Option<Cost> {
    let manager = manager(references.first()?)?;
    let schemes: BTreeSet<&'static str> = references.iter().map(SecretRef::scheme).collect();
    let batches = schemes.into_iter().flat_map(|scheme| {
        let of_scheme: Vec<SecretRef> = references.iter().filter(|reference| reference.scheme() == scheme).cloned().collect();
        plan(scheme, &of_scheme).unwrap_or_else(|| Batch::chunks(&of_scheme, manager.batch))
    });
    let (mut in_batches, mut in_batch_calls, mut singles) = (0, 0, 0);
    for batch in batches {
        match (&manager.batched, batch.references.len() as u64) {
            (_, 0) => {}
            (Some(_), count) if count > 1 => {
                in_batches += count;
                in_batch_calls += 1;
            }
            _ => singles += 1,
        }
    }
    let mut requests = Vec::new();
    if let Some((call, quota)) = manager.batched.filter(|_| in_batch_calls > 0) {
        let alone = (manager.single.0 != call).then(|| Box::new(counted(manager.single, in_batches, replicas)));
        requests.push(Requests { singles: alone, ..counted((call, quota), in_batch_calls, replicas) });
    }
    // Where both go through one call they are one count.
    if singles > 0 {
        match requests.first_mut().filter(|requests| requests.call == manager.single.0) {
            Some(same) => *same = counted(manager.single, same.per_start + singles, replicas),
            None => requests.push(counted(manager.single, singles, replicas)),
        }
    }
    Some(Cost { manager: manager.name, scope, secrets: references.len(), requests, advice: manager.advice })
}

#[expect(clippy::cast_precision_loss, reason = "a time for a person, of counts that are far below 2^52")]
fn counted((call, quota): (&'static str, Option<Quota>), per_start: u64, replicas: u64) -> Requests {
    let total = per_start.saturating_mul(replicas);
    let seconds = quota.map(|quota| total as f64 / quota.per_second());
    let part_of_day = quota.and_then(|quota| quota.per_day).map(|most| total as f64 / most as f64);
    Requests { call, per_start, total, quota, seconds, part_of_day, singles: None }
}

#[cfg(test)]
mod tests;
