//! Whether a value is a secret, and where it comes from when nobody sets it.

use configcheck_core::Severity;
use configcheck_core::display::Shown;
use configcheck_core::schema::Aspect;

use super::list::Changes;
use super::subject::Subject;

pub(super) fn compare(old: &Subject<'_>, new: &Subject<'_>, changes: &mut Changes) {
    let variable = new.variable();
    match (old.spec().is_secret(), new.spec().is_secret()) {
        (false, true) => changes.push(
            "became-secret",
            Some(Aspect::Secret),
            Severity::Warning,
            format!("{variable} is a secret now: it is not shown any more, and a weak or left-over value stops a deployed start"),
            format!("take the value of {variable} out of plain files: set a reference to a secret manager, or {variable}_FILE"),
        ),
        (true, false) => changes.push(
            "no-longer-secret",
            Some(Aspect::Secret),
            Severity::Warning,
            format!("{variable} is no secret any more: reports and logs may show it"),
            format!("see that nothing secret stands in {variable}; a reference in it is followed only where the field names one"),
        ),
        _ => {}
    }
    let (before, now) = (old.references(), new.references());
    if before == now || before.is_empty() {
        return;
    }
    let shown = |references: &[String]| -> String {
        references.iter().map(|reference| Shown::of(reference).as_str().to_owned()).collect::<Vec<_>>().join(", then ")
    };
    if now.is_empty() {
        let is_needed = !new.spec().optional && new.spec().defaults.is_empty();
        let level = if is_needed { Severity::Error } else { Severity::Warning };
        let message = format!("{variable} is not looked for at {} any more", shown(&before));
        changes.push(
            "reference-removed",
            None,
            level,
            message,
            format!("where {variable} is not set, set it, to its value or to a reference"),
        );
    } else {
        let message = format!("{variable} is looked for at {} now, and was at {}", shown(&now), shown(&before));
        changes.warning("reference-changed", message, format!("store the value of {variable} at {} before the release", shown(&now)));
    }
}
