//! `Clock`: what time it is, and waiting until later.

use std::time::Instant;

use configcheck_core::provider::BoxFuture;

use crate::timer;

/// What time it is, and waiting until later. A test may have a clock of its own.
pub trait Clock: Send + Sync {
    /// Now. It never goes back.
    fn now(&self) -> Instant;

    /// Ends when the time has come, at once when it is past.
    fn sleep_until(&self, time: Instant) -> BoxFuture<'static, ()>;
}

/// The clock of the machine: monotonic, so that a change of the date moves no deadline.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep_until(&self, time: Instant) -> BoxFuture<'static, ()> {
        Box::pin(timer::Sleep::until(time))
    }
}
