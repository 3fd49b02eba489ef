//! Drives the futures of a provider on the calling thread. They may have a runtime of their own; none is given to them.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// How long a future may take before the examination gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// What a future gives.
///
/// # Panics
///
/// When it has not ended after 30 seconds.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    block_on_until(future, Instant::now() + PATIENCE).unwrap_or_else(|| panic!("the future has not ended after {} s", PATIENCE.as_secs()))
}

/// What a future gives until a time; then it is dropped.
pub(super) fn block_on_until<T>(future: impl Future<Output = T>, deadline: Instant) -> Option<T> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        thread::park_timeout(left);
    }
}

#[cfg(test)]
mod tests {
    use std::future;
    use std::sync::mpsc;
    use std::task::Poll;
    use std::thread;
    use std::time::Instant;

    use super::{block_on, block_on_until};

    #[test]
    fn a_future_is_polled_again_when_it_is_woken_from_another_thread() {
        let (send, receive) = mpsc::channel();
        let mut waker = Some(send);
        let done = future::poll_fn(move |context| match waker.take() {
            Some(send) => {
                let waker = context.waker().clone();
                thread::spawn(move || {
                    send.send(7).ok();
                    waker.wake();
                });
                Poll::Pending
            }
            None => receive.try_recv().map_or(Poll::Pending, Poll::Ready),
        });
        assert_eq!(block_on(done), 7);
    }

    #[test]
    fn a_future_that_does_not_end_is_dropped() {
        assert_eq!(block_on_until(future::pending::<()>(), Instant::now()), None);
        assert_eq!(block_on_until(future::ready(1), Instant::now()), Some(1));
    }
}
