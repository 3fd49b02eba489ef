//! `Session`: one login to a manager, and everything that is asked with it.

use std::fmt;
use std::time::SystemTime;

use super::lease::Lease;
use super::outcome::{Fetched, Outcome, Reason};
use super::{Batch, BoxFuture};

/// Who a manager takes this process for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// The name that the manager's own tools show: `arn:aws:sts::123456789012:assumed-role/checkout/i-0abc`, `approle checkout`.
    pub name: String,
    /// What else is known, as label and text: the policies, the server, the version of TLS. No credential.
    pub details: Vec<(String, String)>,
    /// Until when the login holds.
    pub expires: Option<SystemTime>,
}

impl Identity {
    /// An identity of which only the name is known.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), details: Vec::new(), expires: None }
    }
}

/// Whether a reference could be read, as far as the manager tells without handing the value out.
#[derive(Debug)]
#[non_exhaustive]
pub enum Access {
    /// It exists and may be read; its value was not asked for.
    Readable,
    /// The manager tells it only with the value, which was fetched and dropped.
    Read,
    /// It may be read if it exists, which the manager does not tell this identity.
    Allowed(Reason),
    /// It could not be read; never [`Outcome::Found`].
    Failed(Outcome),
}

/// What is known of a reference without its value.
#[derive(Debug)]
#[non_exhaustive]
pub struct Probe {
    /// Whether it could be read.
    pub access: Access,
    /// The manager's name for the current version.
    pub version: Option<String>,
    /// When that version was made.
    pub created: Option<SystemTime>,
    /// Until when it may be used.
    pub not_after: Option<SystemTime>,
}

impl Probe {
    /// A probe of which nothing else is known.
    pub fn new(access: Access) -> Self {
        Self { access, version: None, created: None, not_after: None }
    }

    /// What an outcome tells, when its value is dropped.
    pub fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Found(Fetched { version, created, not_after, .. }) => Self { access: Access::Read, version, created, not_after },
            failed => Self::new(Access::Failed(failed)),
        }
    }
}

/// One login to a manager. All futures may be dropped at any time.
pub trait Session: Send + Sync {
    /// Who this is, in the words of its own settings and without asking: `the token of VAULT_TOKEN`, `AppRole 6f3a…`. No credential.
    fn describe(&self) -> String;

    /// Fetches a batch: one outcome for each reference, in the same order. One item's failure is that item's outcome.
    fn fetch<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Outcome>>;

    /// Whether references can be read, without their values where the manager tells. One probe for each reference, in the same order.
    fn probe<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Probe>> {
        Box::pin(async move { self.fetch(batch).await.into_iter().map(Probe::of).collect() })
    }

    /// Who the manager takes this process for.
    fn identity(&self) -> BoxFuture<'_, Result<Identity, Outcome>> {
        Box::pin(async move { Ok(Identity::new(self.describe())) })
    }

    /// Whether logging in again could give another credential than this one. Where it could not, as with a token that was handed over, nobody is
    /// asked a second time.
    fn may_log_in_again(&self) -> bool {
        true
    }

    /// The lease of the login itself, when it ends.
    fn lease(&self) -> Option<Lease> {
        None
    }

    /// Prolongs the login. The new lease, as [`Session::lease`] tells it from now on.
    fn renew_login(&self) -> BoxFuture<'_, Result<Lease, Outcome>> {
        Box::pin(async { Err(Outcome::Malformed(Reason::new("this login cannot be prolonged"))) })
    }

    /// Prolongs the lease of a secret.
    fn renew<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<Lease, Outcome>> {
        let _ = lease;
        Box::pin(async { Err(Outcome::Malformed(Reason::new("this secret cannot be prolonged"))) })
    }

    /// Gives a secret back, so that it is of no use any more.
    fn revoke<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), Outcome>> {
        let _ = lease;
        Box::pin(async { Err(Outcome::Malformed(Reason::new("this secret cannot be given back"))) })
    }

    /// Ends the login where this process began it: a token that was given from outside stays.
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

impl fmt::Debug for dyn Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({})", self.describe())
    }
}
