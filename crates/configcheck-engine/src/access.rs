//! `Access`: what the audit notes of one reference.

use std::time::Duration;

use configcheck_core::SecretRef;
use configcheck_core::provider::OutcomeKind;

/// That somebody asked for a secret, and what became of it; never the value.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Access {
    /// What was asked for.
    pub reference: SecretRef,
    /// As whom, in the words of the session; `None` when the login failed.
    pub identity: Option<String>,
    /// What became of it.
    pub outcome: OutcomeKind,
    /// The manager's name for the version that was handed out.
    pub version: Option<String>,
    /// In how many requests it was asked for.
    pub tries: u32,
    /// How long it took, from the first request to the last answer.
    pub took: Duration,
}
