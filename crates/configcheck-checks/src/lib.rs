//! The rules: a schema and a snapshot in, a report out. The same function serves a service at startup and a pipeline before a deploy.
//!
//! Nothing here reads a file, a variable or a clock. Each rule is one file and one page; [`rules::ALL`] names them in their order.

mod context;
mod policy;
pub mod rules;
mod run;

pub use context::Context;
pub use policy::{Acceptance, Level, Policy};
pub use rules::Rule;
pub use run::{KeyVerdict, check, verdicts};
