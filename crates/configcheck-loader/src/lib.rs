//! The stages of a load, in order: collect, resolve, construct, check.
//!
//! Sources are read here and nowhere else; only `sources/environment.rs` touches the process environment. The stages do not know each
//! other: `pipeline.rs` alone strings them together. No runtime is needed: futures of providers are driven by the calling thread.

mod collect;
mod error;
mod events;
mod exit;
mod formats;
mod judge;
mod loader;
mod pipeline;
mod providers;
pub mod render;
mod resolve;
mod sources;
mod survey;
mod waiting;

pub use configcheck_checks::{Acceptance, Level, Policy};
pub use configcheck_dotenv::Dialect;
pub use configcheck_engine::{LeaseStatus, Leases, Observer, Progress};
pub use error::{Error, ErrorKind};
pub use loader::Loader;
pub use providers::FileProvider;
pub use survey::References;
pub use waiting::Waiting;
