//! `etcd:` references: plain configuration that many services share, in [etcd](https://etcd.io).
//!
//! | reference | what it is |
//! |---|---|
//! | `etcd:/app/port` | the value of the key `/app/port` |
//! | `etcd:/app/limits#/burst` | a place in it, where the value is JSON |
//! | `etcd:/app/` | all keys below `/app/`, as a layer: `Loader::secrets_from("etcd:/app/")` |
//! | `etcd:/app/#redis.url` | the value of the key `/app/redis/url` |
//!
//! A key is taken to the letter: `etcd:app/port` is the key `app/port`, without a slash before it. Below a prefix the rest of a key is its
//! name, with dots for slashes, so that `/app/REDIS_URL` is the variable `REDIS_URL` and `/app/redis/url` is the field `redis.url`. The key
//! `/app/` itself has no name, and is passed over.
//!
//! One prefix is one request; keys that stand alone go 128 to a request. Where such a request is denied because one of its keys is, each key is
//! asked for by itself, so that the others are read and the report names the one.
//!
//! etcd keeps what it has in the clear and knows no versions to go back to. It is a place for configuration and not for secrets:
//! its trust is [`Trust::Plain`](configcheck_core::provider::Trust::Plain), so that no chain of references falls from a secret manager to
//! it where services are deployed. Values are kept as secrets all the same.
//!
//! # Settings
//!
//! Those of `etcdctl`, so that what works there works here:
//!
//! | variable | what it says |
//! |---|---|
//! | `ETCDCTL_ENDPOINTS` | the members, with commas between them: `https://etcd-0.internal:2379,https://etcd-1.internal:2379`. One without a scheme is `https` where one of the files below is set, and `http` otherwise |
//! | `ETCDCTL_USER`, `ETCDCTL_PASSWORD` | the login; also `ETCDCTL_USER=NAME:PASSWORD` |
//! | `ETCDCTL_CACERT` | the file of the authority that signed the members' certificates; that of the system otherwise |
//! | `ETCDCTL_CERT`, `ETCDCTL_KEY` | the files of the client's certificate and its key |
//!
//! Members are tried in turn until one answers. `http` goes to this machine alone, unless [`EtcdProvider::plain_http`] allows more. A
//! certificate is always verified: `ETCDCTL_INSECURE_SKIP_TLS_VERIFY` is not read.
//!
//! ```
//! use configcheck_core::Provider;
//! use configcheck_etcd::EtcdProvider;
//!
//! let provider = EtcdProvider::new().endpoint("https://etcd.internal:2379");
//! assert_eq!(provider.schemes(), ["etcd"]);
//! ```
//!
//! # What it talks to
//!
//! The JSON gateway that etcd has had since 3.4, below `/v3/`. It knows users by password; a user by the common name of a certificate is known to
//! etcd's own protocol alone. The certificate is for connecting, then.
//!
//! A user needs `read` on what is referred to, and nothing else: `etcdctl role grant-permission ROLE --prefix=true read /app/`. The answers of
//! etcd are bounded: [`KEYS_LIMIT`] keys below a prefix, [`VALUE_LIMIT`] bytes in a value and [`ANSWER_LIMIT`] in an answer.

mod answer;
mod config;
mod gateway;
mod location;
mod provider;
mod question;
mod refusal;
mod session;
mod variables;

pub use answer::{KEYS_LIMIT, VALUE_LIMIT};
pub use config::ANSWER_LIMIT;
pub use provider::EtcdProvider;
