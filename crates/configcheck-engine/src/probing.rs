//! Proves that references can be read, without reading them where the manager tells.

use std::sync::Arc;
use std::time::Duration;

use configcheck_core::SecretRef;
use configcheck_core::provider::{Access, Identity, Outcome, Probe, Session};

use crate::backoff::Jitter;
use crate::engine::{Engine, Surroundings};
use crate::guard::Guarded;
use crate::login::{Task, login};
use crate::set::Set;

/// What is known of one manager and the references that lead to it.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProbedProvider {
    /// The scheme of its references.
    pub scheme: &'static str,
    /// As whom it was asked, in the words of the session; why not, when the login failed.
    pub login: Result<String, Outcome>,
    /// How long the login took.
    pub took: Duration,
    /// Who the manager takes this process for; `None` when nobody was logged in.
    pub identity: Option<Result<Identity, Outcome>>,
    /// What is known of each reference.
    pub references: Vec<ProbedReference>,
}

/// What is known of one reference.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProbedReference {
    /// The reference, without its field.
    pub reference: SecretRef,
    /// Whether it can be read.
    pub probe: Probe,
    /// How long its request took; that of a batch is the same for all in it.
    pub took: Duration,
}

impl Engine {
    /// Asks each manager who we are and whether each reference can be read. One try each, within the deadline.
    pub async fn probe(&self, references: &[SecretRef], surroundings: &Surroundings) -> Vec<ProbedProvider> {
        let wanted = self.by_provider(references);
        let contexts: Vec<_> = wanted.iter().map(|wanted| self.context(wanted.0, surroundings)).collect();
        let mut running = Set::new();
        for (place, (index, references)) in wanted.iter().enumerate() {
            let task = self.task(*index, &contexts[place]);
            running.push(async move { (place, self.probe_provider(task, references).await) });
        }
        let mut probed: Vec<(usize, ProbedProvider)> = Vec::new();
        while !running.is_empty() {
            probed.push(std::future::poll_fn(|context| running.poll_next(context)).await);
        }
        probed.sort_by_key(|(place, _)| *place);
        probed.into_iter().map(|(_, probed)| probed).collect()
    }

    async fn probe_provider(&self, task: Task<'_>, references: &[SecretRef]) -> ProbedProvider {
        let scheme = references.first().map_or("", SecretRef::scheme);
        let begin = self.now();
        let session = login(task, &mut Jitter::new()).await;
        let took = self.now().saturating_duration_since(begin);
        match session {
            Err(outcome) => {
                let failed = |reference: &SecretRef| {
                    let probe = Probe::new(Access::Failed(outcome.failure()?));
                    Some(ProbedReference { reference: reference.clone(), probe, took: Duration::ZERO })
                };
                let references = references.iter().filter_map(failed).collect();
                ProbedProvider { scheme, login: Err(outcome), took, identity: None, references }
            }
            Ok(session) => {
                let identity = match Guarded::new(session.identity(), task.clock, task.until()).await {
                    Ok(identity) => identity,
                    Err(broken) => Err(task.broken(broken)),
                };
                let references = self.probe_references(task, &session, references).await;
                session.close().await;
                ProbedProvider { scheme, login: Ok(session.describe()), took, identity: Some(identity), references }
            }
        }
    }

    async fn probe_references(&self, task: Task<'_>, session: &Arc<dyn Session>, references: &[SecretRef]) -> Vec<ProbedReference> {
        let mut running = Set::new();
        for batch in task.provider.plan(references) {
            running.push(async move {
                let begin = task.clock.now();
                let probes = match Guarded::new(session.probe(&batch), task.clock, task.until()).await {
                    Ok(probes) => probes,
                    Err(broken) => batch.references.iter().map(|_| Probe::new(Access::Failed(task.broken(broken)))).collect(),
                };
                let took = task.clock.now().saturating_duration_since(begin);
                let pairs = batch.references.into_iter().zip(probes);
                pairs.map(|(reference, probe)| ProbedReference { reference, probe, took }).collect::<Vec<_>>()
            });
        }
        let mut probed = Vec::new();
        while !running.is_empty() {
            probed.extend(std::future::poll_fn(|context| running.poll_next(context)).await);
        }
        probed.sort_by_key(|probed| references.iter().position(|reference| *reference == probed.reference));
        probed
    }
}
