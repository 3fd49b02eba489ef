//! The interface that every secret manager hangs on: what it is asked, and what it may answer for each item.
//!
//! A provider reads references, plans batches and fetches. It does not retry, cache, dedupe or wait: the engine owns those. Nothing
//! that a provider says may hold a value: reasons are sentences of its own, made of names and paths.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

use crate::environment::Environment;
use crate::reference::SecretRef;
use crate::secret::Secret;

/// A future of a provider, boxed so that providers can stand in one list.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

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
}

impl Fetched {
    /// A value of which nothing else is known.
    pub fn new(payload: Payload) -> Self {
        Self { payload, version: None, created: None, not_after: None }
    }
}

/// Why an item was not delivered: a sentence of the provider's own, and what to do. Never a value, never a foreign error's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Reason {
    /// A sentence of the provider's own.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// What to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
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
    Unavailable(Reason),
    /// The manager answered something that is no secret.
    Malformed(Reason),
    /// The manager does not know us.
    AuthFailed(Reason),
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
            Self::NoProvider => "no provider",
            Self::BadReference => "bad reference",
            Self::NotFetched => "not fetched",
        }
    }
}

impl Outcome {
    /// The outcome without what it holds.
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Self::Found(_) => OutcomeKind::Found,
            Self::Absent(_) => OutcomeKind::Absent,
            Self::Denied(_) => OutcomeKind::Denied,
            Self::Throttled { .. } => OutcomeKind::Throttled,
            Self::Unavailable(_) => OutcomeKind::Unavailable,
            Self::Malformed(_) => OutcomeKind::Malformed,
            Self::AuthFailed(_) => OutcomeKind::AuthFailed,
        }
    }

    /// Why the item was not delivered.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Found(_) => None,
            Self::Absent(reason)
            | Self::Denied(reason)
            | Self::Throttled { reason, .. }
            | Self::Unavailable(reason)
            | Self::Malformed(reason)
            | Self::AuthFailed(reason) => Some(reason),
        }
    }
}

/// References that a provider fetches in one request. They are without fields and each stands once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The references.
    pub references: Vec<SecretRef>,
}

/// What a provider may know while it fetches.
#[derive(Debug)]
#[non_exhaustive]
pub struct FetchContext {
    /// Until when the whole start has to be done.
    pub deadline: Instant,
    /// The environment of the process, when it is known.
    pub environment: Option<Environment>,
    /// Variables of the environment that the provider asked for in [`Provider::settings`], in that order. They may be credentials.
    pub settings: Vec<Option<Secret<String>>>,
}

impl FetchContext {
    /// A context with a deadline.
    pub fn new(deadline: Instant, environment: Option<Environment>, settings: Vec<Option<Secret<String>>>) -> Self {
        Self { deadline, environment, settings }
    }
}

/// A secret manager.
pub trait Provider: Send + Sync {
    /// The schemes that it reads, without their colons: `["age"]`.
    fn schemes(&self) -> &'static [&'static str];

    /// The variables of the environment that hold its own settings. A provider never reads the environment itself.
    fn settings(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a reference is well formed for this provider; without asking anybody.
    ///
    /// # Errors
    ///
    /// A reason that names what is wrong with the reference.
    fn check(&self, reference: &SecretRef) -> Result<(), Reason> {
        let _ = reference;
        Ok(())
    }

    /// Which references go into one request; without asking anybody. One each, unless the manager has batches.
    fn plan(&self, references: &[SecretRef]) -> Vec<Batch> {
        references.iter().map(|reference| Batch { references: vec![reference.clone()] }).collect()
    }

    /// Fetches a batch: one outcome for each reference, in the same order. One item's failure is that item's outcome.
    fn fetch<'a>(&'a self, batch: &'a Batch, context: &'a FetchContext) -> BoxFuture<'a, Vec<Outcome>>;
}

impl fmt::Debug for dyn Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.schemes().join(", "))
    }
}
