//! What protects the engine from what a provider's future may do: end too late, or panic.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use configcheck_core::provider::BoxFuture;

use crate::clock::Clock;

/// Why a provider's future gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It did not end in time, and was dropped.
    Late,
    /// It panicked.
    Panicked,
}

/// A future with a time of its own.
pub(crate) struct Guarded<'a, T> {
    /// `None` once it has panicked: it is not polled again.
    future: Option<BoxFuture<'a, T>>,
    sleep: BoxFuture<'static, ()>,
}

impl<'a, T> Guarded<'a, T> {
    pub(crate) fn new(future: BoxFuture<'a, T>, clock: &dyn Clock, until: Instant) -> Self {
        Self { future: Some(future), sleep: clock.sleep_until(until) }
    }
}

impl<T> Future for Guarded<'_, T> {
    type Output = Result<T, Broken>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let Some(future) = &mut this.future else { return Poll::Ready(Err(Broken::Panicked)) };
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Ok(Poll::Pending) => this.sleep.as_mut().poll(context).map(|()| Err(Broken::Late)),
            Err(_) => {
                this.future = None;
                Poll::Ready(Err(Broken::Panicked))
            }
        }
    }
}
