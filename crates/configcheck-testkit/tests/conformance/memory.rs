//! A manager in memory with everything that a subject can do, and with one fault if it is told so.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

use configcheck_core::provider::{
    Access, Batch, BoxFuture, ConnectContext, Fetched, Identity, Outcome, Payload, Probe, Provider, Reason, Session,
};
use configcheck_core::reference::ENGINE_OPTIONS;
use configcheck_core::secret::ExposeSecret as _;
use configcheck_core::{Secret, SecretRef};
use configcheck_testkit::conformance::{Capability, Subject};

pub(crate) const TOKEN: &str = "not-a-real-token-7Hq2ZkX9";
const WRONG_TOKEN: &str = "not-a-real-token-mW4vB8cJ";

/// What is wrong with a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    AbsentIsDenied,
    AbsentIsEmpty,
    BinaryIsMadeText,
    CachesValues,
    CheckAcceptsEverything,
    CheckRefusesEngineOptions,
    CheckRefusesGoodReferences,
    CutsLongValues,
    DebugShowsThePayload,
    DeniedHasNoHelp,
    DeniedIsAbsent,
    DeniedSpoilsTheBatch,
    DroppedFetchKeepsALock,
    EmptyIsAbsent,
    EndedSessionIsAbsent,
    EndedSessionIsDenied,
    ForgetsTheLastOutcome,
    IdentityFails,
    IdentityShowsTheToken,
    MapLosesAField,
    MixesUpOutcomes,
    OneFailureSpoilsTheBatch,
    OneSessionAtATime,
    PanicsOnAbsent,
    PlanDropsTheLast,
    PlanIsRandom,
    PlanRepeats,
    ProbeFetches,
    ProbeMissesWhatIsThere,
    ProbeSeesEverything,
    ReasonHasTwoLines,
    ReasonShowsAPrefix,
    ReasonShowsTheTokenAsBase64,
    RemovedStays,
    SharesOutcomesBetweenFetches,
    StrangerFindsNothing,
    TakesOtherSchemes,
    TrimsValues,
    UnknownOptionIsNotNamed,
    VersionsAreOne,
    VersionsHaveNoName,
}

/// Named values.
type Rows = Vec<(String, Vec<u8>)>;

/// What the manager holds.
#[derive(Default)]
pub(crate) struct Vault {
    versions: BTreeMap<String, Vec<Rows>>,
    denied: HashSet<String>,
    handed_out: usize,
    /// Sessions that began before this have ended.
    epoch: usize,
    cache: BTreeMap<SecretRef, Vec<u8>>,
    /// A lock that a broken provider forgets to open.
    is_locked: bool,
    open_sessions: usize,
    last_asked: Option<SecretRef>,
}

/// The manager and its provider, and what is wrong with the provider.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    vault: Arc<Mutex<Vault>>,
    broken: Option<Broken>,
    plans: Arc<AtomicUsize>,
}

impl Memory {
    pub(crate) fn broken(broken: Broken) -> Self {
        Self { broken: Some(broken), ..Self::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Vault> {
        self.vault.lock().unwrap()
    }

    fn is(&self, broken: Broken) -> bool {
        self.broken == Some(broken)
    }

    fn put(&self, name: &str, rows: Rows) -> usize {
        let mut vault = self.lock();
        let versions = vault.versions.entry(name.to_owned()).or_default();
        versions.push(rows);
        versions.len()
    }
}

impl Subject for Memory {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(self.clone())
    }

    fn setting(&self, _: &str) -> Option<String> {
        Some(TOKEN.to_owned())
    }

    fn capabilities(&self) -> Vec<Capability> {
        use Capability as C;
        [C::Maps, C::Versions, C::Binary, C::EmptyValues, C::Removal, C::Denial, C::ProbeWithoutValue, C::Login, C::SessionEnd].to_vec()
    }

    fn store(&self, name: &str, value: &[u8]) -> String {
        self.put(name, vec![("value".to_owned(), value.to_vec())]);
        format!("vault:kv/{name}#value")
    }

    fn absent(&self, name: &str) -> String {
        format!("vault:kv/{name}#value")
    }

    fn malformed(&self) -> Vec<String> {
        vec!["vault:no-mount".to_owned(), "vault:kv/a?version=soon".to_owned()]
    }

    fn credentials(&self) -> Vec<String> {
        vec![TOKEN.to_owned(), WRONG_TOKEN.to_owned()]
    }

    fn store_map(&self, name: &str, fields: &[(&str, &[u8])]) -> String {
        self.put(name, fields.iter().map(|(name, value)| ((*name).to_owned(), value.to_vec())).collect());
        format!("vault:kv/{name}")
    }

    fn store_version(&self, name: &str, value: &[u8]) -> String {
        let version = self.put(name, vec![("value".to_owned(), value.to_vec())]);
        format!("vault:kv/{name}?version={version}#value")
    }

    fn remove(&self, name: &str) {
        if !self.is(Broken::RemovedStays) {
            self.lock().versions.remove(name);
        }
    }

    fn deny(&self, name: &str) -> String {
        self.lock().denied.insert(name.to_owned());
        self.store(name, b"not-a-real-denied-value")
    }

    fn values_handed_out(&self) -> usize {
        self.lock().handed_out
    }

    fn stranger(&self) -> (Arc<dyn Provider>, Vec<(String, String)>) {
        (self.provider(), vec![("VAULT_TOKEN".to_owned(), WRONG_TOKEN.to_owned())])
    }

    fn end_sessions(&self) {
        self.lock().epoch += 1;
    }
}

impl Provider for Memory {
    fn schemes(&self) -> &'static [&'static str] {
        if self.is(Broken::TakesOtherSchemes) { &["etcd"] } else { &["vault"] }
    }

    fn settings(&self) -> &'static [&'static str] {
        &["VAULT_TOKEN"]
    }

    fn check(&self, reference: &SecretRef) -> Result<(), Reason> {
        if self.is(Broken::CheckAcceptsEverything) {
            return Ok(());
        }
        if self.is(Broken::CheckRefusesGoodReferences) {
            return Err(Reason::new("this provider is not made for anybody"));
        }
        let is_known = |name: &&str| *name == "version" || (ENGINE_OPTIONS.contains(name) && !self.is(Broken::CheckRefusesEngineOptions));
        if let Some(name) = reference.option_names().find(|name| !is_known(name)) {
            let name = if self.is(Broken::UnknownOptionIsNotNamed) { "…" } else { name };
            return Err(Reason::new(format!("vault has no option `{name}`")));
        }
        if !reference.path().contains('/') || reference.option("version").is_some_and(|version| version.parse::<usize>().is_err()) {
            return Err(Reason::new("a mount and a name are needed, and versions are numbers"));
        }
        Ok(())
    }

    fn plan(&self, references: &[SecretRef]) -> Vec<Batch> {
        let plan = self.plans.fetch_add(1, Ordering::SeqCst);
        let mut batches = Batch::chunks(references, if self.is(Broken::PlanIsRandom) { 1 + plan % 7 } else { 20 });
        if self.is(Broken::PlanDropsTheLast) && references.len() > 20 {
            batches.pop();
        }
        if self.is(Broken::PlanRepeats) && references.len() > 20 {
            batches.extend(Batch::chunks(&references[..1], 1));
        }
        batches
    }

    fn connect<'a>(&'a self, context: &'a ConnectContext) -> BoxFuture<'a, Result<Arc<dyn Session>, Outcome>> {
        Box::pin(async move {
            once_later().await;
            let token = context.settings[0].as_ref().map(|token| token.expose_secret().clone()).unwrap_or_default();
            let is_known = token == TOKEN;
            if !is_known && !self.is(Broken::StrangerFindsNothing) {
                let shown =
                    if self.is(Broken::ReasonShowsTheTokenAsBase64) { "the token bm90LWEtcmVhbC10b2tlbi1tVzR2" } else { "the token" };
                return Err(Outcome::AuthFailed(Reason::new(format!("{shown} of VAULT_TOKEN is not known")).help("run `vault login`")));
            }
            let mut vault = self.lock();
            vault.open_sessions += 1;
            let number = vault.open_sessions;
            Ok(Arc::new(MemorySession { memory: self.clone(), is_known, epoch: vault.epoch, number }) as Arc<dyn Session>)
        })
    }
}

struct MemorySession {
    memory: Memory,
    is_known: bool,
    epoch: usize,
    number: usize,
}

/// Waits once, so that futures can be dropped in their middle.
async fn once_later() {
    let mut has_waited = false;
    std::future::poll_fn(move |context| {
        if std::mem::replace(&mut has_waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl MemorySession {
    fn is(&self, broken: Broken) -> bool {
        self.memory.is(broken)
    }

    fn one(&self, vault: &mut Vault, asked: &SecretRef) -> Outcome {
        let other = vault.last_asked.replace(asked.clone()).filter(|_| self.is(Broken::SharesOutcomesBetweenFetches));
        let reference = other.as_ref().unwrap_or(asked);
        if vault.epoch != self.epoch && !self.is(Broken::EndedSessionIsAbsent) {
            let reason = Reason::new("the login has ended").help("run `vault login`");
            return if self.is(Broken::EndedSessionIsDenied) { Outcome::Denied(reason) } else { Outcome::AuthFailed(reason) };
        }
        let name = reference.path().trim_start_matches("kv/");
        if vault.denied.contains(name) {
            let reason = Reason::new(format!("`{}` may not be read", reference.path()));
            return match self.memory.broken {
                Some(Broken::DeniedIsAbsent) => Outcome::Absent(reason),
                Some(Broken::DeniedHasNoHelp) => Outcome::Denied(reason),
                _ => Outcome::Denied(reason.help("add a policy that grants `read`")),
            };
        }
        let is_here = self.is_known && vault.epoch == self.epoch;
        let Some(versions) = vault.versions.get(name).filter(|_| is_here) else { return self.absent(reference) };
        let asked = reference.option("version").and_then(|version| version.parse().ok()).unwrap_or(versions.len());
        let number = if self.is(Broken::VersionsAreOne) { versions.len() } else { asked };
        let mut rows = versions[number - 1].clone();
        if rows.len() == 1 {
            let value = rows.pop().unwrap().1;
            if value.is_empty() && self.is(Broken::EmptyIsAbsent) {
                return self.absent(reference);
            }
            let value = if self.is(Broken::CachesValues) { vault.cache.entry(reference.clone()).or_insert(value).clone() } else { value };
            rows.push(("value".to_owned(), self.spoil(value)));
        } else if self.is(Broken::MapLosesAField) {
            rows.pop();
        }
        vault.handed_out += 1;
        let shown = String::from_utf8_lossy(&rows[0].1).into_owned();
        let rows = rows.into_iter().map(|(name, value)| (name, Secret::new(value))).collect();
        let mut fetched = Fetched::new(Payload::Map(rows));
        fetched.version = (!self.is(Broken::VersionsHaveNoName)).then(|| number.to_string());
        if self.is(Broken::DebugShowsThePayload) {
            fetched.version = Some(shown);
        }
        Outcome::Found(fetched)
    }

    fn absent(&self, reference: &SecretRef) -> Outcome {
        let reason = Reason::new(format!("there is nothing at `{}`", reference.path())).help("vault kv put");
        match self.memory.broken {
            Some(Broken::AbsentIsDenied) => Outcome::Denied(reason),
            Some(Broken::AbsentIsEmpty) => Outcome::Found(Fetched::new(Payload::Map(vec![("value".to_owned(), Secret::new(Vec::new()))]))),
            Some(Broken::PanicsOnAbsent) => panic!("index out of bounds"),
            Some(Broken::ReasonHasTwoLines) => Outcome::Absent(Reason::new("there is nothing\n::error::at this path")),
            _ => Outcome::Absent(reason),
        }
    }

    fn spoil(&self, value: Vec<u8>) -> Vec<u8> {
        match self.memory.broken {
            Some(Broken::TrimsValues) => value.trim_ascii().to_vec(),
            Some(Broken::CutsLongValues) => value[..value.len().min(4096)].to_vec(),
            Some(Broken::BinaryIsMadeText) => String::from_utf8_lossy(&value).into_owned().into_bytes(),
            _ => value,
        }
    }

    fn all(&self, batch: &Batch) -> Vec<Outcome> {
        let mut vault = self.memory.lock();
        let mut outcomes: Vec<Outcome> = batch.references.iter().map(|reference| self.one(&mut vault, reference)).collect();
        let spoils = |outcome: &Outcome| match outcome {
            Outcome::Absent(_) => self.is(Broken::OneFailureSpoilsTheBatch),
            Outcome::Denied(_) => self.is(Broken::DeniedSpoilsTheBatch),
            _ => false,
        };
        if let Some(failure) = outcomes.iter().find(|outcome| spoils(outcome)).and_then(Outcome::failure) {
            outcomes = outcomes.iter().map(|_| failure.failure().unwrap()).collect();
        }
        if self.is(Broken::MixesUpOutcomes) {
            outcomes.reverse();
        }
        if self.is(Broken::ForgetsTheLastOutcome) && outcomes.len() > 1 {
            outcomes.pop();
        }
        if self.is(Broken::OneSessionAtATime) && self.number < vault.open_sessions {
            outcomes = outcomes.iter().map(|_| Outcome::AuthFailed(Reason::new("somebody else has logged in"))).collect();
        }
        outcomes
    }
}

impl Session for MemorySession {
    fn describe(&self) -> String {
        "the token of VAULT_TOKEN".to_owned()
    }

    fn fetch<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            let forgets = self.is(Broken::DroppedFetchKeepsALock);
            if forgets && std::mem::replace(&mut self.memory.lock().is_locked, true) {
                return batch.references.iter().map(|_| Outcome::unavailable(Reason::new("another request is under way"))).collect();
            }
            once_later().await;
            self.memory.lock().is_locked = false;
            if self.is(Broken::ReasonShowsAPrefix) {
                let vault = self.memory.lock();
                let shown = vault.versions.values().flatten().flatten().find(|(_, value)| value.len() == 24).map(|(_, value)| &value[..8]);
                let shown = String::from_utf8_lossy(shown.unwrap_or_default()).into_owned();
                if vault.epoch != self.epoch {
                    return batch.references.iter().map(|_| Outcome::AuthFailed(Reason::new(format!("`{shown}…` has ended")))).collect();
                }
            }
            self.all(batch)
        })
    }

    fn probe<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Probe>> {
        Box::pin(async move {
            if self.is(Broken::ProbeFetches) {
                return self.fetch(batch).await.into_iter().map(Probe::of).collect();
            }
            let vault = self.memory.lock();
            let one = |reference: &SecretRef| {
                let name = reference.path().trim_start_matches("kv/");
                if self.is(Broken::ProbeSeesEverything) {
                    return Access::Readable;
                }
                if vault.denied.contains(name) {
                    return Access::Failed(Outcome::Denied(Reason::new("it may not be read").help("ask")));
                }
                if vault.versions.contains_key(name) && !self.is(Broken::ProbeMissesWhatIsThere) {
                    return Access::Readable;
                }
                Access::Failed(Outcome::Absent(Reason::new("there is nothing")))
            };
            batch.references.iter().map(|reference| Probe::new(one(reference))).collect()
        })
    }

    fn identity(&self) -> BoxFuture<'_, Result<Identity, Outcome>> {
        Box::pin(async move {
            match self.memory.broken {
                Some(Broken::IdentityFails) => Err(Outcome::Denied(Reason::new("nobody may ask"))),
                Some(Broken::IdentityShowsTheToken) => Ok(Identity::new(format!("token {TOKEN}"))),
                _ => Ok(Identity::new("approle checkout")),
            }
        })
    }
}
