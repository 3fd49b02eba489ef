//! The connections to one server: one that all share where it speaks HTTP/2, and else as many as are needed at once, kept for the next.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::address::Scheme;
use crate::dial::{Dial, Dialled, Peer};
use crate::exchange::{Broken, Progress, Shared, Single, Terms};
use crate::failure::{Failure, FailureKind};
use crate::outgoing::Outgoing;
use crate::response::Response;
use crate::single_flight::{Deserted, SingleFlight};

/// How long a connection without a request is kept: what stands in between forgets it after a minute or more.
const IDLE: Duration = Duration::from_secs(30);

/// How often a shared connection is looked for, or made, for one request: a server that closes each one at once is not asked for ever.
const TRIES: usize = 3;

/// What a client counted and saw, over all its servers.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) connections: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) peer: Mutex<Option<Peer>>,
}

/// The connections to one server.
pub(crate) struct Origin {
    dial: Dial,
    peer: String,
    authority: String,
    seen: Arc<Seen>,
    lane: Mutex<Lane>,
    idle: Mutex<Vec<(Single, Instant)>>,
    connecting: SingleFlight<Result<(), Failure>>,
}

/// How the server is spoken to.
enum Lane {
    /// That is not known, or the shared connection is gone.
    Unknown,
    /// All share this one.
    Shared(Shared),
    /// Each request has one of its own.
    Singles,
}

enum Link {
    Shared(Shared),
    Single(Single),
}

impl Origin {
    pub(crate) fn new(dial: Dial, seen: Arc<Seen>, http2: bool) -> Self {
        let lane = match dial.address().scheme() {
            Scheme::Https if http2 => Lane::Unknown,
            _ => Lane::Singles,
        };
        Self {
            peer: dial.address().host_and_port(),
            authority: dial.address().authority(),
            dial,
            seen,
            lane: Mutex::new(lane),
            idle: Mutex::default(),
            connecting: SingleFlight::new(Deserted::Aborts),
        }
    }

    /// The response to a request; a connection that had gone stale is replaced once, where the request can have had no effect.
    pub(crate) async fn send(self: &Arc<Self>, outgoing: &Outgoing, body_limit: usize) -> Result<Response, Failure> {
        let terms = Terms { peer: &self.peer, authority: &self.authority, body_limit };
        let (link, was_used) = self.link().await?;
        let Broken { failure, progress } = match self.exchange(link, outgoing, &terms).await {
            Ok(response) => return Ok(response),
            Err(broken) => broken,
        };
        let harmless = progress == Progress::Unsent || progress == Progress::Unanswered && outgoing.is_get();
        if !was_used || !harmless {
            return Err(failure);
        }
        // What went stale did not go alone.
        lock(&self.idle).clear();
        let (link, _) = self.link().await?;
        self.exchange(link, outgoing, &terms).await.map_err(|broken| broken.failure)
    }

    async fn exchange(&self, link: Link, outgoing: &Outgoing, terms: &Terms<'_>) -> Result<Response, Broken> {
        self.seen.requests.fetch_add(1, Ordering::Relaxed);
        match link {
            Link::Single(mut single) => {
                let response = single.exchange(outgoing, terms).await?;
                lock(&self.idle).push((single, Instant::now()));
                Ok(response)
            }
            Link::Shared(mut shared) => {
                let answer = shared.exchange(outgoing, terms).await;
                if answer.as_ref().is_err_and(|broken| broken.progress != Progress::Answered) {
                    let mut lane = lock(&self.lane);
                    if matches!(&*lane, Lane::Shared(current) if current.is(&shared)) {
                        *lane = Lane::Unknown;
                    }
                }
                answer
            }
        }
    }

    /// A connection for a request, and whether it carried one before.
    async fn link(self: &Arc<Self>) -> Result<(Link, bool), Failure> {
        let mut is_new = false;
        for _ in 0..TRIES {
            let singles = match &mut *lock(&self.lane) {
                Lane::Shared(shared) if !shared.is_closed() => return Ok((Link::Shared(shared.clone()), !is_new)),
                lane @ (Lane::Shared(_) | Lane::Unknown) => {
                    *lane = Lane::Unknown;
                    false
                }
                Lane::Singles => true,
            };
            if singles {
                if let Some(single) = self.idle_one().await {
                    return Ok((Link::Single(single), !is_new));
                }
                let dialled = self.dial().await?;
                if !dialled.http2 {
                    return Ok((Link::Single(Single::open(dialled, &self.peer).await?), false));
                }
                // A server that changed its mind.
                *lock(&self.lane) = Lane::Shared(Shared::open(dialled, &self.peer).await?);
                continue;
            }
            let connected = self.connecting.join(|| {
                let origin = Arc::clone(self);
                async move { origin.first().await }
            });
            connected.await.unwrap_or_else(|| Err(Failure::plain(&self.peer, FailureKind::Stopped)))?;
            is_new = true;
        }
        Err(Failure::plain(&self.peer, FailureKind::Closed))
    }

    /// The connection that shows how the server is spoken to.
    async fn first(&self) -> Result<(), Failure> {
        let dialled = self.dial().await?;
        let lane = if dialled.http2 {
            Lane::Shared(Shared::open(dialled, &self.peer).await?)
        } else {
            let single = Single::open(dialled, &self.peer).await?;
            lock(&self.idle).push((single, Instant::now()));
            Lane::Singles
        };
        *lock(&self.lane) = lane;
        Ok(())
    }

    async fn dial(&self) -> Result<Dialled, Failure> {
        let dialled = self.dial.connect().await?;
        self.seen.connections.fetch_add(1, Ordering::Relaxed);
        *lock(&self.seen.peer) = Some(dialled.peer.clone());
        Ok(dialled)
    }

    async fn idle_one(&self) -> Option<Single> {
        loop {
            let (mut single, since) = lock(&self.idle).pop()?;
            if since.elapsed() < IDLE && single.is_usable().await {
                return Some(single);
            }
        }
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
