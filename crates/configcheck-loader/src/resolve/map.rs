//! Whole maps of secrets as a layer: each name is a variable or the path of a field.

use configcheck_core::origin::{Layer, Origin, SourceKind};
use configcheck_core::reference::SecretRef;
use configcheck_core::snapshot::{SetAs, SourceProblem};
use configcheck_core::{Schema, Snapshot};
use configcheck_engine::Engine;

use super::{Answers, field, outcome_of};
use crate::collect::put;

/// Puts the values of one map into the slots; names that mean no key are passed over, since services share secrets.
pub(super) fn apply(engine: &Engine, schema: &Schema, snapshot: &mut Snapshot, reference: &Result<SecretRef, String>, answers: &Answers) {
    let name = reference.as_ref().map_or_else(
        |_| "Loader::secrets_from".to_owned(),
        |reference| configcheck_core::display::mask_userinfo(reference.as_str()).into_owned(),
    );
    let source = snapshot.add_source(SourceKind::SecretMap, name, Layer::SecretMap, true);
    let origin = Origin::of(source);
    let rows = match reference {
        Ok(reference) if reference.field().is_some() => {
            let message = "the reference of whole secrets names a field".to_owned();
            let help = "leave out what stands after the # in the call of `Loader::secrets_from`".to_owned();
            snapshot.problems.push(SourceProblem { origin, message, help, key: None, set_as: SetAs::Name, goes_on: false });
            return;
        }
        Ok(reference) => {
            outcome_of(engine, reference, answers).and_then(|fetched| field::rows(fetched).map_err(|(kind, reason)| (kind, Some(reason))))
        }
        Err(message) => {
            let message = format!("the reference of the secrets is not well formed: {message}");
            snapshot.problems.push(SourceProblem {
                origin,
                message,
                help: "correct the call of `Loader::secrets_from`".into(),
                key: None,
                set_as: SetAs::Name,
                goes_on: false,
            });
            return;
        }
    };
    match rows {
        Ok(rows) => {
            for (name, value) in rows {
                let named = schema.key_named(name.as_bytes());
                let key = named.map(|named| (named.key, SetAs::of(named)));
                if let Some((key, set_as)) = key.or_else(|| schema.key_at(&name).map(|key| (key, SetAs::Path))) {
                    let value = value.wiped_on_drop();
                    put(schema, snapshot, key, value, origin, Layer::SecretMap, set_as);
                }
            }
        }
        Err((kind, reason)) => {
            let help = reason.as_ref().map(|reason| reason.help.join("; ")).filter(|help| !help.is_empty());
            let reason = reason.map_or_else(|| kind.name().to_owned(), |reason| reason.message);
            let message = format!("the secrets cannot be read: {reason}");
            let help = help.unwrap_or_else(|| "see that the reference is right and readable".to_owned());
            snapshot.problems.push(SourceProblem { origin, message, help, key: None, set_as: SetAs::Name, goes_on: false });
        }
    }
}
