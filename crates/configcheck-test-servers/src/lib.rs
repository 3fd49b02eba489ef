//! The real servers of Configcheck's tests, started and stopped; not published.
//!
//! | server | what it is | to write with |
//! |---|---|---|
//! | [`OpenBao`] | the open fork of HashiCorp Vault | [`OpenBao::request`], [`OpenBao::write`], [`OpenBao::enable`] |
//! | [`Moto`] | Secrets Manager, Parameter Store, STS and KMS of AWS, imitated | [`Moto::request`] |
//! | [`Etcd`] | etcd | [`Etcd::put`], [`Etcd::request`] |
//! | [`Authority`] | signs certificates of servers and clients | [`Authority::issue`] |
//! | [`Redis`] | Redis, for dynamic credentials | |
//! | [`sops`], [`age`], [`age_keygen`] | the commands | |
//!
//! The first use in a process installs everything with `tests/servers/install.py`, which takes a quarter of a minute once, and nothing after that.
//!
//! `shared()` is one server for the whole process, started when it is first asked for; tests keep apart by the names of [`unique`]. Whoever
//! stops, seals or reconfigures a server starts one of its own. Every server listens on 127.0.0.1, at a port that was free, has a folder of
//! its own and nothing of the surrounding environment, and ends when its value is dropped or the process is gone, however it ended.
//!
//! ```no_run
//! use configcheck_test_servers::{OpenBao, unique};
//!
//! let bao = OpenBao::shared();
//! let mount = unique("kv");
//! bao.enable(&mount, "kv", r#"{"version":"2"}"#);
//! bao.write(&format!("{mount}/data/app"), r#"{"data":{"PASSWORD":"hunter2-fake"}}"#);
//! let (status, body) = bao.request("GET", &format!("/v1/{mount}/data/app"), bao.root_token(), None);
//! assert_eq!(status, 200, "{body}");
//! ```

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a server that does not do what it is told fails the test"
)]
#![expect(clippy::doc_markdown, reason = "OpenBao is a name")]

mod authority;
mod etcd;
mod exchange;
mod install;
mod json;
mod moto;
mod openbao;
mod ports;
mod process;
mod redis;
mod unique;

pub use authority::Authority;
pub use etcd::Etcd;
pub use install::{age, age_keygen, etcdctl, node, python, sops};
pub use moto::Moto;
pub use openbao::{OpenBao, OpenBaoOptions};
pub use redis::Redis;
pub use unique::unique;
