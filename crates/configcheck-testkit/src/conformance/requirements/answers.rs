//! Each item has its own outcome, and the right one.

use configcheck_core::provider::{Outcome, OutcomeKind};

use super::super::run::{self, Run, Verdict, parsed};
use super::super::subject::Capability;
use super::Requirement;

pub(super) const ALL: &[Requirement] = &[
    Requirement::new("absent-is-absent", "what does not exist is absent: not denied, not malformed, not empty", absent_is_absent),
    Requirement::new("removed-is-absent", "what was removed is absent from then on", removed_is_absent).needs(Capability::Removal),
    Requirement::new("outcomes-are-in-order", "a batch has one outcome for each reference, in the same order", outcomes_are_in_order),
    Requirement::new("one-failure-is-one-item", "of 50 references one is absent, and 49 arrive", one_failure_is_one_item),
    Requirement::new("nothing-is-cached", "a value that was changed is fetched anew in the same session", nothing_is_cached),
    Requirement::new(
        "versions-are-kept-apart",
        "each version has its own value and name, and without a version the newest comes",
        versions_are_kept_apart,
    )
    .needs(Capability::Versions),
    Requirement::new("denied-is-denied", "what may not be read is denied, and the reason says what to do", denied_is_denied)
        .needs(Capability::Denial),
    Requirement::new("denied-is-one-item", "one item that may not be read does not keep the others from coming", denied_is_one_item)
        .needs(Capability::Denial),
];

fn absent_is_absent(run: &Run<'_>) -> Verdict {
    let reference = parsed(&run.subject.absent("absent"));
    let outcome = run.fetch_one(run.session()?.as_ref(), &reference)?;
    run.expect_kind("what does not exist", &outcome, OutcomeKind::Absent);
    Ok(())
}

fn removed_is_absent(run: &Run<'_>) -> Verdict {
    let (reference, mark) = run.store_mark("removed");
    let session = run.session()?;
    run.expect_value("before it is removed", &reference, &*run.fetch_one(session.as_ref(), &reference)?, mark.as_bytes());
    run.subject.remove("removed");
    run.expect_kind("what was removed", &*run.fetch_one(session.as_ref(), &reference)?, OutcomeKind::Absent);
    Ok(())
}

fn outcomes_are_in_order(run: &Run<'_>) -> Verdict {
    let mut stored: Vec<_> = (0..23).map(|number| run.store_mark(&format!("order-{number}"))).collect();
    let session = run.session()?;
    for order in ["in the order of their names", "in the opposite order"] {
        let references: Vec<_> = stored.iter().map(|(reference, _)| reference.clone()).collect();
        let outcomes = run.fetch(session.as_ref(), &references)?;
        for (number, ((reference, mark), outcome)) in stored.iter().zip(&outcomes).enumerate() {
            run.expect_value(&format!("{order}, item {number}"), reference, outcome, mark.as_bytes());
        }
        stored.reverse();
    }
    Ok(())
}

fn one_failure_is_one_item(run: &Run<'_>) -> Verdict {
    const MISSING: usize = 31;
    let stored: Vec<_> = (0..50).map(|number| run.store_mark(&format!("fifty-{number}"))).collect();
    let mut references: Vec<_> = stored.iter().map(|(reference, _)| reference.clone()).collect();
    references[MISSING] = parsed(&run.subject.absent("fifty-absent"));
    let outcomes = run.fetch(run.session()?.as_ref(), &references)?;
    for (number, ((reference, mark), outcome)) in stored.iter().zip(&outcomes).enumerate() {
        if number == MISSING {
            run.expect_kind("the one that does not exist", outcome, OutcomeKind::Absent);
        } else {
            run.expect_value(&format!("item {number} of 50"), reference, outcome, mark.as_bytes());
        }
    }
    Ok(())
}

fn nothing_is_cached(run: &Run<'_>) -> Verdict {
    let (reference, first) = run.store_mark("changed");
    let session = run.session()?;
    run.expect_value("the first value", &reference, &*run.fetch_one(session.as_ref(), &reference)?, first.as_bytes());
    let (reference, second) = run.store_mark("changed");
    run.expect_value("the second value", &reference, &*run.fetch_one(session.as_ref(), &reference)?, second.as_bytes());
    Ok(())
}

fn versions_are_kept_apart(run: &Run<'_>) -> Verdict {
    let (one, two) = (run.mark(), run.mark());
    let first = parsed(&run.subject.store_version("versions", one.as_bytes()));
    let second = parsed(&run.subject.store_version("versions", two.as_bytes()));
    let three = run.mark();
    let newest = parsed(&run.subject.store("versions", three.as_bytes()));
    for reference in [&first, &second] {
        if let Err(reason) = run.provider.check(reference) {
            run.problem(format!("`{reference}` is refused: {}", reason.message));
        }
    }
    let references = [first, second, newest];
    let outcomes = run.fetch(run.session()?.as_ref(), &references)?;
    let expected = [("the first version", one), ("the second version", two), ("no version", three)];
    for (((what, value), reference), outcome) in expected.iter().zip(&references).zip(&outcomes) {
        run.expect_value(what, reference, outcome, value.as_bytes());
    }
    let names: Vec<Option<&str>> = outcomes.iter().map(|outcome| version(outcome)).collect();
    if names.contains(&None) {
        run.problem("a secret of a manager that has versions names none");
    } else if names[0] == names[1] || names[1] == names[2] {
        run.problem("two versions have the same name");
    }
    Ok(())
}

fn version(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Found(fetched) => fetched.version.as_deref(),
        _ => None,
    }
}

fn denied_is_denied(run: &Run<'_>) -> Verdict {
    let reference = parsed(&run.subject.deny("denied"));
    let outcome = run.fetch_one(run.session()?.as_ref(), &reference)?;
    run.expect_kind("what may not be read", &outcome, OutcomeKind::Denied);
    if outcome.reason().is_some_and(|reason| reason.help.iter().all(|help| help.trim().is_empty())) {
        run.problem(format!("the reason says nothing that could be done: {}", run::of(&outcome)));
    }
    Ok(())
}

fn denied_is_one_item(run: &Run<'_>) -> Verdict {
    let stored: Vec<_> = (0..5).map(|number| run.store_mark(&format!("beside-{number}"))).collect();
    let mut references: Vec<_> = stored.iter().map(|(reference, _)| reference.clone()).collect();
    references.insert(2, parsed(&run.subject.deny("beside-denied")));
    let mut outcomes = run.fetch(run.session()?.as_ref(), &references)?;
    run.expect_kind("what may not be read", &outcomes.remove(2), OutcomeKind::Denied);
    for ((reference, mark), outcome) in stored.iter().zip(&outcomes) {
        run.expect_value(&format!("{reference}, beside a denied one"), reference, outcome, mark.as_bytes());
    }
    Ok(())
}
