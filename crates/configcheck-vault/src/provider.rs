//! `VaultProvider`: what the program says, and how references become requests.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use configcheck_core::Provider;
use configcheck_core::provider::{BoxFuture, ConnectContext, Outcome, Reason, Session};
use configcheck_core::reference::SecretRef;
use configcheck_http::runtime;

use crate::config::{Config, Program};
use crate::location::Location;
use crate::login::{Login, Place};
use crate::session::{self, VaultSession};
use crate::variables::{self, Variables};
use crate::wrapping::Unwrapped;

/// Reads `vault:` references.
///
/// ```
/// use configcheck_core::Provider;
/// use configcheck_vault::{Login, VaultProvider};
///
/// let provider = VaultProvider::new()
///     .address("https://vault.example.com:8200")
///     .namespace("payments")
///     .ca_file("/etc/ssl/vault-ca.pem")
///     .login(Login::kubernetes("checkout"));
/// assert_eq!(provider.schemes(), ["vault"]);
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct VaultProvider {
    program: Program,
    unwrapped: Arc<Unwrapped>,
}

impl VaultProvider {
    /// A provider that has the settings of the environment.
    pub fn new() -> Self {
        Self::default()
    }

    /// The address of the server, instead of that of `VAULT_ADDR` and `VAULT_AGENT_ADDR`.
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.program.address = Some(address.into());
        self
    }

    /// The namespace of the login and of references that name none, instead of that of `VAULT_NAMESPACE`.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.program.namespace = Some(namespace.into());
        self
    }

    /// The login, instead of the one that the environment describes.
    pub fn login(mut self, login: Login) -> Self {
        self.program.login = Some(login);
        self
    }

    /// The PEM file of the only authorities that are trusted, instead of that of `VAULT_CACERT` and `VAULT_CAPATH`.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.program.ca_file = Some(path.into());
        self
    }

    /// The PEM files of the certificate that the connection shows and of its key, instead of those of `VAULT_CLIENT_CERT` and
    /// `VAULT_CLIENT_KEY`.
    pub fn client_certificate(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.program.client_certificate = Some((certificate.into(), key.into()));
        self
    }

    /// The name that the server's certificate has to have, instead of that of `VAULT_TLS_SERVER_NAME` and of the address's host.
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.program.server_name = Some(name.into());
        self
    }

    /// Lets `http` leave this machine, where anybody on the way reads the token and every secret. For networks that encrypt by themselves,
    /// such as a service mesh.
    pub fn plain_http(mut self) -> Self {
        self.program.plain_http = true;
        self
    }

    /// The `http://` address of the proxy that `https` goes through, encrypted all the way. Proxies of the environment are never used.
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.program.proxy = Some(address.into());
        self
    }
}

impl Provider for VaultProvider {
    fn schemes(&self) -> &'static [&'static str] {
        &["vault"]
    }

    fn settings(&self) -> &'static [&'static str] {
        &variables::NAMES
    }

    fn check(&self, reference: &SecretRef) -> Result<(), Reason> {
        Location::of(reference).map(drop)
    }

    /// Logs in, unless there is a token already: then nobody is asked before the first secret.
    fn connect<'a>(&'a self, context: &'a ConnectContext) -> BoxFuture<'a, Result<Arc<dyn Session>, Outcome>> {
        Box::pin(async move {
            let variables = Variables::read(&context.settings);
            let config = Config::of(&self.program, &variables, context.environment.as_ref())?;
            let unwrapped = Arc::clone(&self.unwrapped);
            let work = async move {
                let Config { server, namespace, login } = config;
                let place = Place { server: &server, namespace: namespace.as_deref(), unwrapped: &unwrapped };
                let grant = login.run(&place).await?;
                Ok(Arc::new(VaultSession::new(server, namespace, grant)) as Arc<dyn Session>)
            };
            runtime::spawn(work).await.unwrap_or_else(|_| Err(session::stopped()))
        })
    }
}

impl fmt::Debug for VaultProvider {
    /// The login alone: an address that was not checked yet may hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VaultProvider").field("login", &self.program.login).finish_non_exhaustive()
    }
}
