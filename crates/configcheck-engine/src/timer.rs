//! Wakes tasks when their time has come: one thread for all, which ends when nobody waits any more.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Instant;

/// Ends when its time has come.
pub(crate) struct Sleep {
    time: Instant,
    /// The number under which the waker is kept, once it was polled.
    number: Option<u64>,
}

/// Those who wait, in the order of their times.
struct Waiting {
    wakers: BTreeMap<(Instant, u64), Waker>,
    next: u64,
    has_thread: bool,
}

static WAITING: Mutex<Waiting> = Mutex::new(Waiting { wakers: BTreeMap::new(), next: 0, has_thread: false });

static CHANGED: Condvar = Condvar::new();

fn waiting() -> MutexGuard<'static, Waiting> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sleep {
    pub(crate) fn until(time: Instant) -> Self {
        Self { time, number: None }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.time {
            return Poll::Ready(());
        }
        let mut waiting = waiting();
        let number = *self.number.get_or_insert_with(|| {
            waiting.next += 1;
            waiting.next
        });
        waiting.wakers.insert((self.time, number), context.waker().clone());
        if waiting.has_thread {
            CHANGED.notify_one();
        } else {
            waiting.has_thread = thread::Builder::new().name("configcheck-timer".to_owned()).spawn(wake).is_ok();
            if !waiting.has_thread {
                // Without a thread nobody would wake this task: it asks again by itself, busily, and still keeps its time.
                context.waker().wake_by_ref();
            }
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            waiting().wakers.remove(&(self.time, number));
        }
    }
}

/// Wakes each when its time has come, until nobody waits.
fn wake() {
    let mut guard = waiting();
    while let Some((&(time, number), _)) = guard.wakers.first_key_value() {
        let left = time.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let waker = guard.wakers.remove(&(time, number));
            drop(guard);
            if let Some(waker) = waker {
                waker.wake();
            }
            guard = waiting();
        } else {
            guard = CHANGED.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
    guard.has_thread = false;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::block_on;

    #[test]
    fn a_sleep_ends_after_its_time_and_the_next_one_too() {
        for _ in 0..3 {
            let time = Instant::now() + Duration::from_millis(5);
            block_on(Sleep::until(time));
            assert!(Instant::now() >= time);
        }
    }

    #[test]
    fn a_dropped_sleep_is_forgotten() {
        let mut sleep = Box::pin(Sleep::until(Instant::now() + Duration::from_hours(1)));
        assert!(sleep.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let key = (sleep.time, sleep.number.unwrap_or_default());
        assert!(waiting().wakers.contains_key(&key));
        drop(sleep);
        assert!(!waiting().wakers.contains_key(&key));
    }
}
