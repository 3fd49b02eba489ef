//! `VaultSession`: one token, and everything that is asked with it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use configcheck_core::provider::{Access, Batch, BoxFuture, Identity, Lease, Outcome, Probe, Reason, Retry, Session};
use configcheck_core::reference::SecretRef;
use configcheck_http::runtime;
use zeroize::Zeroizing;

use crate::answer::Answer;
use crate::client::{Headers, Server};
use crate::endpoint::{Read, RenewSelf, RevokeSelf};
use crate::identity;
use crate::lease;
use crate::location::Location;
use crate::login::{self, Credential, Grant};
use crate::probe;
use crate::read::{self, Asker, Verdict};
use crate::state;

/// A login. What it does, it does on the runtime of the connections.
pub(crate) struct VaultSession(Arc<Inner>);

/// What all requests of a login share.
pub(crate) struct Inner {
    pub(crate) server: Server,
    namespace: Option<String>,
    headers: Headers,
    pub(crate) who: String,
    ours: bool,
    file: Option<(Credential, Zeroizing<String>)>,
    lease: Mutex<Option<(Instant, Lease)>>,
    /// Mounts that were found to be a KV version 2 whose references lack `data`, each with its namespace.
    lacking_data: Mutex<HashSet<(Option<String>, String)>>,
}

impl VaultSession {
    pub(crate) fn new(server: Server, namespace: Option<String>, grant: Grant) -> Self {
        let Grant { headers, who, lease, ours, file } = grant;
        let (lease, lacking_data) = (Mutex::new(lease), Mutex::default());
        Self(Arc::new(Inner { server, namespace, headers, who, ours, file, lease, lacking_data }))
    }

    /// Runs what asks the server on the runtime of the connections; dropping what comes back drops it.
    async fn run<T, F>(&self, work: impl FnOnce(Arc<Inner>) -> F) -> Result<T, Outcome>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Outcome>> + Send + 'static,
    {
        runtime::spawn(work(Arc::clone(&self.0))).await.unwrap_or_else(|_| Err(stopped()))
    }
}

/// What a task that was stopped means for what it was to do.
pub(crate) fn stopped() -> Outcome {
    Outcome::Unavailable {
        retry: Retry::Never,
        reason: Reason::new("the request to vault was stopped inside of this process").help("report it, with what the service was doing"),
    }
}

impl Inner {
    /// The namespace of a location.
    pub(crate) fn namespace<'a>(&'a self, location: &'a Location) -> Option<&'a str> {
        location.namespace.as_deref().or(self.namespace.as_deref())
    }

    /// The headers of a request to a namespace.
    pub(crate) fn headers(&self, namespace: Option<&str>) -> Headers {
        self.headers.clone().with_namespace(namespace)
    }

    /// The namespace of the login.
    pub(crate) fn own_namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The headers of a request about the login itself.
    pub(crate) fn own_headers(&self) -> Headers {
        self.headers(self.own_namespace())
    }

    /// Reads a location as it stands.
    pub(crate) async fn read(&self, location: &Location) -> Outcome {
        match self.ask(location).await {
            Ok(verdict) => self.outcome(verdict, location),
            Err(outcome) => outcome,
        }
    }

    /// What an answer means that is like one to a read.
    pub(crate) fn judge(&self, answer: &Answer, location: &Location) -> Outcome {
        self.outcome(read::verdict(answer, location, &self.asker(location)), location)
    }

    pub(crate) fn asker<'a>(&'a self, location: &'a Location) -> Asker<'a> {
        Asker { who: &self.who, address: self.server.address(), namespace: self.namespace(location) }
    }

    /// Reads one reference: one request, and one more the first time that a mount of KV version 2 is met in a reference without `data`.
    async fn fetch(&self, reference: &SecretRef) -> Outcome {
        let location = match Location::of(reference) {
            Ok(location) => location,
            Err(reason) => return Outcome::Malformed(reason),
        };
        let mount = (location.namespace.clone(), location.mount().to_owned());
        let lacks_data = location.versioned().is_none() && self.mounts().contains(&mount);
        let location = if lacks_data { location.with_data().unwrap_or(location) } else { location };
        match self.ask(&location).await {
            Ok(Verdict::LacksData) => match location.with_data() {
                Some(with_data) => {
                    let outcome = self.read(&with_data).await;
                    match outcome {
                        Outcome::Found(_) => {
                            self.mounts().insert(mount);
                            outcome
                        }
                        // The first step was not the whole mount, whose name the server does not tell.
                        Outcome::Malformed(_) | Outcome::Denied(_) => self.outcome(Verdict::LacksData, &location),
                        _ => outcome,
                    }
                }
                None => self.outcome(Verdict::LacksData, &location),
            },
            Ok(verdict) => self.outcome(verdict, &location),
            Err(outcome) => outcome,
        }
    }

    async fn ask(&self, location: &Location) -> Result<Verdict, Outcome> {
        let headers = self.headers(self.namespace(location));
        let answer = match Read::of(location) {
            Read::Versioned(request) => self.server.ask(request, &headers).await?,
            Read::Plain(request) => self.server.ask(request, &headers).await?,
        };
        let verdict = read::verdict(&answer, location, &self.asker(location));
        self.give_back(&answer, location, &headers).await;
        Ok(verdict)
    }

    /// A reference with a version, of an engine that has none but made a credential: nobody will use it, so its lease is ended.
    async fn give_back(&self, answer: &Answer, location: &Location, headers: &Headers) {
        if location.version.is_some()
            && let Some(lease) = answer.envelope().and_then(|envelope| read::lease(&envelope))
        {
            let _ = lease::revoke(&self.server, headers, &lease).await;
        }
    }

    fn outcome(&self, verdict: Verdict, location: &Location) -> Outcome {
        match verdict {
            Verdict::Outcome(outcome) => outcome,
            Verdict::UnknownToken => Outcome::AuthFailed(self.unknown()),
            Verdict::NoRight if self.is_over() || self.is_replaced() => Outcome::AuthFailed(self.unknown()),
            Verdict::NoRight => read::denied(location, &self.asker(location)),
            Verdict::LacksData => Outcome::Malformed(
                Reason::new(format!("{} leads into a KV version 2 and lacks its data/", location.path()))
                    .help("write the path as the API has it, with data/ behind the whole mount: vault:MOUNT/data/PATH#KEY")
                    .help("and allow that path in a policy of this login"),
            ),
        }
    }

    /// Why the token is of no use; the same sentence for all that it kept from coming.
    pub(crate) fn unknown(&self) -> Reason {
        let address = self.server.address();
        if !self.headers.has_token() {
            return Reason::new(format!("{} puts no token of its own into requests, or one that has ended (403)", self.who))
                .help("let it log in for its clients: auto_auth, and api_proxy with use_auto_auth_token; its log says whether it is logged in")
                .help("or set VAULT_TOKEN, if no agent is meant to log in");
        }
        let namespace = match &self.namespace {
            Some(namespace) => format!("or it belongs to another namespace than {namespace}, or to another server than {address}"),
            None => format!("or it belongs to a namespace and VAULT_NAMESPACE is not set, or to another server than {address}"),
        };
        let new = if self.ours {
            "a start logs in a second time by itself; when that was not enough, give the role a longer token_ttl, or a larger token_num_uses"
                .to_owned()
        } else {
            "make a new one: vault token create -policy=POLICY, or vault login on a developer's machine".to_owned()
        };
        // Of a login it is the token that has ended, not the role that it was made for.
        let what = if self.ours { "the token of the login as " } else { "" };
        let message = format!("vault does not know {what}{}: it has expired, was revoked or is used up (403)", self.who);
        Reason::new(message).help(new).help(namespace)
    }

    /// Whether the login's own lease is known to have run out.
    fn is_over(&self) -> bool {
        self.held().as_ref().is_some_and(|(from, lease)| from.elapsed() >= lease.duration)
    }

    /// Whether the file that the token came from holds another one by now.
    fn is_replaced(&self) -> bool {
        let Some((credential, text)) = &self.file else { return false };
        credential.read("token").is_ok_and(|read| read.text != *text)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<(Instant, Lease)>> {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mounts(&self) -> std::sync::MutexGuard<'_, HashSet<(Option<String>, String)>> {
        self.lacking_data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the server says of the token, beside what the answer is about.
    pub(crate) fn refused(&self, answer: &Answer, what: &str, policy: &str) -> Outcome {
        let errors = answer.errors();
        if let Some(outcome) = state::outcome(answer, &errors, self.server.address()) {
            return outcome;
        }
        match answer.status.as_u16() {
            401 | 403 if read::unknown_token(&errors) => Outcome::AuthFailed(self.unknown()),
            401 | 403 => Outcome::Denied(
                Reason::new(format!("vault does not let {} {what} (403)", self.who))
                    .help(format!("allow it in a policy of this login: path {policy}; the policy `default` has it")),
            ),
            _ => state::not_vault(answer.status, self.server.address()),
        }
    }

    async fn renew_login(&self) -> Result<Lease, Outcome> {
        let asked = Instant::now();
        let answer = self.server.ask(RenewSelf::default(), &self.own_headers()).await?;
        if answer.status != 200 {
            return Err(self.refused(&answer, "prolong its own token", "\"auth/token/renew-self\" { capabilities = [\"update\"] }"));
        }
        let lease = answer.envelope().and_then(|envelope| login::lease(envelope.auth.as_ref()?));
        let Some(lease) = lease else {
            let reason = Reason::new(format!("{} has no end, or cannot be prolonged", self.who));
            return Err(Outcome::Malformed(reason.help("nothing is to be done")));
        };
        *self.held() = Some((asked, lease.clone()));
        Ok(lease)
    }

    async fn close(&self) {
        if self.ours {
            let _ = self.server.ask(RevokeSelf {}, &self.own_headers()).await;
        }
    }

    /// Keeps what the server said of the token's time.
    pub(crate) fn keep(&self, lease: Lease) {
        *self.held() = Some((Instant::now(), lease));
    }
}

impl Session for VaultSession {
    fn describe(&self) -> String {
        self.0.who.clone()
    }

    fn fetch<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            let spawn = |reference: &SecretRef| {
                let (inner, reference) = (Arc::clone(&self.0), reference.clone());
                runtime::spawn(async move { inner.fetch(&reference).await })
            };
            let running: Vec<_> = batch.references.iter().map(spawn).collect();
            let mut outcomes = Vec::with_capacity(running.len());
            for running in running {
                outcomes.push(running.await.unwrap_or_else(|_| stopped()));
            }
            outcomes
        })
    }

    fn probe<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Probe>> {
        Box::pin(async move {
            let references = batch.references.clone();
            let probes = self.run(|inner| async move { Ok(probe::all(&inner, &references).await) }).await;
            probes.unwrap_or_else(|outcome| {
                batch.references.iter().map(|_| Probe::new(Access::Failed(outcome.failure().unwrap_or_else(stopped)))).collect()
            })
        })
    }

    fn identity(&self) -> BoxFuture<'_, Result<Identity, Outcome>> {
        Box::pin(self.run(|inner| async move { identity::look_up(&inner).await }))
    }

    /// A login makes a new token, and a file may hold another one by now; a token that was handed over stays what it is.
    fn may_log_in_again(&self) -> bool {
        self.0.ours || self.0.is_replaced()
    }

    fn lease(&self) -> Option<Lease> {
        self.0.held().as_ref().map(|(_, lease)| lease.clone())
    }

    fn renew_login(&self) -> BoxFuture<'_, Result<Lease, Outcome>> {
        Box::pin(self.run(|inner| async move { inner.renew_login().await }))
    }

    fn renew<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<Lease, Outcome>> {
        let lease = lease.clone();
        Box::pin(self.run(|inner| async move { lease::renew(&inner.server, &inner.own_headers(), &lease).await }))
    }

    fn revoke<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), Outcome>> {
        let lease = lease.clone();
        Box::pin(self.run(|inner| async move { lease::revoke(&inner.server, &inner.own_headers(), &lease).await }))
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let _ = self
                .run(|inner| async move {
                    inner.close().await;
                    Ok(())
                })
                .await;
        })
    }
}
