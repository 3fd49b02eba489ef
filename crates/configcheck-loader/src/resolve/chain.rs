//! Alternatives of a field: the next is asked for where the one before is absent, and never one that deserves less trust where services are
//! deployed. An attacker who removes a secret from the manager must not bring a file of his own into its place.

use configcheck_core::provider::{OutcomeKind, Reason, Trust};
use configcheck_core::{Environment, EnvironmentKind, Snapshot};
use configcheck_engine::Engine;

use super::Wanted;

/// Bars the alternatives that deserve less trust than the first reference of their field. Development and test have their files.
pub(super) fn bar(engine: &Engine, environment: Option<&Environment>, wanted: &mut [Wanted]) {
    let is_deployed =
        environment.is_none_or(|environment| matches!(environment.kind(), EnvironmentKind::Staging | EnvironmentKind::Production));
    if !is_deployed {
        return;
    }
    let mut first: Option<(usize, Trust, String)> = None;
    for wanted in wanted.iter_mut().filter(|wanted| wanted.origin.is_none()) {
        let Ok(reference) = &wanted.reference else { continue };
        let Some((_, provider)) = engine.provider_for(reference) else { continue };
        match &first {
            Some((key, trust, scheme)) if *key == wanted.key => {
                if provider.trust() < *trust {
                    wanted.barred = Some(reason(reference.scheme(), scheme));
                }
            }
            _ => first = Some((wanted.key, provider.trust(), reference.scheme().to_owned())),
        }
    }
}

fn reason(scheme: &str, first: &str) -> Reason {
    Reason::new(format!("the field names a {scheme} reference too, which is not followed here, since it deserves less trust than {first}"))
        .help(format!("put the secret where the {first} reference leads; the {scheme} reference counts in development and test only"))
}

/// Says of a key whose first reference was absent that the next one is not followed.
pub(super) fn note(snapshot: &mut Snapshot, key: usize, reason: &Reason) {
    let more = snapshot.slots[key].more();
    if let Some(resolved) = more.resolved.as_mut().filter(|resolved| resolved.outcome == OutcomeKind::Absent) {
        let message = resolved.reason.take().unwrap_or_else(|| "it does not exist".to_owned());
        resolved.reason = Some(format!("{message}; {}", reason.message));
        resolved.help.splice(0..0, reason.help.iter().cloned());
    }
}
