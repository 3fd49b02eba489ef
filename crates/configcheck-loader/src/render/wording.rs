//! The sentences that the plain and the terminal form share, and where a line breaks. Everything that leaves here is escaped.

use std::borrow::Cow;

use configcheck_core::display::escaped;
use configcheck_core::{Diagnostic, Place, Report, Severity};

const HEAVIEST_FIRST: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];

/// A word for what a line says, and what it says.
#[derive(Debug)]
pub(super) struct Labelled {
    pub(super) label: &'static str,
    pub(super) text: String,
}

/// The findings that nobody accepted: errors, then warnings, then notes, each in the order of the struct.
pub(super) fn by_weight(report: &Report) -> impl Iterator<Item = &Diagnostic> {
    HEAVIEST_FIRST.into_iter().flat_map(|severity| report.active().filter(move |finding| finding.severity == severity))
}

/// The heaviest severity among the findings that nobody accepted.
pub(super) fn heaviest(report: &Report) -> Option<Severity> {
    report.active().map(|finding| finding.severity).max()
}

/// The first line: whose configuration it is and how much is wrong with it.
pub(super) fn headline(report: &Report) -> Labelled {
    let subject = subject(report);
    match heaviest(report) {
        Some(severity) => Labelled { label: severity.name(), text: format!("{subject} has {}", enumerated(&counts(report))) },
        None => Labelled { label: "ok", text: format!("{subject} is in order") },
    }
}

/// What stands below a finding's place, line by line.
pub(super) fn details(finding: &Diagnostic) -> Vec<Labelled> {
    let mut details = Vec::new();
    let mut add = |label, text: Cow<'_, str>| details.push(Labelled { label, text: text.into_owned() });
    if let Some(expected) = &finding.expected {
        add("expected", escaped(expected));
    }
    if let Some(found) = &finding.found {
        add("found", quoted(found.as_str()));
    }
    for (place, what) in &finding.related {
        add("related", related(place, what).into());
    }
    for help in &finding.help {
        add("help", escaped(help));
    }
    details
}

/// The last lines: the sum, and what is not shown.
pub(super) fn closing(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    if heaviest(report).is_some() || tally(report).is_some() {
        lines.push(format!("summary: {}", summary(report)));
    }
    let accepted = report.findings.len() - report.active().count();
    if accepted > 0 {
        lines.push(format!("accepted: {}, not shown here", counted(accepted, "finding")));
    }
    lines
}

/// A place as it is printed after an arrow; nothing for what is nowhere.
pub(super) fn place(place: &Place) -> Option<String> {
    (*place != Place::Nowhere).then(|| escaped(&place.to_string()).into_owned())
}

/// Breaks a text at its blanks: the first line has room for `first` characters, the others for `rest`. A word that is longer stays whole,
/// so that a path or an address can be copied.
pub(super) fn broken(text: &str, first: usize, rest: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut remaining, mut room) = (text, first);
    while let Some(at) = break_at(remaining, room) {
        lines.push(&remaining[..at]);
        (remaining, room) = (&remaining[at + 1..], rest);
    }
    lines.push(remaining);
    lines
}

fn break_at(text: &str, room: usize) -> Option<usize> {
    let (limit, _) = text.char_indices().nth(room)?;
    let last_fitting = text[..limit].rfind(' ').filter(|at| *at > 0);
    let next = || text[limit..].find(' ').map(|at| limit + at).filter(|at| *at > 0);
    if text[limit..].starts_with(' ') { next() } else { last_fitting.or_else(next) }
}

fn subject(report: &Report) -> String {
    let mut subject = String::from("the configuration");
    if !report.service.is_empty() {
        subject.push_str(" of ");
        subject.push_str(&escaped(&report.service));
    }
    if let Some(environment) = &report.environment {
        subject.push_str(" (");
        subject.push_str(&escaped(environment));
        subject.push(')');
    }
    subject
}

fn summary(report: &Report) -> String {
    let counts = counts(report);
    let findings = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
    let mut parts = vec![findings];
    parts.extend(tally(report));
    if report.has_errors() {
        parts.push("the service does not start".to_owned());
    }
    parts.join("; ")
}

fn counts(report: &Report) -> Vec<String> {
    let counted = |severity: Severity| match report.count(severity) {
        0 => None,
        count => Some(counted(count, severity.name())),
    };
    HEAVIEST_FIRST.into_iter().filter_map(counted).collect()
}

fn tally(report: &Report) -> Option<String> {
    let tally = &report.tally;
    let states = [(tally.ok, "ok"), (tally.bad, "bad"), (tally.missing, "missing"), (tally.not_checkable, "not checked")];
    let all: usize = states.iter().map(|(count, _)| count).sum();
    let parts: Vec<String> = states.iter().filter(|(count, _)| *count > 0).map(|(count, state)| format!("{count} {state}")).collect();
    (all > 0).then(|| format!("{}: {}", counted(all, "key"), parts.join(", ")))
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// `a`, `a and b`, `a, b and c`.
fn enumerated(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Between marks, so that a blank at either end is seen.
fn quoted(found: &str) -> Cow<'_, str> {
    if found.is_empty() { Cow::Borrowed("an empty text") } else { Cow::Owned(format!("`{}`", escaped(found))) }
}

fn related(at: &Place, what: &str) -> String {
    match place(at) {
        Some(place) => format!("{place}: {}", escaped(what)),
        None => escaped(what).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_at_blanks() {
        let check = |text: &str, first, rest, expected: &[&str]| assert_eq!(broken(text, first, rest), expected);
        check("", 5, 5, &[""]);
        check("one two three", 13, 5, &["one two three"]);
        check("one two three", 12, 5, &["one two", "three"]);
        check("one two three", 7, 5, &["one two", "three"]);
        check("one two three", 1, 1, &["one", "two", "three"]);
        check("incomprehensible word", 4, 4, &["incomprehensible", "word"]);
        check("a /very/long/path/that/stays/whole b", 8, 8, &["a", "/very/long/path/that/stays/whole", "b"]);
        check(" ä ö ü", 3, 3, &[" ä", "ö ü"]);
        check(" incomprehensible word", 4, 4, &[" incomprehensible", "word"]);
        check(" a b", 0, 0, &[" a b"]);
    }

    #[test]
    fn enumerates() {
        let check = |items: &[&str], expected| assert_eq!(enumerated(&items.iter().map(ToString::to_string).collect::<Vec<_>>()), expected);
        check(&["a"], "a");
        check(&["a", "b"], "a and b");
        check(&["a", "b", "c"], "a, b and c");
    }
}
