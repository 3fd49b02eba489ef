//! The contract of Configcheck: what a schema, a snapshot, a secret, a finding, a source and a provider are.
//!
//! Nothing here reads a file, an environment variable or a clock, and nothing here knows a rule or a runtime. Services depend
//! on the `configcheck` crate; authors of providers and sources depend on this one, so that they build beside the macros.
//!
//! Modules point downwards only: `environment → secret → value → origin → schema → provider → from_value → snapshot →
//! construct → diagnostic → config → levels → example`. A test of the repository holds the order.

pub mod byte_size;
pub mod config;
pub mod constraint;
pub mod construct;
pub mod diagnostic;
pub mod display;
pub mod environment;
pub mod example;
pub mod from_value;
pub mod json;
#[doc(hidden)]
pub mod levels;
pub mod origin;
pub mod provider;
pub mod schema;
pub mod secret;
pub mod snapshot;
pub mod suggest;
#[cfg(all(test, target_os = "linux"))]
mod testing;
pub mod value;
pub mod wipe;
pub mod wiping;

pub use byte_size::ByteSize;
pub use config::AppConfig;
pub use configcheck_reference::{self as reference, SecretRef};
pub use diagnostic::{Diagnostic, Place, Report, RuleInfo, Severity};
pub use environment::{Environment, EnvironmentKind};
pub use from_value::ConfigValue;
pub use provider::{Outcome, Provider};
pub use schema::Schema;
pub use secret::Secret;
pub use snapshot::Snapshot;
#[cfg(feature = "url")]
pub use url::Url;
