//! Least-privilege policies and fleet costs, from the references that a service declares.
//!
//! Everything here is computed from names: no manager is asked, no file is read and no value is seen. [`Needs`] collects the references
//! with the variables that they are for; [`iam`], [`vault`] and [`kubernetes`] write the policy that lets exactly those be read, and compare
//! a policy that is in use with it; [`fleet`] says what it costs when many replicas start at once.
//!
//! ```
//! use configcheck_core::SecretRef;
//! use configcheck_policy::{Needs, vault};
//!
//! let mut needs = Needs::default();
//! let reference = SecretRef::parse("vault:secret/data/production/checkout#jwt_secret").expect("a scheme")?;
//! needs.add(&reference, "JWT_SECRET");
//! let policy = vault::policy(&needs, &vault::Options::default())?;
//! assert!(policy.text.contains("path \"secret/data/production/checkout\" {\n  capabilities = [\"read\"]\n}\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod document;
mod drift;
pub mod fleet;
pub mod iam;
pub mod kubernetes;
mod need;
mod pattern;
mod permission;
pub mod vault;

pub use document::{Document, Problem, Problems, Unread};
pub use drift::Drift;
pub use need::{Need, Needs};
pub use permission::permission;
