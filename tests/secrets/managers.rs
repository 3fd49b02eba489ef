//! The secret managers as this suite asks them: which settings, which reference, and what a server of theirs would answer.

use std::time::Duration;

use configcheck::{AppConfig, Error, ExposeSecret as _, Loader, Secret};
use configcheck_etcd::EtcdProvider;
use configcheck_testkit::failure_lab::{FailureLab, Fault, Request};
use serde_json::json;

use super::oracle;

/// The credential that a request is sent with, unless there is a login.
pub(crate) const TOKEN: &str = "hunter2-CANARY-gh3k-fake";
/// The key that AWS's requests are signed with.
pub(crate) const SIGNING_KEY: &str = "quokka55-MANGO-77kw-fake";
/// The password of a login.
pub(crate) const PASSWORD: &str = "wombat31-PAPAYA-31gw-fake";
/// The token that a login gives.
pub(crate) const SESSION: &str = "zygote8-KUMQUAT-5z0k-fake";
/// The value of the secret.
pub(crate) const VALUE: &str = "walrus7-OKAPI-4z1k-fake";

/// What nothing may tell.
pub(crate) const SECRETS: [&str; 5] = [TOKEN, SIGNING_KEY, PASSWORD, SESSION, VALUE];

/// A service with one secret.
#[derive(AppConfig)]
#[config(name = "one")]
pub(crate) struct One {
    pub(crate) api_key: Secret<String>,
}

/// A secret manager, and the way in which this suite logs in to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manager {
    /// With a token.
    Vault,
    /// With a name and a password.
    VaultLogin,
    /// AWS Secrets Manager.
    SecretStore,
    /// AWS Systems Manager Parameter Store.
    ParameterStore,
    /// Without users.
    Etcd,
    /// With a name and a password.
    EtcdLogin,
}

impl Manager {
    pub(crate) const ALL: [Self; 6] = [Self::Vault, Self::VaultLogin, Self::SecretStore, Self::ParameterStore, Self::Etcd, Self::EtcdLogin];

    /// One for each provider and service.
    pub(crate) const SERVICES: [Self; 4] = [Self::Vault, Self::SecretStore, Self::ParameterStore, Self::Etcd];

    /// One of the values, by the service that is asked.
    pub(crate) fn pick<T>(self, vault: T, aws: T, etcd: T) -> T {
        match self {
            Self::Vault | Self::VaultLogin => vault,
            Self::SecretStore | Self::ParameterStore => aws,
            Self::Etcd | Self::EtcdLogin => etcd,
        }
    }

    pub(crate) fn reference(self) -> &'static str {
        match self {
            Self::Vault | Self::VaultLogin => "vault:kv/app#k",
            Self::SecretStore => "aws-sm:one",
            Self::ParameterStore => "aws-ssm:/one",
            Self::Etcd | Self::EtcdLogin => "etcd:/app/one",
        }
    }

    /// The variable of the address.
    pub(crate) fn address(self) -> &'static str {
        self.pick("VAULT_ADDR", "AWS_ENDPOINT_URL", "ETCDCTL_ENDPOINTS")
    }

    /// The variable of the file of authorities.
    pub(crate) fn authorities(self) -> &'static str {
        self.pick("VAULT_CACERT", "AWS_CA_BUNDLE", "ETCDCTL_CACERT")
    }

    /// The settings for a server at an address.
    pub(crate) fn settings(self, url: &str) -> Vec<(&'static str, String)> {
        let mut settings = vec![(self.address(), url.to_owned())];
        let more: &[(&'static str, &str)] = match self {
            Self::Vault => &[("VAULT_TOKEN", TOKEN)],
            Self::VaultLogin => &[("VAULT_AUTH_METHOD", "userpass"), ("VAULT_USERNAME", "joe"), ("VAULT_PASSWORD", PASSWORD)],
            Self::SecretStore | Self::ParameterStore => &[
                ("AWS_ACCESS_KEY_ID", "AKIANOTAREALKEY00000"),
                ("AWS_SECRET_ACCESS_KEY", SIGNING_KEY),
                ("AWS_SESSION_TOKEN", TOKEN),
                ("AWS_REGION", "eu-west-1"),
                ("AWS_EC2_METADATA_DISABLED", "true"),
            ],
            Self::Etcd => &[],
            Self::EtcdLogin => &[("ETCDCTL_USER", "joe"), ("ETCDCTL_PASSWORD", PASSWORD)],
        };
        settings.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        settings
    }

    /// A loader of the one secret.
    pub(crate) fn loader(self, url: &str, deadline: Duration) -> Loader {
        self.loader_with(&self.settings(url), deadline)
    }

    /// The same with these settings.
    pub(crate) fn loader_with(self, settings: &[(&'static str, String)], deadline: Duration) -> Loader {
        let all = settings.iter().cloned().chain([("API_KEY", self.reference().to_owned())]);
        let loader = Loader::new().no_dotenv().no_standard_mounts().environment("development").deadline(deadline).vars(all);
        if matches!(self, Self::Etcd | Self::EtcdLogin) { loader.provider(EtcdProvider::new()) } else { loader }
    }

    /// Whether a request is a login.
    pub(crate) fn is_login(request: &Request) -> bool {
        request.target.contains("/auth/")
    }

    /// What a server answers to a login.
    pub(crate) fn logged_in(self) -> Fault {
        let answer = self.pick(
            json!({ "auth": { "client_token": SESSION, "lease_duration": 3600, "renewable": true } }),
            json!({}),
            json!({ "header": { "revision": "7" }, "token": SESSION }),
        );
        Fault::ok(answer.to_string())
    }

    /// What a server answers when it has the secret with a value, which is JSON.
    pub(crate) fn value(self, value: &serde_json::Value) -> Fault {
        let answer = match self {
            Self::Vault | Self::VaultLogin => json!({ "data": { "k": value } }),
            Self::SecretStore => json!({ "Name": "one", "SecretString": value }),
            Self::ParameterStore => {
                let row = json!({ "Name": "/one", "Type": "SecureString", "Value": value, "Version": 1 });
                json!({ "Parameters": [row], "InvalidParameters": [] })
            }
            Self::Etcd | Self::EtcdLogin => {
                let row = json!({ "key": "L2FwcC9vbmU=", "value": value, "mod_revision": "5" });
                json!({ "header": { "revision": "7" }, "kvs": [row], "count": "1" })
            }
        };
        Fault::ok(answer.to_string())
    }

    /// What a server answers that works.
    pub(crate) fn good(self) -> Fault {
        // The gateway of etcd writes bytes as base64.
        self.value(&json!(self.pick(VALUE, VALUE, "d2FscnVzNy1PS0FQSS00ejFrLWZha2U=")))
    }

    /// A server that lets everybody in, and plays a fault for what comes then.
    pub(crate) fn behind_login(self, fault: Fault) -> Fault {
        Fault::by(move |request| if Self::is_login(request) { self.logged_in() } else { fault.clone() })
    }

    /// A server that works.
    pub(crate) fn works(self) -> FailureLab {
        FailureLab::start(self.behind_login(self.good()))
    }
}

/// How a load ended, after the oracle has looked through what it said.
#[derive(Debug)]
pub(crate) enum Ended {
    /// With the right value.
    Loaded,
    /// With this plain report.
    Refused(configcheck::ErrorKind, String),
}

/// Loads, and looks through all that is told.
pub(crate) fn load(loader: &Loader) -> Ended {
    oracle::listen();
    let result: Result<One, Error> = loader.load();
    assert!(!oracle::leaks(&format!("{loader:?} {loader:#?}")), "a secret is in the Debug of the loader");
    match result {
        Ok(settings) => {
            assert!(settings.api_key.expose_secret() == VALUE, "another value than that of the server");
            Ended::Loaded
        }
        Err(error) => Ended::Refused(error.kind(), oracle::told(&error)),
    }
}
