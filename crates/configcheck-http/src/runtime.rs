//! The runtime of connections: one thread, started with the first task, that serves whatever executor the caller has, or none.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::{Future, pending};
use std::panic::{self, AssertUnwindSafe};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::task::{Context, Poll};
use std::thread;

use configcheck_core::provider::{Outcome, Reason, Retry};
use configcheck_core::wiping::Wiping;
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinHandle;
use zeroize::Zeroize;

/// The name of the thread, and of those that resolve names for it.
const THREAD: &str = "configcheck-http";

static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);

thread_local! {
    /// Whether this thread is one of ours, whose panics are told to the caller alone.
    static IS_OURS: Cell<bool> = const { Cell::new(false) };
    /// Where this thread panicked last.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs a future on the crate's own runtime, whose thread is started with the first of them.
///
/// What comes back can be awaited below any executor. Dropping it aborts the future and closes what it had open. A panic inside ends
/// the future alone: its message, which can carry anything, is wiped and not printed; [`Stopped`] has the place of it.
pub fn spawn<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> Running<T> {
    let task = handle().map(|handle| handle.spawn(caught(future)));
    Running { task }
}

fn handle() -> Option<Handle> {
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if runtime.is_none() {
        *runtime = start();
    }
    runtime.clone()
}

/// A runtime whose thread lives as long as the process. `None` where the system gives no thread or no descriptor.
fn start() -> Option<Handle> {
    let awake = Arc::new(Awake::new());
    let (parks, wakes) = (Arc::clone(&awake), awake);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .thread_name(THREAD)
        .on_thread_start(become_ours)
        .on_thread_park(move || parks.set(false))
        .on_thread_unpark(move || wakes.set(true))
        .build()
        .ok()?;
    let handle = runtime.handle().clone();
    let serve = move || {
        become_ours();
        runtime.block_on(pending::<()>());
    };
    thread::Builder::new().name(THREAD.to_owned()).spawn(serve).ok()?;
    Some(handle)
}

/// Whether the thread works. As long as it does, what it frees is overwritten, in a program whose allocator does that while loading: a
/// connection is closed after the load that had it is over, and its buffers are freed here.
struct Awake(Mutex<Option<Wiping>>);

impl Awake {
    /// The thread begins its work as it is started.
    fn new() -> Self {
        Self(Mutex::new(Some(Wiping::begin())))
    }

    fn set(&self, is_awake: bool) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = is_awake.then(Wiping::begin);
    }
}

/// Marks this thread as ours, and sees to it that a panic on it is not printed.
///
/// A panic's message goes to the hook of the process before anything can catch it. So the hook is wrapped, once: on other threads it
/// does what it did; on ours it keeps the place and nothing else. A hook that the service sets later takes ours away.
fn become_ours() {
    static HOOK: Once = Once::new();
    IS_OURS.set(true);
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_OURS.try_with(Cell::get).unwrap_or(false) {
                return others(panic);
            }
            let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
            let _ = PLACE.try_with(|last| last.replace(place));
        }));
    });
}

/// The future, with its panic turned into [`Stopped`].
async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Stopped> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        let poll = panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        match poll {
            Ok(poll) => poll.map(Ok),
            Err(mut payload) => {
                if let Some(message) = payload.downcast_mut::<String>() {
                    message.zeroize();
                }
                Poll::Ready(Err(Stopped { place: PLACE.take() }))
            }
        }
    })
    .await
}

/// A future on its way on the crate's runtime. Dropping it aborts the future.
#[must_use = "dropping it aborts the future"]
pub struct Running<T> {
    task: Option<JoinHandle<Result<T, Stopped>>>,
}

impl<T> fmt::Debug for Running<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").finish_non_exhaustive()
    }
}

impl<T> Future for Running<T> {
    type Output = Result<T, Stopped>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(task) = &mut self.task else { return Poll::Ready(Err(Stopped { place: None })) };
        // What tokio says of a task that ended early can carry the panic's message: it is dropped unread.
        Pin::new(task).poll(context).map(|ended| ended.unwrap_or(Err(Stopped { place: None })))
    }
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// Why a future on the runtime came to no end: it panicked, or the runtime could not be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    place: Option<String>,
}

impl Stopped {
    /// The file and line of the code that panicked.
    pub fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    /// The outcome that this means for what was asked of `who`: the server's name as a sentence has it, such as `Vault`.
    pub fn outcome(&self, who: &str) -> Outcome {
        let reason = Reason::new(format!("{who} was not asked to the end: {self}")).help(match self.place {
            Some(_) => "report it, with this message and what the service was doing",
            None => "does this process have its full number of threads or open files (`ulimit -a`)?",
        });
        Outcome::Unavailable { retry: Retry::Never, reason }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "the code for requests stopped at {place}, which is a mistake in it"),
            None => f.write_str("the thread for requests could not be started or was stopped"),
        }
    }
}

impl std::error::Error for Stopped {}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    /// Drives a future of the runtime from a thread without one.
    fn finished<T>(future: impl Future<Output = T>) -> T {
        let runtime = Builder::new_current_thread().build().expect("a runtime for this test");
        runtime.block_on(future)
    }

    #[test]
    fn what_the_thread_frees_is_overwritten_while_it_works_and_no_longer() {
        assert!(finished(spawn(async { Wiping::is_on() })).expect("it runs to its end"));
        // It goes to sleep after it has answered. Nobody else in the process of this test has a guard for long.
        let patience = Instant::now() + Duration::from_secs(30);
        while Wiping::is_on() {
            assert!(Instant::now() < patience, "the thread has slept for long");
            thread::sleep(Duration::from_millis(1));
        }
        assert!(finished(spawn(async { Wiping::is_on() })).expect("it runs to its end"), "and once more");
    }
}
