//! `Threads`: one that takes connections, one for each connection, and all of them ended when the lab is dropped.

use std::collections::HashMap;
use std::fmt;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The threads of a lab. When they are dropped, everything is closed and all of them have ended.
pub(super) struct Threads {
    address: SocketAddr,
    running: Arc<Running>,
    accepting: Option<JoinHandle<()>>,
}

/// Whether the lab still runs, and the connections that have to be closed when it does not.
#[derive(Default)]
pub(super) struct Running {
    state: Mutex<State>,
    stopped: Condvar,
}

#[derive(Default)]
struct State {
    is_stopped: bool,
    streams: HashMap<u64, TcpStream>,
    next: u64,
}

/// A connection that is closed when the lab stops.
pub(super) struct Held<'a> {
    running: &'a Running,
    number: u64,
}

impl Threads {
    /// Takes connections and gives each to the function, on a thread of its own.
    pub(super) fn start(
        address: SocketAddr,
        listener: TcpListener,
        connection: impl Fn(TcpStream, &Running) + Send + Sync + 'static,
    ) -> Self {
        let running = Arc::new(Running::default());
        let (ours, connection) = (Arc::clone(&running), Arc::new(connection));
        let accepting = thread::spawn(move || {
            let mut threads: Vec<JoinHandle<()>> = Vec::new();
            while let Ok((stream, _)) = listener.accept() {
                if ours.is_stopped() {
                    break;
                }
                threads.retain(|thread| !thread.is_finished());
                let (ours, connection) = (Arc::clone(&ours), Arc::clone(&connection));
                threads.push(thread::spawn(move || connection(stream, &ours)));
            }
            drop(listener);
            for thread in threads {
                // A thread that has panicked has said so itself.
                let _ = thread.join();
            }
        });
        Self { address, running, accepting: Some(accepting) }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.running.stop();
        // The thread that takes connections sees the end when it is given one.
        let woken = TcpStream::connect_timeout(&self.address, Duration::from_secs(5));
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
        drop(woken);
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Threads")
    }
}

impl Running {
    /// Waits, unless the lab stops meanwhile. Whether it still runs.
    pub(super) fn pause(&self, duration: Duration) -> bool {
        self.pause_until(Instant::now() + duration)
    }

    /// Waits until a time, unless the lab stops meanwhile. Whether it still runs.
    pub(super) fn pause_until(&self, due: Instant) -> bool {
        let mut state = self.lock();
        while !state.is_stopped {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            state = self.stopped.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        false
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.lock().is_stopped
    }

    /// Holds a connection, so that it is closed when the lab stops. `None` when it has stopped.
    pub(super) fn hold(&self, stream: &TcpStream) -> Option<Held<'_>> {
        let stream = stream.try_clone().ok()?;
        let mut state = self.lock();
        if state.is_stopped {
            return None;
        }
        let number = state.next;
        state.next += 1;
        state.streams.insert(number, stream);
        Some(Held { running: self, number })
    }

    fn stop(&self) {
        let mut state = self.lock();
        state.is_stopped = true;
        for stream in state.streams.values() {
            // It may have ended by itself.
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.stopped.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.running.lock().streams.remove(&self.number);
    }
}
