//! `tracing` events of a load, when the feature is on: what was fetched from where and with which outcome, and how the load ended. No
//! value, no length and no text of a secret is ever a field.

use configcheck_core::Report;
use configcheck_engine::Resolution;

/// Notes each access: who asked for what, and what became of it.
#[cfg(feature = "tracing")]
pub(crate) fn accesses(answers: &Resolution) {
    use configcheck_core::display::Shown;

    for access in &answers.accesses {
        let reference = Shown::of(access.reference.as_str());
        tracing::info!(
            target: "configcheck",
            reference = reference.as_str(),
            identity = access.identity.as_deref(),
            outcome = access.outcome.name(),
            version = access.version.as_deref(),
            tries = access.tries,
            took = ?access.took,
            "secret accessed"
        );
    }
}

/// Tells what became of the load.
#[cfg(feature = "tracing")]
pub(crate) fn report(report: &Report) {
    use configcheck_core::Severity;

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
pub(crate) fn accesses(_: &Resolution) {}

/// Without the feature nobody listens.
#[cfg(not(feature = "tracing"))]
pub(crate) fn report(_: &Report) {}
