//! Keeps the SDK silent.
//!
//! The SDK's own events hold what must not be told: at `TRACE` the whole request with its session token, the whole answer with its secrets
//! (where a body is in memory, as ours are, and always where the variable `LOG_SENSITIVE_BODIES` is set), and the command line of a
//! `credential_process`; at `WARN` the text of whatever answered in place of STS. So its futures run without a subscriber, and what
//! happened is told by the outcome.

use std::future::Future;

use tracing::instrument::{WithDispatch, WithSubscriber};
use tracing::subscriber::NoSubscriber;

/// A future whose events nobody hears.
pub(crate) fn quietly<F: Future>(future: F) -> WithDispatch<F> {
    future.with_subscriber(NoSubscriber::default())
}
