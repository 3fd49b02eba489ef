//! What arrives is what was stored, byte for byte.

use super::super::run::{self, Run, Verdict, parsed};
use super::super::subject::Capability;
use super::super::values::{self, Sample};
use super::Requirement;

pub(super) const ALL: &[Requirement] = &[
    Requirement::new("value-is-exact", "a value arrives byte for byte as it was stored", value_is_exact),
    Requirement::new("long-value-is-exact", "the longest value arrives whole", long_value_is_exact),
    Requirement::new("binary-value-is-exact", "a value that is no text arrives byte for byte", binary_value_is_exact)
        .needs(Capability::Binary),
    Requirement::new("empty-value-is-found", "an empty value is found, and is not absent", empty_value_is_found)
        .needs(Capability::EmptyValues),
    Requirement::new("map-fields-are-exact", "each of several named values arrives under its name", map_fields_are_exact)
        .needs(Capability::Maps),
];

fn value_is_exact(run: &Run<'_>) -> Verdict {
    samples(run, "exact", values::oddities(&run.mark()))
}

fn binary_value_is_exact(run: &Run<'_>) -> Verdict {
    samples(run, "binary", values::binary())
}

/// Stores all samples, then fetches them together.
fn samples(run: &Run<'_>, name: &str, samples: Vec<Sample>) -> Verdict {
    let samples: Vec<Sample> = samples.into_iter().filter(|sample| run.can_hold(sample.label, &sample.value)).collect();
    let store = |(number, sample): (usize, &Sample)| parsed(&run.subject.store(&format!("{name}-{number}"), &sample.value));
    let references: Vec<_> = samples.iter().enumerate().map(store).collect();
    let outcomes = run.fetch(run.session()?.as_ref(), &references)?;
    for ((sample, reference), outcome) in samples.iter().zip(&references).zip(&outcomes) {
        run.expect_value(sample.label, reference, outcome, &sample.value);
    }
    Ok(())
}

fn long_value_is_exact(run: &Run<'_>) -> Verdict {
    let value = values::long(run.subject.longest_value().min(64 * 1024));
    let reference = parsed(&run.subject.store("long", &value));
    let outcome = run.fetch_one(run.session()?.as_ref(), &reference)?;
    run.expect_value(&format!("{} bytes", value.len()), &reference, &outcome, &value);
    Ok(())
}

fn empty_value_is_found(run: &Run<'_>) -> Verdict {
    let reference = parsed(&run.subject.store("empty", b""));
    let outcome = run.fetch_one(run.session()?.as_ref(), &reference)?;
    run.expect_value("an empty value", &reference, &outcome, b"");
    Ok(())
}

fn map_fields_are_exact(run: &Run<'_>) -> Verdict {
    let fields: Vec<(&str, String)> =
        ["password", "user_name", "API_KEY", "camelCase", "key2"].into_iter().map(|name| (name, run.mark())).collect();
    let rows: Vec<(&str, &[u8])> = fields.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
    let whole = parsed(&run.subject.store_map("map", &rows));
    if let Some(field) = whole.field() {
        return Err(format!("the subject's reference to the whole map names the field `{field}`"));
    }
    // All fields of one reference are one item of one batch.
    let references: Vec<_> = fields.iter().map(|(name, _)| parsed(&format!("{whole}#{name}"))).collect();
    let outcomes = run.fetch(run.session()?.as_ref(), &references)?;
    for (((name, value), reference), outcome) in fields.iter().zip(&references).zip(&outcomes) {
        run.expect_value(&format!("the field `{name}`"), reference, outcome, value.as_bytes());
    }
    let missing = parsed(&format!("{whole}#no_such_field"));
    if let Some(outcome) = outcomes.first()
        && run::value_of(&missing, outcome).is_ok()
    {
        run.problem("a field that was not stored has a value");
    }
    Ok(())
}
