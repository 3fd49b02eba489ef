//! Drives futures until a deadline, on the calling thread or within whatever runtime polls them; needs no runtime of its own.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future that ends by itself on the calling thread.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::park();
    }
}

/// Polls several futures at once until all are done or the deadline has come. The results stand in the order of the futures; one that did
/// not come in time has none, and takes no other with it.
pub(crate) struct All<'a, T> {
    futures: Vec<Option<Boxed<'a, T>>>,
    results: Vec<Option<T>>,
    deadline: Instant,
    alarm: Option<Alarm>,
}

impl<'a, T> All<'a, T> {
    pub(crate) fn of(futures: Vec<Boxed<'a, T>>, deadline: Instant) -> Self {
        let results = futures.iter().map(|_| None).collect();
        Self { futures: futures.into_iter().map(Some).collect(), results, deadline, alarm: None }
    }
}

impl<T: Unpin> Future for All<'_, T> {
    type Output = Vec<Option<T>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        for (future, result) in this.futures.iter_mut().zip(&mut this.results) {
            if let Some(running) = future
                && let Poll::Ready(output) = running.as_mut().poll(context)
            {
                *result = Some(output);
                *future = None;
            }
        }
        let left = this.deadline.saturating_duration_since(Instant::now());
        if this.futures.iter().all(Option::is_none) || left.is_zero() {
            return Poll::Ready(std::mem::take(&mut this.results));
        }
        if !this.alarm.as_ref().is_some_and(|alarm| alarm.waker.will_wake(context.waker())) {
            this.alarm = Some(Alarm::after(left, context.waker().clone()));
        }
        Poll::Pending
    }
}

/// A thread that wakes a task when the time has come. It ends at once when the alarm is dropped.
struct Alarm {
    waker: Waker,
    _stop: Sender<()>,
}

impl Alarm {
    fn after(time: Duration, waker: Waker) -> Self {
        let (stop, stopped) = mpsc::channel();
        let task = waker.clone();
        thread::spawn(move || {
            if stopped.recv_timeout(time) == Err(mpsc::RecvTimeoutError::Timeout) {
                task.wake();
            }
        });
        Self { waker, _stop: stop }
    }
}
