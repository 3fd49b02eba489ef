//! `EtcdSession`: one login, and what is asked with it.

use configcheck_core::provider::{Access, Batch, BoxFuture, Identity, Outcome, Probe, Session};
use configcheck_http::runtime::{self, Running};
use configcheck_http::secret_header;
use http::header::HeaderValue;

use crate::answer::{self, LoggedIn, Results, Rows, Status, User, not_what_was_asked};
use crate::config::Login;
use crate::gateway::{Gateway, Unanswered};
use crate::location::Location;
use crate::provider::stop;
use crate::question::{self, Empty, Lookup, Transaction, UserName, Wanted};
use crate::refusal::Refusal;

/// How many keys are asked for at once where they are asked for one by one.
const AT_ONCE: usize = 16;

/// One login, or none where nobody said who is asking.
#[derive(Clone)]
pub(crate) struct EtcdSession {
    gateway: Gateway,
    caller: Option<Caller>,
}

/// The user who asks.
#[derive(Clone)]
struct Caller {
    name: String,
    /// The name as it may be shown.
    shown: String,
    /// `None` where etcd has users off, and lets everybody in.
    token: Option<HeaderValue>,
}

/// What is made of an answer: values, or what is known without them.
struct Reading<T> {
    wanted: Wanted,
    of: fn(&Rows<'_>, &Location) -> T,
    failed: fn(Outcome) -> T,
}

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Reading<T> {}

const VALUES: Reading<Outcome> = Reading { wanted: Wanted::Values, of: |rows, location| rows.outcome(location), failed: |outcome| outcome };

const PROBES: Reading<Probe> =
    Reading { wanted: Wanted::KeysOnly, of: |rows, location| rows.probe(location), failed: |outcome| Probe::new(Access::Failed(outcome)) };

impl EtcdSession {
    /// Logs in, where there is a user. It has to be called below the runtime of requests.
    pub(crate) async fn log_in(gateway: Gateway, login: Option<Login>) -> Result<Self, Outcome> {
        let Some(login) = login else { return Ok(Self { gateway, caller: None }) };
        let question = question::Login { name: &login.name, password: &login.password };
        let token = match gateway.ask("v3/auth/authenticate", &question, None).await {
            Ok(body) => Some(token(&body).ok_or_else(not_what_was_asked)?),
            // As `etcdctl` does: who may not log in needs no login.
            Err(Unanswered::Refused(Refusal::UsersOff)) => None,
            Err(unanswered) => return Err(unanswered.outcome(Some(login.shown()), None)),
        };
        let shown = login.shown().to_owned();
        Ok(Self { gateway, caller: Some(Caller { name: login.name, shown, token }) })
    }

    fn token(&self) -> Option<&HeaderValue> {
        self.caller.as_ref()?.token.as_ref()
    }

    fn shown(&self) -> Option<&str> {
        self.caller.as_ref().map(|caller| caller.shown.as_str())
    }

    /// Reads locations on the runtime of requests.
    async fn read<T: Send + 'static>(&self, batch: &Batch, reading: Reading<T>) -> Vec<T> {
        let locations: Vec<Location> = batch.references.iter().map(Location::of).collect();
        let count = locations.len();
        let this = self.clone();
        let answered = runtime::spawn(async move { this.read_together(&locations, reading).await }).await;
        answered.unwrap_or_else(|stopped| (0..count).map(|_| (reading.failed)(stop(&stopped))).collect())
    }

    /// Reads locations in one request.
    async fn read_together<T: Send + 'static>(&self, locations: &[Location], reading: Reading<T>) -> Vec<T> {
        if let [location] = locations {
            return vec![self.read_one(location, reading).await];
        }
        let transaction: Transaction = locations.iter().map(|location| Lookup::of(location, reading.wanted)).collect();
        match self.gateway.ask("v3/kv/txn", &transaction, self.token()).await {
            Ok(body) => match answer::read::<Results<'_>>(&body).and_then(|results| results.rows(locations.len())) {
                Some(rows) => rows.iter().zip(locations).map(|(rows, location)| (reading.of)(rows, location)).collect(),
                None => locations.iter().map(|_| (reading.failed)(not_what_was_asked())).collect(),
            },
            // One key among them is the cause, or all of them together are: each tells for itself.
            Err(Unanswered::TooLarge(_) | Unanswered::Refused(Refusal::Denied | Refusal::TooManyOperations)) => {
                self.read_singly(locations, reading).await
            }
            Err(unanswered) => locations.iter().map(|location| self.failed(&unanswered, location, reading)).collect(),
        }
    }

    /// Reads locations in one request each.
    async fn read_singly<T: Send + 'static>(&self, locations: &[Location], reading: Reading<T>) -> Vec<T> {
        let mut found = Vec::with_capacity(locations.len());
        for some in locations.chunks(AT_ONCE) {
            let running: Vec<Running<T>> = some
                .iter()
                .map(|location| {
                    let (this, location) = (self.clone(), location.clone());
                    runtime::spawn(async move { this.read_one(&location, reading).await })
                })
                .collect();
            for one in running {
                found.push(one.await.unwrap_or_else(|stopped| (reading.failed)(stop(&stopped))));
            }
        }
        found
    }

    async fn read_one<T>(&self, location: &Location, reading: Reading<T>) -> T {
        match self.gateway.ask("v3/kv/range", &Lookup::of(location, reading.wanted), self.token()).await {
            Ok(body) => match answer::read::<Rows<'_>>(&body) {
                Some(rows) => (reading.of)(&rows, location),
                None => (reading.failed)(not_what_was_asked()),
            },
            Err(unanswered) => self.failed(&unanswered, location, reading),
        }
    }

    fn failed<T>(&self, unanswered: &Unanswered, location: &Location, reading: Reading<T>) -> T {
        (reading.failed)(unanswered.outcome(self.shown(), location.directory()))
    }

    /// Who etcd takes this for. It has to be called below the runtime of requests.
    async fn who(&self) -> Result<Identity, Outcome> {
        let status = self.gateway.ask("v3/maintenance/status", &Empty {}, self.token()).await;
        let status = status.map_err(|unanswered| unanswered.outcome(self.shown(), None))?;
        let mut identity = Identity::new(self.describe());
        if let Some(Caller { name, token: Some(_), .. }) = &self.caller
            && let Ok(body) = self.gateway.ask("v3/auth/user/get", &UserName { name }, self.token()).await
            && let Some(user) = answer::read::<User>(&body)
        {
            identity.details.push(("roles".to_owned(), plain(&user.roles.join(", "))));
        }
        let version = answer::read::<Status>(&status).map(|status| plain(&status.version)).unwrap_or_default();
        identity.details.push(("server".to_owned(), format!("etcd {version} at {}", self.gateway.member())));
        if let Some(tls) = self.gateway.peer().and_then(|peer| peer.tls) {
            identity.details.push(("TLS".to_owned(), tls.to_owned()));
        }
        Ok(identity)
    }
}

/// The token of a login, for the header of what is asked with it.
fn token(body: &[u8]) -> Option<HeaderValue> {
    let answer: LoggedIn<'_> = answer::read(body)?;
    secret_header(&answer.token).filter(|token| !token.is_empty())
}

/// A text of etcd without what could disturb a terminal.
fn plain(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}

impl Session for EtcdSession {
    fn describe(&self) -> String {
        match &self.caller {
            Some(caller) if caller.token.is_none() => format!("the user {}, whom etcd does not ask for", caller.shown),
            Some(caller) => format!("the user {}", caller.shown),
            None => "no user".to_owned(),
        }
    }

    fn fetch<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(self.read(batch, VALUES))
    }

    fn probe<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Probe>> {
        Box::pin(self.read(batch, PROBES))
    }

    fn identity(&self) -> BoxFuture<'_, Result<Identity, Outcome>> {
        let this = self.clone();
        Box::pin(async move { runtime::spawn(async move { this.who().await }).await.unwrap_or_else(|stopped| Err(stop(&stopped))) })
    }
}
