//! The stages in order. They do not name each other; this file alone knows them all.

use configcheck_checks::{Policy, check, rules};
use configcheck_core::construct::Construct;
use configcheck_core::{AppConfig, Diagnostic, Report, Schema, Snapshot};

use crate::collect::collect;
use crate::error::Error;
use crate::events;
use crate::loader::Loader;
use crate::providers;
use crate::resolve::Resolution;
use crate::survey::References;
use crate::wait;

/// Collects, resolves, constructs and checks, blocking while secret managers answer.
pub(crate) fn load<T: AppConfig>(loader: &Loader) -> Result<T, Error> {
    let (snapshot, schema) = gather::<T>(loader);
    finish(loader, schema, snapshot).map(|(value, _)| value)
}

/// The same, without blocking.
pub(crate) async fn load_async<T: AppConfig>(loader: &Loader) -> Result<T, Error> {
    let schema = T::layout();
    let providers = providers::of::<T>(loader);
    let mut collected = collect(loader, &providers, schema, None, References::Fetched);
    if let Some(resolution) = Resolution::plan(loader, providers, schema, &mut collected) {
        let outcomes = resolution.fetch().await;
        resolution.apply(schema, &mut collected.snapshot, &outcomes);
    }
    finish(loader, schema, collected.snapshot).map(|(value, _)| value)
}

/// The same as a load, for the warnings that a good load has.
pub(crate) fn load_with_report<T: AppConfig>(loader: &Loader) -> Result<(T, Report), Error> {
    let (snapshot, schema) = gather::<T>(loader);
    finish(loader, schema, snapshot)
}

/// Everything but handing the value out.
pub(crate) fn inspect<T: AppConfig>(loader: &Loader) -> Report {
    let (mut snapshot, schema) = gather::<T>(loader);
    drop(T::construct(&mut Construct::new(schema, &mut snapshot)));
    check(schema, &snapshot, &loader.policy)
}

fn gather<T: AppConfig>(loader: &Loader) -> (Snapshot, &'static Schema) {
    let schema = T::layout();
    let providers = providers::of::<T>(loader);
    let mut collected = collect(loader, &providers, schema, None, References::Fetched);
    if let Some(resolution) = Resolution::plan(loader, providers, schema, &mut collected) {
        let outcomes = wait::block_on(resolution.fetch());
        resolution.apply(schema, &mut collected.snapshot, &outcomes);
    }
    (collected.snapshot, schema)
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
    events::report(&snapshot, &report);
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
