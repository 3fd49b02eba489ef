//! A probe tells what a fetch would, and where it can, without the value.

use configcheck_core::provider::{Access, OutcomeKind};

use super::super::run::{self, Run, Verdict, parsed};
use super::super::subject::Capability;
use super::Requirement;

pub(super) const ALL: &[Requirement] = &[
    Requirement::new("probe-agrees-with-fetch", "a probe finds what a fetch finds, and misses what it misses", probe_agrees_with_fetch),
    Requirement::new("probe-tells-denied", "a probe does not call readable what may not be read", probe_tells_denied)
        .needs(Capability::Denial),
    Requirement::new("probe-takes-no-value", "a probe asks for no value", probe_takes_no_value).needs(Capability::ProbeWithoutValue),
];

fn probe_agrees_with_fetch(run: &Run<'_>) -> Verdict {
    let stored: Vec<_> = (0..3).map(|number| run.store_mark(&format!("probe-{number}")).0).collect();
    let mut references = stored;
    references.insert(1, parsed(&run.subject.absent("probe-absent")));
    let probes = run.probe(run.session()?.as_ref(), &references)?;
    for (number, (reference, probe)) in references.iter().zip(&probes).enumerate() {
        match (&probe.access, number == 1) {
            (Access::Readable | Access::Read | Access::Allowed(_), false) | (Access::Allowed(_), true) => {}
            (Access::Failed(outcome), true) => {
                run.show_outcome("a probe", outcome);
                run.expect_kind("a probe of what does not exist", outcome, OutcomeKind::Absent);
            }
            (Access::Failed(outcome), false) => run.problem(format!("{reference} can be fetched, and its probe says {}", run::of(outcome))),
            (_, true) => run.problem(format!("{reference} does not exist, and its probe calls it readable")),
            (other, false) => run.problem(format!("{reference} can be fetched, and its probe says {other:?}")),
        }
    }
    Ok(())
}

fn probe_tells_denied(run: &Run<'_>) -> Verdict {
    let reference = parsed(&run.subject.deny("probe-denied"));
    let probes = run.probe(run.session()?.as_ref(), &[reference])?;
    match probes.first().map(|probe| &probe.access) {
        Some(Access::Failed(outcome)) => {
            run.show_outcome("a probe", outcome);
            run.expect_kind("a probe of what may not be read", outcome, OutcomeKind::Denied);
            Ok(())
        }
        _ => Err("what may not be read is called readable".to_owned()),
    }
}

fn probe_takes_no_value(run: &Run<'_>) -> Verdict {
    let references: Vec<_> = (0..3).map(|number| run.store_mark(&format!("probe-silent-{number}")).0).collect();
    let session = run.session()?;
    let before = run.subject.values_handed_out();
    let probes = run.probe(session.as_ref(), &references)?;
    let taken = run.subject.values_handed_out() - before;
    if taken > 0 {
        run.problem(format!("{taken} values were handed out for 3 probes"));
    }
    if probes.iter().any(|probe| matches!(probe.access, Access::Read)) {
        run.problem("a probe says that it has fetched the value and dropped it");
    }
    Ok(())
}
