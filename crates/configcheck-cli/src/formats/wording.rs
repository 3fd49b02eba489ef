//! The sentences that several formats share. What leaves here has no line break and nothing that a terminal or a CI runner obeys.

use configcheck_core::display::escaped;
use configcheck_core::{Diagnostic, Place};

use super::location::clean;
use crate::findings::{Finding, Run, Unread};

/// What an input that could not be read is called where findings have the name of a rule.
pub(super) const UNREAD: &str = "unread-input";

/// A text of the outside world as a part of one line. CI runners take `##[` and `##name[` for commands wherever they stand in a line.
pub(super) fn line(text: &str) -> String {
    escaped(text).replace("##", "#\\u{23}")
}

/// The same for the beginning of a line: a path that a runner could take for a command is written as another name of the same file.
pub(super) fn path_at_start(path: &str) -> String {
    let is_plain = path.starts_with(|first: char| first != ':' && !first.is_whitespace());
    let path = line(path);
    if is_plain { path } else { format!("./{path}") }
}

/// A place as a part of one line; nothing for what is nowhere.
pub(super) fn place(place: &Place) -> Option<String> {
    match place {
        Place::Nowhere => None,
        Place::File { path, line: number, column, .. } => {
            Some(line(&Place::File { path: clean(path), line: *number, column: *column, bytes: None }.to_string()))
        }
        place => Some(line(&place.to_string())),
    }
}

/// The message and what is known beside it, line by line.
pub(super) fn lines(diagnostic: &Diagnostic) -> Vec<String> {
    let mut lines = vec![line(&diagnostic.message)];
    if let Some(expected) = &diagnostic.expected {
        lines.push(format!("expected: {}", line(expected)));
    }
    if let Some(found) = &diagnostic.found {
        lines.push(format!("found: `{}`", line(found.as_str())));
    }
    lines.extend(diagnostic.related.iter().map(|(at, what)| match place(at) {
        Some(place) => format!("related: {place}: {}", line(what)),
        None => format!("related: {}", line(what)),
    }));
    lines.extend(diagnostic.help.iter().map(|help| format!("help: {}", line(help))));
    lines
}

/// What is said of an input that could not be read, line by line.
pub(super) fn unread_lines(unread: &Unread) -> Vec<String> {
    let mut lines = vec![format!("not read: {}", line(&unread.message))];
    if !unread.help.is_empty() {
        lines.push(format!("help: {}", line(&unread.help)));
    }
    lines
}

/// Which of several targets a finding belongs to; nothing where there is only one.
pub(super) fn target_suffix(run: &Run, finding: &Finding<'_>) -> String {
    if run.targets.len() > 1 { format!(" ({})", line(&finding.target.name)) } else { String::new() }
}

/// `1 error`, `2 errors`.
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
