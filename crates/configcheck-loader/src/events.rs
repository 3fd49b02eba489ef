//! `tracing` events of a load, when the feature is on: what was fetched from where and with which outcome, and how the load ended. No
//! value, no length and no text of a secret is ever a field.

use configcheck_core::{Report, Snapshot};

/// Tells what became of the load.
#[cfg(feature = "tracing")]
pub(crate) fn report(snapshot: &Snapshot, report: &Report) {
    use configcheck_core::Severity;
    use configcheck_core::display::Shown;

    for resolved in snapshot.slots.iter().filter_map(|slot| slot.resolved()) {
        let reference = resolved.reference.as_ref().map(|reference| Shown::of(reference.as_str()));
        let reference = reference.as_ref().map_or("not well formed", Shown::as_str);
        tracing::debug!(target: "configcheck", reference, outcome = resolved.outcome.name(), "secret accessed");
    }
    let environment = report.environment.as_deref().unwrap_or("unknown");
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    let (service, ok, missing) = (report.service.as_str(), report.tally.ok, report.tally.missing);
    if report.has_errors() {
        tracing::error!(target: "configcheck", service, environment, errors, warnings, ok, missing, "configuration refused");
    } else {
        tracing::info!(target: "configcheck", service, environment, warnings, ok, "configuration loaded");
    }
    for finding in report.active() {
        tracing::debug!(target: "configcheck", rule = finding.rule.name, severity = finding.severity.name(), key = finding.key.as_deref(), "finding");
    }
}

/// Without the feature nobody listens.
#[cfg(not(feature = "tracing"))]
pub(crate) fn report(_: &Snapshot, _: &Report) {}
