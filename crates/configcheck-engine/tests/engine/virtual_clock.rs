//! A clock that stands still while anybody works, and jumps to the next time that somebody waits for.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use configcheck_core::provider::BoxFuture;
use configcheck_engine::Clock;

#[derive(Clone)]
pub(crate) struct VirtualClock {
    state: Arc<Mutex<State>>,
    begin: Instant,
}

struct State {
    now: Instant,
    waiting: BTreeMap<(Instant, usize), Waker>,
    count: usize,
}

#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl VirtualClock {
    pub(crate) fn new() -> Self {
        let begin = Instant::now();
        Self { state: Arc::new(Mutex::new(State { now: begin, waiting: BTreeMap::new(), count: 0 })), begin }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.state.lock().unwrap().now - self.begin
    }

    /// Runs a future; when nothing can go on, time jumps.
    pub(crate) fn run<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        let flag = Arc::new(Flag::default());
        let waker = Waker::from(Arc::clone(&flag));
        let mut context = Context::from_waker(&waker);
        loop {
            flag.0.store(false, Ordering::SeqCst);
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            if !flag.0.load(Ordering::SeqCst) {
                let mut state = self.state.lock().unwrap();
                let ((time, _), waker) = state.waiting.pop_first().expect("nobody waits for a time, and nothing can go on");
                state.now = state.now.max(time);
                drop(state);
                waker.wake();
            }
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        self.state.lock().unwrap().now
    }

    fn sleep_until(&self, time: Instant) -> BoxFuture<'static, ()> {
        let state = Arc::clone(&self.state);
        let mut entry = None;
        Box::pin(std::future::poll_fn(move |context| {
            let mut state = state.lock().unwrap();
            if state.now >= time {
                return Poll::Ready(());
            }
            let number = *entry.get_or_insert_with(|| {
                state.count += 1;
                state.count
            });
            state.waiting.insert((time, number), context.waker().clone());
            Poll::Pending
        }))
    }
}
