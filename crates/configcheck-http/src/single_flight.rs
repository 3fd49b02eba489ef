//! Work that many wait for and that is done once: the first who comes starts it, and all have its result.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::task::{AbortHandle, Id};

/// What becomes of work that nobody waits for any more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deserted {
    /// It is aborted.
    Aborts,
    /// It goes on, and whoever comes later waits for the same.
    GoesOn,
}

/// Work that is under way at most once.
pub(crate) struct SingleFlight<T> {
    slot: Arc<Mutex<Option<Flight<T>>>>,
    deserted: Deserted,
}

struct Flight<T> {
    landed: watch::Receiver<Option<T>>,
    task: AbortHandle,
    waiting: usize,
}

impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    pub(crate) fn new(deserted: Deserted) -> Self {
        Self { slot: Arc::default(), deserted }
    }

    /// The result of the work that is under way, which is started where there is none. `None` when it was stopped.
    pub(crate) async fn join<F: Future<Output = T> + Send + 'static>(&self, start: impl FnOnce() -> F) -> Option<T> {
        let (mut landed, flight) = self.board(start);
        let _seat = Seat { of: self, flight };
        landed.wait_for(Option::is_some).await.ok().and_then(|result| result.clone())
    }

    fn board<F: Future<Output = T> + Send + 'static>(&self, start: impl FnOnce() -> F) -> (watch::Receiver<Option<T>>, Id) {
        let mut slot = lock(&self.slot);
        if let Some(flight) = slot.as_mut().filter(|flight| !flight.task.is_finished()) {
            flight.waiting += 1;
            return (flight.landed.clone(), flight.task.id());
        }
        let (sender, landed) = watch::channel(None);
        let (work, after) = (start(), Arc::clone(&self.slot));
        let task = tokio::spawn(async move {
            let result = work.await;
            lock(&after).take();
            sender.send_replace(Some(result));
        });
        *slot = Some(Flight { landed: landed.clone(), task: task.abort_handle(), waiting: 1 });
        (landed, task.id())
    }
}

/// A place among those who wait; who leaves last turns out the light.
struct Seat<'a, T> {
    of: &'a SingleFlight<T>,
    flight: Id,
}

impl<T> Drop for Seat<'_, T> {
    fn drop(&mut self) {
        let mut slot = lock(&self.of.slot);
        let Some(flight) = slot.as_mut().filter(|flight| flight.task.id() == self.flight) else { return };
        flight.waiting = flight.waiting.saturating_sub(1);
        if flight.waiting == 0 && self.of.deserted == Deserted::Aborts {
            flight.task.abort();
            slot.take();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
