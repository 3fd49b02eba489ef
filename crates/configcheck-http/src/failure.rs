//! Why a request has no response, in words of our own: where it went and what went wrong, never what was sent or came back.

use std::fmt;

use configcheck_core::provider::{Outcome, Reason, Retry};

use crate::address::AddressProblem;

mod foreign;
mod refusal;

pub(crate) use foreign::{Stage, is_of_one_stream};
pub(crate) use refusal::Refusal;

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// The address is one that is not spoken to. Nothing was connected to.
    AddressRefused,
    /// The request is not one that can be sent.
    BadRequest,
    /// The name of the host could not be resolved.
    NameUnknown,
    /// Nothing listens there.
    Refused,
    /// It took too long to connect.
    ConnectTimeout,
    /// There is no way there.
    Unreachable,
    /// The proxy did not let us through.
    Proxy,
    /// No safe connection could be made.
    Tls,
    /// The connection was closed before the response.
    Closed,
    /// The connection was reset.
    Reset,
    /// The server stopped to answer on a connection that many share.
    Stalled,
    /// The response broke off.
    Truncated,
    /// The response is larger than what is read.
    TooLarge,
    /// The headers of the response are.
    HeadersTooLarge,
    /// The response is compressed, which was not asked for.
    Encoded,
    /// The response does not say where it ends.
    Unframed,
    /// What came back is not HTTP.
    NotHttp,
    /// The code for requests stopped.
    Stopped,
}

/// What went wrong, with what is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Address(AddressProblem),
    Tls(Refusal),
    Proxy(ProxyFault),
    TooLarge { limit: usize },
    Plain(FailureKind),
}

/// What a proxy did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProxyFault {
    /// It is not spoken to in the clear about anything but tunnels.
    InTheClear,
    /// It answered the request for a tunnel with this status.
    Status(u16),
    /// It broke off, or answered with something else.
    Broken,
}

/// Why a request has no response.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    /// Host and port.
    peer: String,
    cause: Cause,
}

impl Failure {
    pub(crate) fn new(peer: impl Into<String>, cause: Cause) -> Self {
        Self { peer: peer.into(), cause }
    }

    pub(crate) fn plain(peer: impl Into<String>, kind: FailureKind) -> Self {
        Self::new(peer, Cause::Plain(kind))
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> FailureKind {
        match &self.cause {
            Cause::Address(_) => FailureKind::AddressRefused,
            Cause::Tls(_) => FailureKind::Tls,
            Cause::Proxy(_) => FailureKind::Proxy,
            Cause::TooLarge { .. } => FailureKind::TooLarge,
            Cause::Plain(kind) => *kind,
        }
    }

    /// Whether the same request may succeed later.
    pub fn retry(&self) -> Retry {
        match self.kind() {
            FailureKind::NameUnknown | FailureKind::Refused | FailureKind::ConnectTimeout | FailureKind::Unreachable => {
                Retry::UntilDeadline
            }
            FailureKind::Closed | FailureKind::Reset | FailureKind::Stalled | FailureKind::Truncated => Retry::Few,
            FailureKind::Proxy => match self.cause {
                Cause::Proxy(ProxyFault::Status(500..) | ProxyFault::Broken) => Retry::Few,
                _ => Retry::Never,
            },
            _ => Retry::Never,
        }
    }

    /// The outcome that this means for what was asked of `who`: the server's name as a sentence has it, such as `Vault`.
    pub fn outcome(&self, who: &str) -> Outcome {
        let reason = |told: String| Reason::new(told).help(self.help());
        match self.kind() {
            FailureKind::TooLarge | FailureKind::HeadersTooLarge | FailureKind::Encoded | FailureKind::Unframed | FailureKind::NotHttp => {
                Outcome::Malformed(reason(format!("the answer of {who} cannot be used: {self}")))
            }
            FailureKind::Tls => {
                Outcome::Unavailable { retry: self.retry(), reason: reason(format!("there is no safe connection to {who}: {self}")) }
            }
            FailureKind::Closed | FailureKind::Reset | FailureKind::Stalled | FailureKind::Truncated => {
                Outcome::Unavailable { retry: self.retry(), reason: reason(format!("{who} broke off: {self}")) }
            }
            _ => Outcome::Unavailable { retry: self.retry(), reason: reason(format!("{who} cannot be reached: {self}")) },
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        let peer = &self.peer;
        match &self.cause {
            Cause::Address(problem) => problem.help().to_owned(),
            Cause::Tls(refusal) => refusal.help(),
            Cause::Proxy(ProxyFault::InTheClear) => "use `https` for the server, or take the proxy out of the settings".to_owned(),
            Cause::Proxy(ProxyFault::Status(407)) => {
                format!("use a proxy that asks for no login, or let it pass {peer} without one")
            }
            Cause::Proxy(_) => format!("may the proxy connect to {peer}, and is the proxy's address right?"),
            Cause::TooLarge { .. } => "is this the server's address, and is what it holds a secret?".to_owned(),
            Cause::Plain(kind) => plain_help(*kind, peer),
        }
    }
}

fn plain_help(kind: FailureKind, peer: &str) -> String {
    match kind {
        FailureKind::NameUnknown => {
            let name = peer.rsplit_once(':').map_or(peer, |(name, _)| name);
            format!("is the name spelled right, and does this machine know it (`getent hosts {name}`)?")
        }
        FailureKind::Refused => "is the server up, and is the address right?".to_owned(),
        FailureKind::ConnectTimeout | FailureKind::Unreachable => {
            format!("may this machine connect to {peer}? Ask its firewall, security group or network policy")
        }
        FailureKind::Closed | FailureKind::Reset | FailureKind::Stalled | FailureKind::Truncated => {
            "look into the log of the server, or of the load balancer in front of it, at this time".to_owned()
        }
        FailureKind::NotHttp => "is this the server's port, and does it want `https`?".to_owned(),
        FailureKind::Encoded | FailureKind::Unframed | FailureKind::HeadersTooLarge => {
            "is a proxy or a gateway in between, and is the address right?".to_owned()
        }
        _ => "report it, with this message and what the service was doing".to_owned(),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let peer = &self.peer;
        match &self.cause {
            Cause::Address(problem) => problem.fmt(f),
            Cause::Tls(refusal) => refusal.tell(peer, f),
            Cause::Proxy(ProxyFault::InTheClear) => write!(f, "http to {peer} would show the proxy what is sent"),
            Cause::Proxy(ProxyFault::Status(407)) => write!(f, "the proxy asks for a login to connect to {peer}"),
            Cause::Proxy(ProxyFault::Status(status)) => write!(f, "the proxy did not connect to {peer}: it answered {status}"),
            Cause::Proxy(ProxyFault::Broken) => write!(f, "the proxy broke off instead of connecting to {peer}"),
            Cause::TooLarge { limit } => write!(f, "{peer} answered with more than {limit} bytes"),
            Cause::Plain(kind) => match kind {
                FailureKind::NameUnknown => write!(f, "the name in {peer} could not be resolved"),
                FailureKind::Refused => write!(f, "nothing listens at {peer}"),
                FailureKind::ConnectTimeout => write!(f, "{peer} did not take the connection in time"),
                FailureKind::Unreachable => write!(f, "there is no way to {peer} from here"),
                FailureKind::Closed => write!(f, "{peer} closed the connection before it answered"),
                FailureKind::Reset => write!(f, "{peer} reset the connection"),
                FailureKind::Stalled => write!(f, "{peer} no longer answers on its connection"),
                FailureKind::Truncated => write!(f, "the answer of {peer} broke off in the middle"),
                FailureKind::HeadersTooLarge => write!(f, "{peer} answered with more headers than anybody needs"),
                FailureKind::Encoded => write!(f, "{peer} answered with a compressed body, which was not asked for"),
                FailureKind::Unframed => write!(f, "{peer} did not say where its answer ends, so that a part could pass for the whole"),
                FailureKind::NotHttp => write!(f, "what {peer} answered is not HTTP"),
                FailureKind::BadRequest => write!(f, "the request to {peer} cannot be sent"),
                _ => write!(f, "the request to {peer} was stopped"),
            },
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failure({self})")
    }
}

impl std::error::Error for Failure {}
