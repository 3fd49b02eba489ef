//! The comparison as annotations of GitHub Actions, at the new schema's file.

use configcheck_core::Severity;

use super::Comparison;
use crate::formats::{Annotation, annotations};

pub(super) fn render(comparison: &Comparison) -> String {
    let changes = comparison.active().map(|change| {
        let environment = change
            .environment
            .as_ref()
            .filter(|_| change.key.is_some())
            .map_or_else(String::new, |environment| format!(" ({environment})"));
        Annotation {
            severity: change.level,
            title: format!("configcheck breaking ({})", change.rule),
            path: Some(comparison.new.clone()),
            lines: vec![format!("{}: {}{environment}", change.rule, change.message), format!("next: {}", change.next_step)],
        }
    });
    let stops = comparison.answers.iter().flat_map(|answers| {
        let both = [("this release", &answers.release), ("a rollback", &answers.rollback)];
        both.into_iter().filter(|(_, answer)| !answer.stops.is_empty()).map(|(what, answer)| {
            let mut lines = vec![format!("{what} would not start in {}", answers.name)];
            lines.extend(answer.stops.iter().map(|finding| format!("{}: {}: {}", finding.rule.name, finding.place, finding.message)));
            Annotation { severity: Severity::Error, title: format!("configcheck breaking ({})", answers.name), path: None, lines }
        })
    });
    let unread = comparison.unread.iter().map(|unread| Annotation {
        severity: Severity::Error,
        title: "configcheck breaking (unread-input)".to_owned(),
        path: None,
        lines: vec![format!("not read: {}: {}", unread.path, unread.message), format!("help: {}", unread.help)],
    });
    annotations(changes.chain(stops).chain(unread))
}
