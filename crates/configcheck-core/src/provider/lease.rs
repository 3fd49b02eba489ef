//! `Lease`: for how long something that a manager made for this process may be used.

use std::time::Duration;

/// For how long a manager lets its answer be used: of a dynamic secret, or of the login itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// The manager's name for it. It is no secret, and means nothing without the right to use it.
    pub id: String,
    /// How long from when it was given.
    pub duration: Duration,
    /// Whether the manager prolongs it when it is asked.
    pub renewable: bool,
}

impl Lease {
    /// A lease.
    pub fn new(id: impl Into<String>, duration: Duration, renewable: bool) -> Self {
        Self { id: id.into(), duration, renewable }
    }
}
