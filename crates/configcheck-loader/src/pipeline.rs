//! The stages in order. They do not name each other; this file alone knows them all.

use std::time::Instant;

use configcheck_checks::{Policy, check, rules};
use configcheck_core::construct::Construct;
use configcheck_core::wiping::Wiping;
use configcheck_core::{AppConfig, Diagnostic, Report, Schema, Snapshot};
use configcheck_engine::{Held, give_back};

use crate::collect::collect;
use crate::error::Error;
use crate::events;
use crate::loader::Loader;
use crate::providers;
use crate::resolve::Resolution;
use crate::survey::References;

/// What a good load gives.
pub(crate) struct Loaded<T> {
    pub(crate) value: T,
    /// Its warnings.
    pub(crate) report: Report,
    /// Secrets that a manager made for this process.
    pub(crate) held: Vec<Held>,
}

/// What the first two stages give.
struct Gathered {
    snapshot: Snapshot,
    held: Vec<Held>,
    /// Until when everything has to be done.
    deadline: Instant,
}

/// Collects, resolves, constructs and checks. A load that fails gives back what a manager made for it: a service that is started again and
/// again must not leave a user behind with each try.
pub(crate) async fn load<T: AppConfig>(loader: &Loader) -> Result<Loaded<T>, Error> {
    // The first to be made is the last to be dropped: everything else of the load is freed before it.
    let _wiping = Wiping::begin();
    let gathered = gather::<T>(loader).await;
    let error = match finish(loader, T::layout(), gathered.snapshot) {
        Ok((value, report)) => return Ok(Loaded { value, report, held: gathered.held }),
        Err(error) => error,
    };
    give_back(gathered.held, gathered.deadline).await;
    Err(error)
}

/// Everything but handing the value out.
pub(crate) async fn inspect<T: AppConfig>(loader: &Loader) -> Report {
    let _wiping = Wiping::begin();
    let mut gathered = gather::<T>(loader).await;
    drop(T::construct(&mut Construct::new(T::layout(), &mut gathered.snapshot)));
    let report = check(T::layout(), &gathered.snapshot, &loader.policy);
    give_back(gathered.held, gathered.deadline).await;
    report
}

async fn gather<T: AppConfig>(loader: &Loader) -> Gathered {
    let schema = T::layout();
    let providers = providers::of::<T>(loader);
    let mut collected = collect(loader, &providers, schema, None, References::Fetched);
    let Some(resolution) = Resolution::plan(loader, providers, schema, &mut collected) else {
        return Gathered { snapshot: collected.snapshot, held: Vec::new(), deadline: Instant::now() };
    };
    let mut answers = resolution.fetch().await;
    events::accesses(&answers);
    let (held, deadline) = (std::mem::take(&mut answers.held), resolution.deadline());
    resolution.apply(schema, &mut collected.snapshot, &answers);
    Gathered { snapshot: collected.snapshot, held, deadline }
}

fn finish<T: AppConfig>(loader: &Loader, schema: &Schema, mut snapshot: Snapshot) -> Result<(T, Report), Error> {
    let value = T::construct(&mut Construct::new(schema, &mut snapshot));
    let mut report = check(schema, &snapshot, &loader.policy);
    if value.is_none() && !report.has_errors() {
        // The policy silences what kept the struct from being constructed; a load that fails says why all the same.
        report = check(schema, &snapshot, &Policy::new());
    }
    if value.is_none() && !report.has_errors() {
        report.findings.push(unexplained());
    }
    events::report(&report);
    match value {
        Some(value) if !report.has_errors() => Ok((value, report)),
        _ => Err(Error::new(report)),
    }
}

/// A load never fails without a reason: what stands here is a mistake of ours, and says so.
fn unexplained() -> Diagnostic {
    let rule = rules::by_name("invalid-value").map_or_else(|| rules::ALL[0].info(), |rule| rule.info());
    Diagnostic::new(rule, "the configuration could not be constructed, and no rule says why")
        .help("this is a mistake of configcheck: please report it, with the struct and without any value")
}
