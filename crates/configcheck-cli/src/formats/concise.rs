//! One line for each finding: `path:line:column: severity[rule] message`, for editors and problem matchers.

use std::fmt::Write as _;

use configcheck_core::Place;

use super::location::{Location, clean};
use super::wording::{UNREAD, line, path_at_start, place, target_suffix};
use crate::findings::{Finding, Run};

pub(super) fn render(run: &Run) -> String {
    let mut text = String::new();
    for unread in &run.unread {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{}: error[{UNREAD}] not read: {}", path_at_start(&clean(&unread.path)), line(&unread.message));
    }
    for finding in run.findings().iter().filter(|finding| !finding.is_accepted()) {
        let diagnostic = finding.diagnostic;
        let message = line(&diagnostic.message);
        let (severity, rule) = (diagnostic.severity, diagnostic.rule.name);
        let _ = match Location::of(&diagnostic.place) {
            Some(location) => writeln!(text, "{}: {severity}[{rule}] {message}{}", shown(&location), target_suffix(run, finding)),
            None => writeln!(text, "({}): {severity}[{rule}] {message}{}", line(&finding.target.name), place_suffix(finding)),
        };
    }
    text
}

fn shown(location: &Location) -> String {
    let path = path_at_start(&location.path);
    match (location.line, location.column) {
        (Some(line), Some(column)) => format!("{path}:{line}:{column}"),
        (Some(line), None) => format!("{path}:{line}"),
        _ => path,
    }
}

/// A place that is in no file: a variable, a reference.
fn place_suffix(finding: &Finding<'_>) -> String {
    match &finding.diagnostic.place {
        at @ (Place::Variable(_) | Place::Reference(_) | Place::Source(_)) => {
            place(at).map(|place| format!(" ({place})")).unwrap_or_default()
        }
        _ => String::new(),
    }
}
