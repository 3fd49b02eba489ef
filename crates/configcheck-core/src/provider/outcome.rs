//! What a manager delivers for one reference, or why it does not.

use std::time::{Duration, SystemTime};

use super::lease::Lease;
use crate::secret::Secret;

/// What a secret manager delivers for one reference.
#[derive(Debug)]
pub enum Payload {
    /// One value, as bytes.
    Value(Secret<Vec<u8>>),
    /// Named values, in the manager's order; the reference's `#field` picks one.
    Map(Vec<(String, Secret<Vec<u8>>)>),
}

/// A fetched secret and what is known of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fetched {
    /// The value.
    pub payload: Payload,
    /// The manager's name for this version.
    pub version: Option<String>,
    /// When this version was made.
    pub created: Option<SystemTime>,
    /// How long it may be used.
    pub not_after: Option<SystemTime>,
    /// The lease of a secret that the manager made for this process.
    pub lease: Option<Lease>,
}

impl Fetched {
    /// A value of which nothing else is known.
    pub fn new(payload: Payload) -> Self {
        Self { payload, version: None, created: None, not_after: None, lease: None }
    }

    /// One value.
    pub fn value(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(Payload::Value(Secret::new(bytes.into())))
    }
}

/// Why an item was not delivered: a sentence of the provider's own, and what to do. Never a value, never a foreign error's text.
///
/// Items with the same reason have the same cause, and are reported as one finding: an expired login names all that it kept from coming.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What is wrong.
    pub message: String,
    /// What to do about it, the likeliest first.
    pub help: Vec<String>,
}

impl Reason {
    /// A sentence of the provider's own.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new() }
    }

    /// What to do about it; after what was said before.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

/// Whether asking again may help where a manager could not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// It could not be reached: it may come back any time before the deadline.
    UntilDeadline,
    /// It answered with a failure of its own, or broke off: a few tries.
    Few,
    /// Asking again changes nothing.
    Never,
}

/// What became of one item. Only *absent* may fall to a default.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It is here.
    Found(Fetched),
    /// The manager answered that it does not exist.
    Absent(Reason),
    /// The manager answered that we may not read it.
    Denied(Reason),
    /// The manager asks us to come back later.
    Throttled {
        /// When.
        retry_after: Option<Duration>,
        /// Its reason.
        reason: Reason,
    },
    /// The manager did not answer, or could not.
    Unavailable {
        /// Whether asking again may help.
        retry: Retry,
        /// Its reason.
        reason: Reason,
    },
    /// The manager answered something that is no secret.
    Malformed(Reason),
    /// The manager does not know us.
    AuthFailed(Reason),
    /// The provider's own settings are missing or wrong, so that nobody was asked.
    Misconfigured(Reason),
}

/// An [`Outcome`] without what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum OutcomeKind {
    /// See [`Outcome::Found`].
    Found,
    /// See [`Outcome::Absent`].
    Absent,
    /// See [`Outcome::Denied`].
    Denied,
    /// See [`Outcome::Throttled`].
    Throttled,
    /// See [`Outcome::Unavailable`].
    Unavailable,
    /// See [`Outcome::Malformed`].
    Malformed,
    /// See [`Outcome::AuthFailed`].
    AuthFailed,
    /// See [`Outcome::Misconfigured`].
    Misconfigured,
    /// No provider for the scheme is at hand.
    NoProvider,
    /// The reference itself is not well formed.
    BadReference,
    /// Nobody was asked: the values are checked where the secrets are not at hand.
    NotFetched,
}

impl OutcomeKind {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Absent => "absent",
            Self::Denied => "denied",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Malformed => "malformed",
            Self::AuthFailed => "auth failed",
            Self::Misconfigured => "misconfigured",
            Self::NoProvider => "no provider",
            Self::BadReference => "bad reference",
            Self::NotFetched => "not fetched",
        }
    }
}

impl Outcome {
    /// A manager that could not answer, where a few more tries may help.
    pub fn unavailable(reason: Reason) -> Self {
        Self::Unavailable { retry: Retry::Few, reason }
    }

    /// The outcome without what it holds.
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Self::Found(_) => OutcomeKind::Found,
            Self::Absent(_) => OutcomeKind::Absent,
            Self::Denied(_) => OutcomeKind::Denied,
            Self::Throttled { .. } => OutcomeKind::Throttled,
            Self::Unavailable { .. } => OutcomeKind::Unavailable,
            Self::Malformed(_) => OutcomeKind::Malformed,
            Self::AuthFailed(_) => OutcomeKind::AuthFailed,
            Self::Misconfigured(_) => OutcomeKind::Misconfigured,
        }
    }

    /// Why the item was not delivered.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Found(_) => None,
            Self::Absent(reason)
            | Self::Denied(reason)
            | Self::Throttled { reason, .. }
            | Self::Unavailable { reason, .. }
            | Self::Malformed(reason)
            | Self::AuthFailed(reason)
            | Self::Misconfigured(reason) => Some(reason),
        }
    }

    /// The same for another item, of an outcome that holds no value: where a login failed, every item that waited for it has its outcome.
    ///
    /// `None` for what was found, which there is only one of.
    pub fn failure(&self) -> Option<Self> {
        Some(match self {
            Self::Found(_) => return None,
            Self::Absent(reason) => Self::Absent(reason.clone()),
            Self::Denied(reason) => Self::Denied(reason.clone()),
            Self::Throttled { retry_after, reason } => Self::Throttled { retry_after: *retry_after, reason: reason.clone() },
            Self::Unavailable { retry, reason } => Self::Unavailable { retry: *retry, reason: reason.clone() },
            Self::Malformed(reason) => Self::Malformed(reason.clone()),
            Self::AuthFailed(reason) => Self::AuthFailed(reason.clone()),
            Self::Misconfigured(reason) => Self::Misconfigured(reason.clone()),
        })
    }
}
