//! Typed configuration and secrets for services: merged from every source, checked at startup, reported all at once, never printed.
//!
//! A service declares its configuration as a struct. At startup the values of `.env` files, config files, environment variables, mounted
//! secrets and secret managers are merged into it and checked; the service gets typed values, or stops with one report that names every
//! problem, its place and its fix.
//!
//! ```
//! use configcheck::{AppConfig, Environment, ExposeSecret, Loader, Secret};
//!
//! /// Configuration of the checkout service.
//! #[derive(AppConfig)]
//! #[config(name = "checkout")]
//! struct Settings {
//!     /// Which environment this process runs in.
//!     app_env: Environment,
//!     /// Port that the HTTP server listens on.
//!     #[config(default = 8080)]
//!     port: u16,
//!     /// Key that signs session tokens.
//!     #[validate(length(min = 32))]
//!     jwt_secret: Secret<String>,
//! }
//!
//! // A service calls `Settings::load_or_exit()`. Here the variables are given, so that the example needs none of its own.
//! let loader = Loader::new().no_dotenv();
//! let good = [("APP_ENV", "production"), ("JWT_SECRET", "not-a-real-key-0123-abcd-4567-efgh")];
//! let settings: Settings = loader.clone().vars(good).load()?;
//! assert_eq!(settings.port, 8080);
//! assert_eq!(settings.jwt_secret.expose_secret().len(), 34);
//!
//! let bad = [("APP_ENV", "production"), ("PORT", "80a80"), ("JWT_SECRET", "short")];
//! let report = loader.vars(bad).inspect::<Settings>();
//! let rules: Vec<&str> = report.active().map(|finding| finding.rule.name).collect();
//! assert_eq!(rules, ["invalid-value", "constraint-violated"]);
//! # Ok::<(), configcheck::Error>(())
//! ```
//!
//! # Features
//!
//! Each is explained in `Cargo.toml`, with what it compiles. A feature makes something available and never changes behaviour.

#[cfg(feature = "url")]
pub use configcheck_core::Url;
pub use configcheck_core::secret::ExposeSecret;
pub use configcheck_core::{
    AppConfig, ByteSize, ConfigValue, Diagnostic, Environment, EnvironmentKind, Place, Provider, Report, RuleInfo, Schema, Secret,
    SecretRef, Severity, snapshot::Snapshot,
};
#[cfg(feature = "derive")]
pub use configcheck_derive::{AppConfig, ConfigValue};
pub use configcheck_loader::{Acceptance, Error, ErrorKind, LeaseStatus, Leases, Level, Loader, Observer, Policy, Progress, render};
#[cfg(feature = "memory")]
#[doc(inline)]
pub use configcheck_memory as memory;

pub mod providers;

/// What generated code names. Not for users, and free to change.
#[doc(hidden)]
pub mod __private {
    pub use configcheck_core::{
        config, constraint, construct, display, environment, from_value, levels, provider, schema, secret, suggest, wipe,
    };
    pub use configcheck_loader::{Error, Loader};
    pub use std;

    pub use crate::providers::compiled_in as providers;
}
