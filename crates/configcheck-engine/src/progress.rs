//! What somebody who waits for a start is told.

use std::time::Duration;

/// How far a resolution is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many secrets are there, or have failed for good.
    pub done: usize,
    /// How many are asked for in all.
    pub total: usize,
    /// The schemes of the managers that have not answered everything yet.
    pub waiting: Vec<&'static str>,
    /// Since when.
    pub elapsed: Duration,
}

/// Somebody who is told how far a resolution is: four times a second while it lasts, and never of one that is over sooner.
pub trait Observer: Send + Sync {
    /// Takes note.
    fn progress(&self, progress: &Progress);
}
