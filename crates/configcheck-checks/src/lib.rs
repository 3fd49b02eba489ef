//! The rules: a schema and a snapshot in, a report out. The same function serves a service at startup and a pipeline before a deploy.
//!
//! Nothing here reads a file, a variable or a clock. Each rule is one file and one page; [`rules::ALL`] and
//! [`rules::ACROSS`] name them in their order.

mod across;
mod context;
mod policy;
pub mod rules;
mod run;

pub use across::{Across, Examined, check_across};
pub use context::Context;
pub use policy::{Acceptance, Level, Policy};
pub use rules::{AcrossRule, Rule};
pub use run::{KeyVerdict, check, verdicts};
