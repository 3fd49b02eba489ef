//! The HTTP client of Configcheck's providers: bounded in time, size and reach, and silent about what it carries.
//!
//! A [`Client`] sends one request and hands back one response. It follows no redirect, reads no proxy from the environment, goes to no
//! address that it was not allowed ([`Reach`]), speaks before no certificate is verified, and reads no more than [`ClientSettings::body_limit`].
//! It retries nothing but a connection that had gone stale: retries and deadlines are the engine's, which drops the future.
//!
//! Connections need a runtime that lives as long as they do. [`runtime::spawn`] has one, on a thread of its own, so that providers work
//! below any executor and below none:
//!
//! ```no_run
//! use configcheck_http::{Client, ClientSettings, runtime};
//! use zeroize::Zeroizing;
//!
//! # async fn example() -> Option<()> {
//! let client = Client::new(ClientSettings::new()).ok()?;
//! let request = http::Request::get("https://vault.internal:8200/v1/sys/health").body(Zeroizing::new(Vec::new())).ok()?;
//! let answer = runtime::spawn(async move { client.send(request).await }).await.ok()?;
//! match answer {
//!     Ok(response) => assert_eq!(response.status, 200),
//!     Err(failure) => assert!(!failure.to_string().is_empty()),
//! }
//! # Some(())
//! # }
//! ```
//!
//! Modules point downwards: `client → origin → exchange → body → outgoing → dial → tls → settings → failure → address`, and none
//! knows a provider.

mod address;
mod body;
mod certificate;
mod client;
mod dial;
mod exchange;
mod failure;
mod origin;
mod outgoing;
mod response;
mod retry_after;
pub mod runtime;
mod secret_header;
mod settings;
mod single_flight;
mod tls;

pub use address::{Address, AddressProblem, Reach, Scheme};
pub use client::{Client, Usage};
pub use dial::Peer;
pub use failure::{Failure, FailureKind};
pub use response::Response;
pub use retry_after::retry_after;
pub use secret_header::secret_header;
pub use settings::{ClientSettings, Identity, Roots, SettingsProblem};
