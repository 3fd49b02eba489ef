//! The interface that every secret manager hangs on: what it is asked, and what it may answer for each item.
//!
//! A [`Provider`] knows references and settings, and asks nobody; its [`Session`] is one login, and asks. Neither retries, caches, dedupes
//! or waits: the engine owns those. Nothing that a provider says may hold a value: reasons are sentences of its own, made of names and paths.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use crate::environment::Environment;
use crate::reference::SecretRef;
use crate::secret::Secret;

mod lease;
mod outcome;
mod session;

pub use lease::Lease;
pub use outcome::{Fetched, Outcome, OutcomeKind, Payload, Reason, Retry};
pub use session::{Access, Identity, Probe, Session};

/// A future of a provider, boxed so that providers can stand in one list.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// References that are fetched in one request. They are without fields and each stands once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The references.
    pub references: Vec<SecretRef>,
}

impl Batch {
    /// A batch of one.
    pub fn of(reference: SecretRef) -> Self {
        Self { references: vec![reference] }
    }

    /// One batch for each reference.
    pub fn singles(references: &[SecretRef]) -> Vec<Self> {
        references.iter().cloned().map(Self::of).collect()
    }

    /// Batches of at most so many references, in their order.
    pub fn chunks(references: &[SecretRef], most: usize) -> Vec<Self> {
        references.chunks(most.max(1)).map(|references| Self { references: references.to_vec() }).collect()
    }
}

/// What a provider may know while it logs in.
#[derive(Debug)]
#[non_exhaustive]
pub struct ConnectContext {
    /// Until when the whole start has to be done.
    pub deadline: Instant,
    /// The environment of the process, when it is known.
    pub environment: Option<Environment>,
    /// Variables of the environment that the provider asked for in [`Provider::settings`], in that order. They may be credentials.
    pub settings: Vec<Option<Secret<String>>>,
}

impl ConnectContext {
    /// A context with a deadline.
    pub fn new(deadline: Instant, environment: Option<Environment>, settings: Vec<Option<Secret<String>>>) -> Self {
        Self { deadline, environment, settings }
    }
}

/// How far what a provider delivers can be trusted. A chain of references never falls to a lower level where services are deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trust {
    /// Text that anybody could have put there: plain files, plain configuration.
    Plain,
    /// Files that are encrypted, and that whoever has the recipient's name can make.
    Encrypted,
    /// A secret manager, which knows who wrote and who reads.
    Managed,
}

/// A secret manager: what it reads and how, without asking it anything.
pub trait Provider: Send + Sync {
    /// The schemes that it reads, without their colons: `["age"]`. They are those of [`SecretRef::scheme`].
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
        Batch::singles(references)
    }

    /// How many requests may be on their way at once, at first; the engine halves it when the manager is throttled.
    fn concurrency(&self) -> usize {
        64
    }

    /// How far what it delivers can be trusted.
    fn trust(&self) -> Trust {
        Trust::Managed
    }

    /// Logs in. The engine does it once, before the requests, and once more when a session has ended in the middle.
    ///
    /// The future may be dropped at any time, and need not end by itself: the engine holds the deadline.
    fn connect<'a>(&'a self, context: &'a ConnectContext) -> BoxFuture<'a, Result<Arc<dyn Session>, Outcome>>;
}

/// A shared provider is one too, so that whoever has a list of them can hand them on.
impl<P: Provider + ?Sized> Provider for Arc<P> {
    fn schemes(&self) -> &'static [&'static str] {
        self.as_ref().schemes()
    }

    fn settings(&self) -> &'static [&'static str] {
        self.as_ref().settings()
    }

    fn check(&self, reference: &SecretRef) -> Result<(), Reason> {
        self.as_ref().check(reference)
    }

    fn plan(&self, references: &[SecretRef]) -> Vec<Batch> {
        self.as_ref().plan(references)
    }

    fn concurrency(&self) -> usize {
        self.as_ref().concurrency()
    }

    fn trust(&self) -> Trust {
        self.as_ref().trust()
    }

    fn connect<'a>(&'a self, context: &'a ConnectContext) -> BoxFuture<'a, Result<Arc<dyn Session>, Outcome>> {
        self.as_ref().connect(context)
    }
}

impl fmt::Debug for dyn Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.schemes().join(", "))
    }
}
