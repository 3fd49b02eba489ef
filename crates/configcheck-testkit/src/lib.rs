//! Helpers for the tests of services: load from a map without touching globals, and prove that the schema, the code and
//! the committed files agree.
//!
//! ```no_run
//! # use configcheck_core::AppConfig;
//! # fn tests<Settings: AppConfig>() {
//! use configcheck_testkit::{
//!     assert_example_is_current, assert_every_variable_loads, assert_smallest_environment_loads, schema_file,
//! };
//!
//! assert_smallest_environment_loads::<Settings>("production", &[("SENTRY_DSN", "https://sentry.example.com/1")]);
//! assert_every_variable_loads::<Settings>("staging", &[]);
//! assert_example_is_current::<Settings>(".env.example");
//! schema_file::<Settings>("config.schema.json");
//! # }
//! ```
//!
//! The [failure lab](failure_lab) is a server that plays faults, for tests of whatever speaks HTTP. The [conformance suite](conformance) holds
//! a provider to what the engine relies on.
//!
//! # Features
//!
//! * `lab-tls`: faults of TLS in the failure lab, and good certificates for it. Compiles rcgen and rustls.

#![expect(clippy::panic, reason = "an assertion of a test fails by panicking")]

mod committed;
pub mod conformance;
mod environments;
mod example;
pub mod failure_lab;
mod fake_provider;
mod references;
mod schema_file;

pub use environments::{assert_every_variable_loads, assert_smallest_environment_loads, every_variable, load_from, smallest_environment};
pub use example::assert_example_is_current;
pub use failure_lab::{FailureLab, Fault};
pub use fake_provider::{FakeLog, FakeProvider};
pub use references::assert_reference_holds;
pub use schema_file::schema_file;
