//! `EtcdProvider`: which references are read in one request, and the login.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use configcheck_core::Provider;
use configcheck_core::provider::{Batch, BoxFuture, ConnectContext, Outcome, Reason, Retry, Session, Trust};
use configcheck_core::reference::{ENGINE_OPTIONS, SecretRef};
use configcheck_http::runtime;

use crate::config::{Config, Program};
use crate::gateway::Gateway;
use crate::location::Location;
use crate::question::OPERATIONS;
use crate::session::EtcdSession;
use crate::variables::{self, Variables};

/// Reads `etcd:` references.
///
/// ```
/// use configcheck_core::Provider;
/// use configcheck_etcd::EtcdProvider;
///
/// let provider = EtcdProvider::new().endpoint("http://127.0.0.1:2379");
/// assert_eq!(provider.schemes(), ["etcd"]);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct EtcdProvider {
    program: Program,
    next: Arc<AtomicUsize>,
}

impl EtcdProvider {
    /// A provider that has its settings from the environment.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a member, as `https://HOST:PORT`. `ETCDCTL_ENDPOINTS` is not read then.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.program.endpoints.push(endpoint.into());
        self
    }

    /// Allows `http` to other machines, where something else keeps the way there: passwords and values cross the network in the clear.
    pub fn plain_http(mut self) -> Self {
        self.program.plain_http = true;
        self
    }
}

impl Provider for EtcdProvider {
    fn schemes(&self) -> &'static [&'static str] {
        &["etcd"]
    }

    fn settings(&self) -> &'static [&'static str] {
        &variables::NAMES
    }

    fn check(&self, reference: &SecretRef) -> Result<(), Reason> {
        match reference.option_names().find(|name| !ENGINE_OPTIONS.contains(name)) {
            Some(name) => Err(Reason::new(format!("etcd has no option `{name}`")).help("remove it; a key has the value that was put last")),
            None => Ok(()),
        }
    }

    /// One request for each prefix, and one for up to 128 keys.
    fn plan(&self, references: &[SecretRef]) -> Vec<Batch> {
        let (prefixes, keys): (Vec<SecretRef>, Vec<SecretRef>) =
            references.iter().cloned().partition(|reference| Location::of(reference).is_prefix());
        let mut batches = Batch::singles(&prefixes);
        batches.extend(Batch::chunks(&keys, OPERATIONS));
        batches
    }

    fn concurrency(&self) -> usize {
        16
    }

    fn trust(&self) -> Trust {
        Trust::Plain
    }

    fn connect<'a>(&'a self, context: &'a ConnectContext) -> BoxFuture<'a, Result<Arc<dyn Session>, Outcome>> {
        Box::pin(async move {
            let config = Config::of(&self.program, &Variables::read(&context.settings))?;
            let gateway = Gateway::new(&config, Arc::clone(&self.next));
            let session = runtime::spawn(EtcdSession::log_in(gateway, config.login)).await.map_err(|stopped| stop(&stopped))??;
            Ok(Arc::new(session) as Arc<dyn Session>)
        })
    }
}

/// The outcome where the runtime of requests has stopped.
pub(crate) fn stop(stopped: &runtime::Stopped) -> Outcome {
    let reason = Reason::new(format!("etcd was not asked: {stopped}")).help("report it, with this message and what the service was doing");
    Outcome::Unavailable { retry: Retry::Never, reason }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn reference(text: &str) -> SecretRef {
        SecretRef::parse(text).unwrap().unwrap()
    }

    #[test]
    fn prefixes_go_alone_and_keys_together() {
        let mut references: Vec<_> = (0..130).map(|number| reference(&format!("etcd:/app/{number}"))).collect();
        references.push(reference("etcd:/app/"));
        references.push(reference("etcd:/shared/"));
        let sizes: Vec<_> = EtcdProvider::new().plan(&references).iter().map(|batch| batch.references.len()).collect();
        assert_eq!(sizes, [1, 1, 128, 2]);
    }

    #[test]
    fn options_of_other_managers_are_refused() {
        let check = |text| EtcdProvider::new().check(&reference(text));
        assert_eq!(check("etcd:/app/port?version=3").unwrap_err().message, "etcd has no option `version`");
        assert!(check("etcd:/app/port?optional=true&encoding=base64&trim_nl=false").is_ok());
    }

    #[test]
    fn no_chain_falls_from_a_secret_manager_to_it() {
        assert_eq!(EtcdProvider::new().trust(), Trust::Plain);
    }
}
