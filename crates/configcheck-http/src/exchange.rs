//! One request and its response on one connection.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response as Head};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use crate::body::{self, Remains};
use crate::dial::Dialled;
use crate::failure::{Failure, FailureKind, Stage, is_of_one_stream};
use crate::outgoing::Outgoing;
use crate::response::Response;

mod limits {
    //! What a server may send besides the body.

    use std::time::Duration;

    /// How many headers.
    pub(super) const HEADERS: usize = 100;
    /// How many bytes of them.
    pub(super) const HEADER_BYTES: usize = 64 << 10;
    /// What a response of HTTP/2 may be ahead of us, and all on one connection together.
    pub(super) const STREAM_WINDOW: u32 = 256 << 10;
    pub(super) const CONNECTION_WINDOW: u32 = 2 << 20;
    /// How long a connection may take after a response until it can carry the next request.
    pub(super) const SETTLING: Duration = Duration::from_secs(1);
    /// After which silence a shared connection is asked whether it is alive, and how long it may take to say so. Together they are less
    /// than a try takes, so that the next try has a new connection.
    pub(super) const SILENCE: Duration = Duration::from_secs(1);
    pub(super) const SIGN_OF_LIFE: Duration = Duration::from_secs(3);
}

/// What keeps a connection going. It closes the connection when it is dropped.
pub(crate) struct Driver(AbortHandle);

impl Driver {
    fn start(connection: impl Future<Output = hyper::Result<()>> + Send + 'static) -> Self {
        let task = tokio::spawn(async move {
            // How it ends is told to whoever waits for a response on it.
            let _ = connection.await;
        });
        Self(task.abort_handle())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A connection that carries one request at a time, and is owned by it.
pub(crate) struct Single {
    sender: http1::SendRequest<Full<Bytes>>,
    over_tls: bool,
    _driver: Driver,
}

/// A connection that many requests share.
#[derive(Clone)]
pub(crate) struct Shared {
    sender: http2::SendRequest<Full<Bytes>>,
    driver: Arc<Driver>,
}

/// An exchange that came to no response.
pub(crate) struct Broken {
    pub(crate) failure: Failure,
    /// What is known of how far it had come.
    pub(crate) progress: Progress,
}

/// How far a broken exchange had come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// No byte of the request had left.
    Unsent,
    /// No byte of a response had come, and the connection is gone.
    Unanswered,
    /// The response had begun, or cannot be used.
    Answered,
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self { failure, progress: Progress::Answered }
    }
}

/// Where a request goes and what may come back.
pub(crate) struct Terms<'a> {
    pub(crate) peer: &'a str,
    pub(crate) authority: &'a str,
    pub(crate) body_limit: usize,
}

impl Single {
    pub(crate) async fn open(dialled: Dialled, peer: &str) -> Result<Self, Failure> {
        let over_tls = dialled.peer.tls.is_some();
        let opened = http1::Builder::new()
            .max_headers(limits::HEADERS)
            .max_header_size(limits::HEADER_BYTES)
            .max_buf_size(limits::HEADER_BYTES)
            .handshake(TokioIo::new(dialled.stream))
            .await;
        let (sender, connection) = opened.map_err(|error| Failure::of_exchange(peer, &error, Stage::Headers))?;
        Ok(Self { sender, over_tls, _driver: Driver::start(connection) })
    }

    /// Whether it can carry another request.
    pub(crate) async fn is_usable(&mut self) -> bool {
        !self.sender.is_closed() && timeout(limits::SETTLING, self.sender.ready()).await.is_ok_and(|ready| ready.is_ok())
    }

    pub(crate) async fn exchange(&mut self, outgoing: &Outgoing, terms: &Terms<'_>) -> Result<Response, Broken> {
        let Some(request) = outgoing.for_http1(terms.authority) else {
            return Err(Failure::plain(terms.peer, FailureKind::BadRequest).into());
        };
        let head = self.sender.try_send_request(request).await.map_err(|error| unanswered(error, terms.peer))?;
        if !self.over_tls && !outgoing.is_head() && !body::is_framed(head.status(), head.headers()) {
            return Err(Failure::plain(terms.peer, FailureKind::Unframed).into());
        }
        let (response, remains) = receive(head, outgoing, terms).await?;
        if !remains.is_empty() {
            // A connection that waits for the next request has given up the buffer of the last response.
            let _ = timeout(limits::SETTLING, self.sender.ready()).await;
        }
        Ok(response)
    }
}

impl Shared {
    pub(crate) async fn open(dialled: Dialled, peer: &str) -> Result<Self, Failure> {
        let opened = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_header_list_size(u32::try_from(limits::HEADER_BYTES).unwrap_or(u32::MAX))
            .initial_stream_window_size(limits::STREAM_WINDOW)
            .initial_connection_window_size(limits::CONNECTION_WINDOW)
            .keep_alive_interval(limits::SILENCE)
            .keep_alive_timeout(limits::SIGN_OF_LIFE)
            .handshake(TokioIo::new(dialled.stream))
            .await;
        let (sender, connection) = opened.map_err(|error| Failure::of_exchange(peer, &error, Stage::Headers))?;
        Ok(Self { sender, driver: Arc::new(Driver::start(connection)) })
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Whether two are the same connection.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.driver, &other.driver)
    }

    pub(crate) async fn exchange(&mut self, outgoing: &Outgoing, terms: &Terms<'_>) -> Result<Response, Broken> {
        let Some(request) = outgoing.for_http2(terms.authority) else {
            return Err(Failure::plain(terms.peer, FailureKind::BadRequest).into());
        };
        let head = self.sender.try_send_request(request).await.map_err(|error| unanswered(error, terms.peer))?;
        if head.headers().len() > limits::HEADERS {
            return Err(Failure::plain(terms.peer, FailureKind::HeadersTooLarge).into());
        }
        receive(head, outgoing, terms).await.map(|(response, _)| response)
    }
}

fn unanswered(mut error: TrySendError<http::Request<Full<Bytes>>>, peer: &str) -> Broken {
    let unsent = error.take_message().is_some();
    let failure = Failure::of_exchange(peer, error.error(), Stage::Headers);
    let progress = match failure.kind() {
        _ if is_of_one_stream(error.error()) => Progress::Answered,
        FailureKind::Closed | FailureKind::Reset if unsent => Progress::Unsent,
        FailureKind::Closed | FailureKind::Reset => Progress::Unanswered,
        _ => Progress::Answered,
    };
    Broken { failure, progress }
}

async fn receive(head: Head<Incoming>, outgoing: &Outgoing, terms: &Terms<'_>) -> Result<(Response, Remains), Broken> {
    let (parts, incoming) = head.into_parts();
    let (status, headers) = (parts.status, detached(&parts.headers));
    // What the library below has of the headers lies in the buffer of the body, which can be overwritten when nobody holds it.
    drop((parts.headers, parts.extensions));
    let announced = if outgoing.is_head() { Some(0) } else { body::announced(terms.peer, &headers, terms.body_limit)? };
    let (body, remains) = body::read(terms.peer, incoming, announced, terms.body_limit).await?;
    Ok((Response { status, headers, body }, remains))
}

/// The same headers in memory of their own.
fn detached(headers: &HeaderMap) -> HeaderMap {
    let own = |value: &HeaderValue| {
        let mut own = HeaderValue::from_bytes(value.as_bytes()).unwrap_or(HeaderValue::from_static(""));
        own.set_sensitive(value.is_sensitive());
        own
    };
    let mut detached = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        detached.append(name.clone(), own(value));
    }
    detached
}
