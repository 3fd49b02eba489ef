//! What a provider does without asking anybody: it knows its references and plans its requests.
#![expect(clippy::unnecessary_wraps, reason = "all requirements have one signature, also those that note their problems as they go")]

use configcheck_core::SecretRef;
use configcheck_core::provider::Batch;

use super::super::run::{Run, Verdict, parsed};
use super::Requirement;

pub(super) const ALL: &[Requirement] = &[
    Requirement::new("scheme-is-its-own", "references have a scheme that the provider names", scheme_is_its_own),
    Requirement::new("check-accepts-good-references", "`check` accepts what can be fetched", check_accepts_good_references),
    Requirement::new(
        "check-accepts-options-of-the-engine",
        "`check` accepts `encoding`, `optional` and `trim_nl`, which the engine reads",
        check_accepts_options_of_the_engine,
    ),
    Requirement::new(
        "check-refuses-unknown-options",
        "`check` refuses an option that nobody reads, and names it",
        check_refuses_unknown_options,
    ),
    Requirement::new(
        "check-refuses-malformed-references",
        "`check` refuses steps to a parent folder and what the provider cannot mean",
        check_refuses_malformed_references,
    ),
    Requirement::new("plan-is-complete", "every reference stands in exactly one batch, and no batch is empty", plan_is_complete),
    Requirement::new("plan-is-deterministic", "the same references give the same batches", plan_is_deterministic),
];

fn scheme_is_its_own(run: &Run<'_>) -> Verdict {
    let schemes = run.provider.schemes();
    if schemes.is_empty() {
        return Err("the provider names no scheme".to_owned());
    }
    let (stored, _) = run.store_mark("scheme");
    for reference in [stored, parsed(&run.subject.absent("scheme-absent"))] {
        if !schemes.contains(&reference.scheme()) {
            run.problem(format!("`{reference}` has the scheme `{}`, which is none of {}", reference.scheme(), schemes.join(", ")));
        }
    }
    Ok(())
}

fn check_accepts_good_references(run: &Run<'_>) -> Verdict {
    let (stored, _) = run.store_mark("check-good");
    for reference in [stored, parsed(&run.subject.absent("check-absent"))] {
        if let Err(reason) = run.provider.check(&reference) {
            run.show_reason("a check", &reason);
            run.problem(format!("`{reference}` is refused: {}", reason.message));
        }
    }
    Ok(())
}

fn check_accepts_options_of_the_engine(run: &Run<'_>) -> Verdict {
    let (stored, _) = run.store_mark("check-engine");
    for option in ["encoding=base64", "optional=true", "trim_nl=true"] {
        let reference = with_option(&stored, option);
        if let Err(reason) = run.provider.check(&reference) {
            run.problem(format!("`{reference}` is refused: {}", reason.message));
        }
    }
    Ok(())
}

fn check_refuses_unknown_options(run: &Run<'_>) -> Verdict {
    const NAME: &str = "no-such-option";
    let (stored, _) = run.store_mark("check-unknown");
    let reference = with_option(&stored, &format!("{NAME}=1"));
    match run.provider.check(&reference) {
        Ok(()) => Err(format!("`{reference}` is accepted")),
        Err(reason) => {
            run.show_reason("a check", &reason);
            let names = reason.message.contains(NAME);
            if names { Ok(()) } else { Err(format!("the option is not named: {}", reason.message)) }
        }
    }
}

fn check_refuses_malformed_references(run: &Run<'_>) -> Verdict {
    let (stored, _) = run.store_mark("check-traversal");
    let (scheme, path) = (stored.scheme(), stored.path());
    let steps = ["..", "%2e%2e", "%2E.", "..%2f..", "a%00"];
    let traversals = steps.iter().map(|step| format!("{scheme}:{path}/{step}/{}", path.rsplit('/').next().unwrap_or(path)));
    for text in traversals.chain(run.subject.malformed()) {
        // A reference that nobody can write is refused as well.
        let Some(Ok(reference)) = SecretRef::parse(&text) else { continue };
        match run.provider.check(&reference) {
            Ok(()) => run.problem(format!("`{text}` is accepted")),
            Err(reason) => run.show_reason("a check", &reason),
        }
    }
    Ok(())
}

fn plan_is_complete(run: &Run<'_>) -> Verdict {
    for count in [0, 1, 2, 10, 11, 19, 20, 21, 50, 101] {
        let references = some(run, count);
        let batches = run.provider.plan(&references);
        if batches.iter().any(|batch| batch.references.is_empty()) {
            run.problem(format!("of {count} references: a batch is empty"));
        }
        let mut planned: Vec<SecretRef> = batches.into_iter().flat_map(|batch| batch.references).collect();
        let (mut wanted, total) = (references, planned.len());
        planned.sort();
        wanted.sort();
        if planned != wanted {
            planned.dedup();
            run.problem(format!("of {count} references: {total} stand in batches, {} of them once", planned.len()));
        }
    }
    Ok(())
}

fn plan_is_deterministic(run: &Run<'_>) -> Verdict {
    let references = some(run, 50);
    let plan = |provider: &dyn configcheck_core::Provider| -> Vec<Batch> { provider.plan(&references) };
    let first = plan(run.provider.as_ref());
    let again = plan(run.provider.as_ref());
    let other = plan(run.subject.provider().as_ref());
    if first != again {
        run.problem("the second plan is another one");
    }
    if first != other {
        run.problem("another provider made in the same way plans otherwise");
    }
    Ok(())
}

/// References that nobody has stored.
fn some(run: &Run<'_>, count: usize) -> Vec<SecretRef> {
    (0..count).map(|number| parsed(&run.subject.absent(&format!("plan-{number}"))).without_field()).collect()
}

fn with_option(reference: &SecretRef, option: &str) -> SecretRef {
    let text = reference.to_string();
    let (asked, field) = text.split_at(text.find('#').unwrap_or(text.len()));
    let mark = if asked.contains('?') { '&' } else { '?' };
    parsed(&format!("{asked}{mark}{option}{field}"))
}
