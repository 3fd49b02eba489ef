//! `Fault`: what the failure lab plays.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use super::request::Request;

/// What the failure lab plays for a request, or for all.
#[derive(Clone)]
#[non_exhaustive]
pub enum Fault {
    /// Nobody listens at the port. Only for a whole lab.
    Refuse,
    /// Takes the connection and the request, and never answers.
    Silent,
    /// Closes the connection before it has read anything; in a script, after the request and without an answer.
    CloseAtOnce,
    /// Answers with a status and a short JSON body that says nothing.
    Status(u16),
    /// Answers with a status, headers and a body. `Content-Type` and `Content-Length` are added where they are missing.
    StatusWith {
        /// The status.
        status: u16,
        /// The headers.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// Asks to come back later.
    RetryAfter {
        /// The status: 429 or 503.
        status: u16,
        /// When.
        after: RetryAfter,
    },
    /// Declares a longer body than it sends, then ends the connection in order.
    Truncated,
    /// Ends the connection in order in the middle of a chunked body.
    ChunkedTruncated,
    /// Resets the connection in the middle of the body. Over TLS the connection ends without the closing message.
    ResetMidBody,
    /// Sends the client somewhere else.
    Redirect {
        /// The status: 301, 302, 303, 307 or 308.
        status: u16,
        /// The new address. Where it has no path of its own, that of the request is added.
        to: String,
    },
    /// Answers with a body of spaces.
    HugeBody {
        /// Whether the length stands in the headers; else the body comes in chunks.
        declared: bool,
        /// The length.
        bytes: u64,
    },
    /// Answers with less than 1 MiB that becomes 128 MiB of zeros when it is decompressed.
    GzipBomb,
    /// Sends its whole answer at one byte in a second.
    SlowHeaders,
    /// Sends its headers at once and its body at one byte in a second.
    SlowBody,
    /// Sends a byte of its body every 100 ms, for ever.
    Trickle,
    /// Answers with so many headers.
    ManyHeaders(usize),
    /// Answers with one header of so many bytes.
    LongHeader(usize),
    /// Answers with bytes that are no HTTP.
    NotHttp,
    /// Answers 500 with the request in the body, headers and all, so that a leak through error texts shows.
    Echo,
    /// Plays each of these for one request, and the last for all that follow.
    Script(Vec<Fault>),
    /// Plays what a function says for each request. See [`Fault::by`].
    By(Choice),
    /// Plays a fault of TLS, and answers clients that take no notice with 200 and an empty object. Only for a whole lab. With the feature
    /// `lab-tls`.
    #[cfg(feature = "lab-tls")]
    Tls(super::TlsFault),
}

/// What a fault depends on. See [`Fault::by`].
pub type Choice = Arc<dyn Fn(&Request) -> Fault + Send + Sync>;

/// When a client is asked to come back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// After so many seconds.
    Seconds(u64),
    /// At this time, as a date.
    At(SystemTime),
    /// It is not said.
    Unsaid,
    /// Something that is no time.
    Text(String),
}

impl Fault {
    /// No fault: a 200 with this body, as JSON.
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::json(200, body)
    }

    /// A status with this body, as JSON.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::StatusWith { status, headers: Vec::new(), body: body.into() }
    }

    /// What a function says for each request: a login that works before a read that fails.
    ///
    /// ```
    /// use configcheck_testkit::failure_lab::{Fault, FailureLab};
    ///
    /// let lab = FailureLab::start(Fault::by(|request| match request.target.as_str() {
    ///     "/v1/auth/approle/login" => Fault::ok(r#"{"auth":{"client_token":"not-a-real-token"}}"#),
    ///     _ => Fault::Status(503),
    /// }));
    /// # drop(lab);
    /// ```
    pub fn by(choose: impl Fn(&Request) -> Self + Send + Sync + 'static) -> Self {
        Self::By(Arc::new(choose))
    }
}

impl fmt::Debug for Fault {
    /// The name of the fault. Bodies are left out: they may be large, and may be answers with values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse => f.write_str("Refuse"),
            Self::Silent => f.write_str("Silent"),
            Self::CloseAtOnce => f.write_str("CloseAtOnce"),
            Self::Status(status) => write!(f, "Status({status})"),
            Self::StatusWith { status, .. } => write!(f, "StatusWith({status})"),
            Self::RetryAfter { status, after } => write!(f, "RetryAfter({status}, {after:?})"),
            Self::Truncated => f.write_str("Truncated"),
            Self::ChunkedTruncated => f.write_str("ChunkedTruncated"),
            Self::ResetMidBody => f.write_str("ResetMidBody"),
            Self::Redirect { status, to } => write!(f, "Redirect({status}, {to})"),
            Self::HugeBody { declared, bytes } => write!(f, "HugeBody({bytes}, declared: {declared})"),
            Self::GzipBomb => f.write_str("GzipBomb"),
            Self::SlowHeaders => f.write_str("SlowHeaders"),
            Self::SlowBody => f.write_str("SlowBody"),
            Self::Trickle => f.write_str("Trickle"),
            Self::ManyHeaders(count) => write!(f, "ManyHeaders({count})"),
            Self::LongHeader(bytes) => write!(f, "LongHeader({bytes})"),
            Self::NotHttp => f.write_str("NotHttp"),
            Self::Echo => f.write_str("Echo"),
            Self::Script(faults) => f.debug_tuple("Script").field(faults).finish(),
            Self::By(_) => f.write_str("By(…)"),
            #[cfg(feature = "lab-tls")]
            Self::Tls(fault) => write!(f, "Tls({fault:?})"),
        }
    }
}
