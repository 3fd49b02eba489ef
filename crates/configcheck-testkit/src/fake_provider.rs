//! `FakeProvider`: a secret manager in memory, which answers what a test tells it and notes what it was asked.

use std::fmt;
use std::future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use configcheck_core::provider::{Batch, BoxFuture, ConnectContext, Fetched, Outcome, Payload, Provider, Reason, Session, Trust};
use configcheck_core::reference::ENGINE_OPTIONS;
use configcheck_core::{Secret, SecretRef};

type Answer = dyn Fn(&Batch) -> Option<Vec<Outcome>> + Send + Sync;
type Login = dyn Fn(usize) -> Result<(), Outcome> + Send + Sync;

/// A secret manager in memory.
///
/// ```
/// use configcheck_testkit::FakeProvider;
///
/// let vault = FakeProvider::holding("vault", &[("secret/data/checkout", &[("jwt_secret", "not-a-real-key")])]);
/// let asked = vault.log();
/// // Loader::new().provider(vault).load::<Settings>()
/// assert_eq!(asked.batches().len(), 0);
/// ```
#[derive(Clone)]
#[must_use]
pub struct FakeProvider {
    schemes: &'static [&'static str],
    answer: Arc<Answer>,
    login: Arc<Login>,
    batch: usize,
    trust: Trust,
    options: Option<&'static [&'static str]>,
    log: FakeLog,
}

/// What a [`FakeProvider`] was asked; copies of it see the same.
#[derive(Clone, Debug, Default)]
pub struct FakeLog {
    logins: Arc<AtomicUsize>,
    batches: Arc<Mutex<Vec<Batch>>>,
}

impl FakeLog {
    /// How often somebody logged in.
    pub fn logins(&self) -> usize {
        self.logins.load(Ordering::SeqCst)
    }

    /// The requests, in the order in which they came.
    pub fn batches(&self) -> Vec<Batch> {
        self.batches.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl FakeProvider {
    /// A manager for a scheme that answers each request as it is told; without an answer the request stays open for ever.
    pub fn new(scheme: &'static str, answer: impl Fn(&Batch) -> Option<Vec<Outcome>> + Send + Sync + 'static) -> Self {
        Self {
            schemes: Box::leak(Box::new([scheme])),
            answer: Arc::new(answer),
            login: Arc::new(|_| Ok(())),
            batch: 1,
            trust: Trust::Managed,
            options: None,
            log: FakeLog::default(),
        }
    }

    /// A manager for a scheme that answers each reference as it is told.
    pub fn answering(scheme: &'static str, answer: impl Fn(&SecretRef) -> Outcome + Send + Sync + 'static) -> Self {
        Self::new(scheme, move |batch| Some(batch.references.iter().map(&answer).collect()))
    }

    /// A manager for a scheme that holds named values at paths, and nothing else.
    pub fn holding(scheme: &'static str, secrets: &[(&str, &[(&str, &str)])]) -> Self {
        let own = |text: &str| text.to_owned();
        let secrets: Vec<(String, Vec<(String, String)>)> =
            secrets.iter().map(|(path, rows)| (own(path), rows.iter().map(|(name, value)| (own(name), own(value))).collect())).collect();
        Self::answering(scheme, move |reference| match secrets.iter().find(|(path, _)| path == reference.path()) {
            Some((_, rows)) => {
                let rows = rows.iter().map(|(name, value)| (name.clone(), Secret::new(value.clone().into_bytes())));
                Outcome::Found(Fetched::new(Payload::Map(rows.collect())))
            }
            None => Outcome::Absent(Reason::new("there is nothing at this path")),
        })
    }

    /// A manager for a scheme that never answers.
    pub fn silent(scheme: &'static str) -> Self {
        Self::new(scheme, |_| None)
    }

    /// Answers up to so many references in one request.
    pub fn batches_of(mut self, most: usize) -> Self {
        self.batch = most;
        self
    }

    /// Decides about each login by its number, from 1.
    pub fn login(mut self, login: impl Fn(usize) -> Result<(), Outcome> + Send + Sync + 'static) -> Self {
        self.login = Arc::new(login);
        self
    }

    /// How far what it delivers can be trusted, in place of a secret manager's trust.
    pub fn trusted_as(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// Refuses options of references that are neither these nor the engine's own. Without it every option is accepted.
    pub fn knowing_options(mut self, options: &'static [&'static str]) -> Self {
        self.options = Some(options);
        self
    }

    /// What it was asked, also after it was given away.
    pub fn log(&self) -> FakeLog {
        self.log.clone()
    }
}

impl fmt::Debug for FakeProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeProvider").field("schemes", &self.schemes).finish_non_exhaustive()
    }
}

impl Provider for FakeProvider {
    fn schemes(&self) -> &'static [&'static str] {
        self.schemes
    }

    fn check(&self, reference: &SecretRef) -> Result<(), Reason> {
        let Some(known) = self.options else { return Ok(()) };
        match reference.option_names().find(|name| !known.contains(name) && !ENGINE_OPTIONS.contains(name)) {
            Some(name) => {
                Err(Reason::new(format!("{} has no option `{name}`", self.schemes.join(", "))).help("remove it from the reference"))
            }
            None => Ok(()),
        }
    }

    fn plan(&self, references: &[SecretRef]) -> Vec<Batch> {
        Batch::chunks(references, self.batch)
    }

    fn trust(&self) -> Trust {
        self.trust
    }

    fn connect<'a>(&'a self, _: &'a ConnectContext) -> BoxFuture<'a, Result<Arc<dyn Session>, Outcome>> {
        Box::pin(async move {
            let number = self.log.logins.fetch_add(1, Ordering::SeqCst) + 1;
            (self.login)(number)?;
            Ok(Arc::new(FakeSession { answer: Arc::clone(&self.answer), log: self.log.clone() }) as Arc<dyn Session>)
        })
    }
}

struct FakeSession {
    answer: Arc<Answer>,
    log: FakeLog,
}

impl Session for FakeSession {
    fn describe(&self) -> String {
        "the identity of a test".to_owned()
    }

    fn fetch<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            self.log.batches.lock().unwrap_or_else(PoisonError::into_inner).push(batch.clone());
            match (self.answer)(batch) {
                Some(outcomes) => outcomes,
                None => future::pending().await,
            }
        })
    }
}
