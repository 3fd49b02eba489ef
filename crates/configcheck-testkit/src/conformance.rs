//! One set of requirements for all providers, ours and yours: what the engine relies on, each with a name.
//!
//! A [`Subject`] is a provider together with the place that it reads from: it can store a value and say the reference to it. What else it
//! can do it says as [`Capability`]; requirements that need more are listed as not applicable, never left out silently.
//!
//! ```
//! use std::collections::BTreeMap;
//! use std::sync::{Arc, Mutex};
//!
//! use configcheck_core::provider::{Fetched, Outcome, Provider, Reason};
//! use configcheck_testkit::FakeProvider;
//! use configcheck_testkit::conformance::{self, Capability, Subject};
//!
//! /// A manager in memory, and the provider that reads from it.
//! #[derive(Default)]
//! struct Memory {
//!     values: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
//! }
//!
//! impl Subject for Memory {
//!     fn provider(&self) -> Arc<dyn Provider> {
//!         let values = Arc::clone(&self.values);
//!         let answer = move |path: &str| match values.lock().unwrap().get(path) {
//!             Some(value) => Outcome::Found(Fetched::value(value.clone())),
//!             None => Outcome::Absent(Reason::new("there is nothing at this path")),
//!         };
//!         Arc::new(FakeProvider::answering("vault", move |reference| answer(reference.path())).knowing_options(&[]))
//!     }
//!
//!     fn capabilities(&self) -> Vec<Capability> {
//!         vec![Capability::Binary, Capability::EmptyValues]
//!     }
//!
//!     fn store(&self, name: &str, value: &[u8]) -> String {
//!         self.values.lock().unwrap().insert(name.to_owned(), value.to_vec());
//!         format!("vault:{name}")
//!     }
//!
//!     fn absent(&self, name: &str) -> String {
//!         format!("vault:{name}")
//!     }
//! }
//!
//! let report = conformance::check(&Memory::default());
//! assert!(report.passed().contains(&"value-is-exact"));
//! ```

mod drive;
mod leaks;
mod report;
mod requirements;
mod run;
mod subject;
mod values;

pub use drive::block_on;
pub use report::{Failed, Report};
pub use subject::{Capability, Subject};

use run::Run;

/// Runs every requirement that the subject's capabilities allow.
///
/// It needs no runtime: futures are driven by the calling thread. Each requirement logs in anew and stores values under names of its own.
///
/// # Panics
///
/// When a requirement is not kept; the message is the [`Report`], with all of them.
pub fn check(subject: &dyn Subject) -> Report {
    let report = examine(subject);
    assert!(report.failed().is_empty(), "the provider does not keep what the engine relies on\n\n{report}");
    report
}

/// As [`check`], and reports without a panic.
pub fn examine(subject: &dyn Subject) -> Report {
    let run = Run::new(subject);
    let mut report = Report::default();
    for requirement in requirements::all() {
        match requirement.needs.filter(|needed| !run.has(*needed)) {
            Some(missing) => report.leave_out(requirement.name, missing),
            None => report.note(requirement.name, requirement.sentence, run.examine(requirement)),
        }
    }
    report.left_out_values(run.left_out());
    report
}

/// Names and sentences of all requirements, in the order in which they are examined, and what a subject must be able to do for each.
pub fn requirements() -> impl Iterator<Item = (&'static str, &'static str, Option<Capability>)> {
    requirements::all().map(|requirement| (requirement.name, requirement.sentence, requirement.needs))
}
