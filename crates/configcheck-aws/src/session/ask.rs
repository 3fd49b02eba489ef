//! The two things that are asked of a reference: its value, and whether it could be read.

use std::future::Future;

use configcheck_core::provider::{Access, Outcome, Probe};

use crate::parameters::{self, Parameters};
use crate::secrets_manager::{self, Secrets};

/// A question to AWS, in each of the forms that it takes.
pub(super) trait Ask: 'static {
    type Answer: Send + 'static;

    fn failed(outcome: Outcome) -> Self::Answer;

    /// Several secrets in one call; `None` when there is no such call.
    fn secrets(secrets: &Secrets, ids: &[&str])
    -> impl Future<Output = Option<Result<Vec<Self::Answer>, secrets_manager::NoBatch>>> + Send;

    fn secret(secrets: &Secrets, id: &str, version: Option<&str>, stage: Option<&str>) -> impl Future<Output = Self::Answer> + Send;

    fn parameters(parameters: &Parameters, names: &[&str]) -> impl Future<Output = Result<Vec<Self::Answer>, parameters::NoBatch>> + Send;

    fn path(parameters: &Parameters, path: &str) -> impl Future<Output = Self::Answer> + Send;
}

/// Asks for values.
pub(super) struct Values;

impl Ask for Values {
    type Answer = Outcome;

    fn failed(outcome: Outcome) -> Outcome {
        outcome
    }

    async fn secrets(secrets: &Secrets, ids: &[&str]) -> Option<Result<Vec<Outcome>, secrets_manager::NoBatch>> {
        Some(secrets.batch(ids).await)
    }

    async fn secret(secrets: &Secrets, id: &str, version: Option<&str>, stage: Option<&str>) -> Outcome {
        secrets.single(id, version, stage).await
    }

    async fn parameters(parameters: &Parameters, names: &[&str]) -> Result<Vec<Outcome>, parameters::NoBatch> {
        parameters.by_name(names).await
    }

    async fn path(parameters: &Parameters, path: &str) -> Outcome {
        parameters.by_path(path).await
    }
}

/// Asks whether they could be read.
pub(super) struct Probes;

impl Ask for Probes {
    type Answer = Probe;

    fn failed(outcome: Outcome) -> Probe {
        Probe::new(Access::Failed(outcome))
    }

    async fn secrets(_: &Secrets, _: &[&str]) -> Option<Result<Vec<Probe>, secrets_manager::NoBatch>> {
        None
    }

    async fn secret(secrets: &Secrets, id: &str, version: Option<&str>, stage: Option<&str>) -> Probe {
        secrets.probe(id, version, stage).await
    }

    async fn parameters(parameters: &Parameters, names: &[&str]) -> Result<Vec<Probe>, parameters::NoBatch> {
        parameters.probe(names).await
    }

    async fn path(parameters: &Parameters, path: &str) -> Probe {
        // Parameter Store shows names only together with values.
        Probe::of(parameters.by_path(path).await)
    }
}
