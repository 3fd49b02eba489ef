//! What errors of the libraries below mean. They are read by kind; their texts are dropped.

use std::error::Error;
use std::io;

use super::{Cause, Failure, FailureKind, Refusal};

/// What hyper calls too many headers, or too long ones; the question for it is compiled for servers alone.
const TOO_LARGE: &str = "message head is too large";

/// How rustls begins when the other side broke off and said why.
const ALERT: &str = "received fatal alert: ";

/// How far an exchange had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// No byte of the response had come.
    Headers,
    /// The response had begun.
    Body,
}

impl Failure {
    /// Of a connection that was being made.
    pub(crate) fn of_connect(peer: &str, error: &io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::ConnectionRefused => FailureKind::Refused,
            io::ErrorKind::TimedOut => FailureKind::ConnectTimeout,
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => FailureKind::Reset,
            _ => FailureKind::Unreachable,
        };
        Self::plain(peer, kind)
    }

    /// Of a handshake of TLS.
    pub(crate) fn of_handshake(peer: &str, error: &io::Error) -> Self {
        match find::<rustls::Error>(error) {
            Some(error) => Self::new(peer, Cause::Tls(Refusal::from(error))),
            None => Self::plain(peer, of_io(error, Stage::Headers)),
        }
    }

    /// Of an exchange on a connection.
    pub(crate) fn of_exchange(peer: &str, error: &hyper::Error, stage: Stage) -> Self {
        if let Some(error) = find::<rustls::Error>(error) {
            return Self::new(peer, Cause::Tls(Refusal::from(error)));
        }
        if let Some(refusal) = find::<io::Error>(error).and_then(refusal_of_text) {
            return Self::new(peer, Cause::Tls(refusal));
        }
        let kind = if error.is_parse() && error.to_string() == TOO_LARGE {
            FailureKind::HeadersTooLarge
        } else if error.is_parse() {
            FailureKind::NotHttp
        } else if error.is_timeout() {
            FailureKind::Stalled
        } else if error.is_user() {
            FailureKind::BadRequest
        } else if let Some(error) = find::<h2::Error>(error) {
            of_h2(error, stage)
        } else if error.is_incomplete_message() {
            closed(stage)
        } else if let Some(error) = find::<io::Error>(error) {
            of_io(error, stage)
        } else {
            closed(stage)
        };
        Self::plain(peer, kind)
    }
}

/// Whether the server ended one stream of HTTP/2, and nothing else: an answer of a kind, on a connection that goes on.
pub(crate) fn is_of_one_stream(error: &hyper::Error) -> bool {
    find::<h2::Error>(error).is_some_and(|error| error.is_reset() && error.reason() != Some(h2::Reason::REFUSED_STREAM))
}

fn closed(stage: Stage) -> FailureKind {
    match stage {
        Stage::Headers => FailureKind::Closed,
        Stage::Body => FailureKind::Truncated,
    }
}

/// What TLS said below HTTP/2. A server of TLS 1.3 turns down a client's certificate only after the handshake, in place of its first answer,
/// and h2 keeps of such an error no more than its kind and its text.
fn refusal_of_text(error: &io::Error) -> Option<Refusal> {
    if error.kind() != io::ErrorKind::InvalidData {
        return None;
    }
    let text = error.to_string();
    let alert = text.strip_prefix(ALERT)?;
    let of_certificate = ["Certificate", "UnknownCA", "AccessDenied"].iter().any(|word| alert.contains(word));
    Some(if of_certificate { Refusal::ClientCertificate } else { Refusal::Failed })
}

fn of_h2(error: &h2::Error, stage: Stage) -> FailureKind {
    if let Some(error) = error.get_io() {
        return of_io(error, stage);
    }
    // What this side found wrong is the other's mistake: frames, headers without end, a body of another length than it said.
    if error.is_library() {
        return match (error.reason(), stage) {
            (Some(h2::Reason::PROTOCOL_ERROR), Stage::Body) => FailureKind::Truncated,
            _ => FailureKind::NotHttp,
        };
    }
    match (error.is_reset(), error.reason()) {
        (_, Some(h2::Reason::NO_ERROR | h2::Reason::REFUSED_STREAM)) => closed(stage),
        (true, _) => FailureKind::Reset,
        _ => closed(stage),
    }
}

fn of_io(error: &io::Error, stage: Stage) -> FailureKind {
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => FailureKind::Reset,
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => FailureKind::NotHttp,
        _ => closed(stage),
    }
}

/// The first error of a type in a chain of causes. What an `io::Error` wraps is not among its causes, and is looked into.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
            && let Some(found) = find::<E>(inner)
        {
            return Some(found);
        }
        next = error.source();
    }
    None
}
