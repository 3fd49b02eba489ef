//! Judges values by what the schema says of their types and constraints, where no struct is there to be constructed.
//!
//! What only the service itself could say — a type with a parser of its own, a function of its own — is left unjudged.

use configcheck_core::constraint::{Check, Constraint, length};
use configcheck_core::from_value::{Mismatch, MismatchKind};
use configcheck_core::origin::Layer;
use configcheck_core::schema::{FieldSpec, TypeSpec};
use configcheck_core::snapshot::{Verdict, Violation};
use configcheck_core::suggest::nearest;
use configcheck_core::value::RawValue;
use configcheck_core::{Environment, Schema, Snapshot};

/// Gives each value its verdict.
pub(crate) fn judge(schema: &Schema, snapshot: &mut Snapshot) {
    for index in 0..schema.keys().len() {
        let spec = schema.keys()[index].spec;
        let Some(entry) = &snapshot.slots[index].winner else { continue };
        // A schema file says that a secret has a default, and not which.
        if entry.layer == Layer::Default && spec.hides_value() && entry.value.is_empty() {
            continue;
        }
        let mismatch = match &spec.type_spec {
            TypeSpec::Environment => environment_mismatch(schema, &entry.value),
            _ => mismatch(spec, &entry.value),
        };
        if let Some(mut mismatch) = mismatch {
            if spec.hides_value() || snapshot.slots[index].is_winner_made_of_others() {
                // Which item of a secret list it is, or which word it resembles, would tell of the value.
                mismatch = mismatch.kind.mismatch();
            }
            snapshot.slots[index].verdict = Verdict::Refused(Box::new(mismatch));
            continue;
        }
        let violated: Vec<usize> = spec
            .constraints
            .iter()
            .enumerate()
            .filter(|(_, constraint)| satisfies(schema, snapshot, index, constraint) == Some(false))
            .map(|(constraint, _)| constraint)
            .collect();
        let slot = &mut snapshot.slots[index];
        slot.verdict = Verdict::Accepted;
        if !violated.is_empty() {
            slot.more().violations.extend(violated.into_iter().map(|constraint| Violation { constraint, message: None }));
        }
    }
}

fn environment_mismatch(schema: &Schema, value: &RawValue) -> Option<Mismatch> {
    let is_one =
        matches!(value, RawValue::Text(text) if text.text().is_some_and(|text| Environment::parse(text, schema.environments()).is_some()));
    (!is_one).then(|| MismatchKind::Type.mismatch())
}

fn mismatch(spec: &FieldSpec, value: &RawValue) -> Option<Mismatch> {
    let text = match (value, &spec.type_spec) {
        (_, TypeSpec::Other) | (RawValue::Table(_), TypeSpec::Map(..)) => return None,
        (RawValue::Text(text), _) => text,
        (RawValue::List(items), TypeSpec::List(item)) => {
            let at = items
                .iter()
                .position(|value| !matches!(value, RawValue::Text(text) if text.text().is_some_and(|text| accepts(item, text, spec))))?;
            return Some(Mismatch { item: Some(at + 1), ..MismatchKind::Type.mismatch() });
        }
        (RawValue::List(_) | RawValue::Table(_), _) => return Some(MismatchKind::NotText.mismatch()),
    };
    let Some(text) = text.text() else {
        let takes_bytes = matches!(spec.type_spec, TypeSpec::Bytes) || (cfg!(unix) && matches!(spec.type_spec, TypeSpec::Path));
        return (!takes_bytes).then(|| MismatchKind::NotUtf8.mismatch());
    };
    if accepts(&spec.type_spec, text, spec) {
        return None;
    }
    let mismatch = MismatchKind::Type.mismatch();
    Some(match &spec.type_spec {
        TypeSpec::Choice(words) => Mismatch { nearest: nearest(text, words.iter().copied()), ..mismatch },
        TypeSpec::List(item) => {
            let at = text.split(spec.separator).position(|part| !accepts(item, part.trim_matches(' '), spec));
            Mismatch { item: at.map(|at| at + 1), ..mismatch }
        }
        map @ TypeSpec::Map(..) => {
            let at = text.split(spec.separator).position(|pair| !accepts(map, pair, spec));
            Mismatch { item: at.map(|at| at + 1), ..mismatch }
        }
        _ => mismatch,
    })
}

/// Whether the text has the form, as far as anybody but the service can say.
fn accepts(type_spec: &TypeSpec, text: &str, spec: &FieldSpec) -> bool {
    type_spec.accepts(text, spec.separator) != Some(false)
}

/// Whether a key's value satisfies a constraint; `None` where only the service could say.
fn satisfies(schema: &Schema, snapshot: &Snapshot, index: usize, constraint: &Constraint) -> Option<bool> {
    let spec = schema.keys()[index].spec;
    let value = &snapshot.slots[index].winner.as_ref()?.value;
    match (constraint.check, &spec.type_spec) {
        (Check::MustMatch(field), _) => {
            let other = snapshot.slots[schema.sibling_of(index, field)?].winner.as_ref()?;
            Some(value.same(&other.value))
        }
        (Check::Length { min, max, equal }, TypeSpec::List(_) | TypeSpec::Map(..)) => {
            let items = match value {
                RawValue::Text(text) => text.text()?.split(spec.separator).count(),
                RawValue::List(items) => items.len(),
                RawValue::Table(rows) => rows.len(),
            };
            Some(length(&vec![(); items], min, max, equal))
        }
        (Check::Length { .. }, TypeSpec::Bytes) | (_, TypeSpec::List(_) | TypeSpec::Map(..) | TypeSpec::Other) => None,
        (_, _) => match value {
            RawValue::Text(text) => constraint.accepts(text.text()?),
            RawValue::List(_) | RawValue::Table(_) => None,
        },
    }
}
