//! The comparison for people: the worst changes first, each with what to do next, then the answers for each environment.

use std::fmt::Write as _;

use configcheck_core::display::escaped;
use configcheck_core::{Diagnostic, Place, Severity};
use configcheck_schema::breaking::Change;

use super::Comparison;
use super::answers::{Answer, Start};
use crate::console::Console;
use crate::layout::{Paint, table, width};

pub(super) fn render(comparison: &Comparison, console: &Console) -> String {
    let paint = Paint::of(console);
    let mut text = String::new();
    let groups = grouped(comparison.active());
    for group in &groups {
        text.push_str(&change(group, paint));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&summary(comparison, &groups));
    if !comparison.answers.is_empty() {
        text.push('\n');
        text.push_str(&answers(comparison, console, paint));
    }
    text
}

/// The same change in several environments, once.
fn grouped<'a>(changes: impl Iterator<Item = &'a Change>) -> Vec<Vec<&'a Change>> {
    let mut groups: Vec<Vec<&Change>> = Vec::new();
    for change in changes {
        let is_same = |other: &Vec<&Change>| {
            let first = other[0];
            (first.rule, first.level, &first.key, &first.message) == (change.rule, change.level, &change.key, &change.message)
        };
        match groups.iter_mut().find(|group| is_same(group)) {
            Some(group) => group.push(change),
            None => groups.push(vec![change]),
        }
    }
    groups
}

fn change(group: &[&Change], paint: Paint) -> String {
    let Some(first) = group.first() else { return String::new() };
    // What is about an environment itself names it already.
    let is_about_key = |change: &&&Change| change.key.is_some();
    let environments: Vec<&str> = group.iter().filter(is_about_key).filter_map(|change| change.environment.as_deref()).collect();
    let place = if environments.is_empty() { String::new() } else { format!(" ({})", escaped(&environments.join(", "))) };
    let head = label(first.level, first.rule, paint);
    format!("{head}: {}{place}\n  next: {}\n", paint.bold(&escaped(&first.message)), escaped(&first.next_step))
}

/// `error[became-required]`.
fn label(level: Severity, rule: &str, paint: Paint) -> String {
    let style = match level {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Note => "1;34",
    };
    paint.styled(style, &format!("{level}[{rule}]"))
}

fn summary(comparison: &Comparison, groups: &[Vec<&Change>]) -> String {
    let count = |level: Severity| groups.iter().filter(|group| group[0].level == level).count();
    let counts = [Severity::Error, Severity::Warning, Severity::Note].map(|level| (count(level), level.name()));
    let mut parts: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| counted(*count, what)).collect();
    if parts.is_empty() {
        parts.push("no change that an operator would see".to_owned());
    }
    let accepted = comparison.changes.iter().filter(|(_, accepted)| accepted.is_some()).map(|(change, _)| change);
    match grouped(accepted).len() {
        0 => {}
        accepted => parts.push(format!("{accepted} accepted")),
    }
    format!("{} against {}: {}\n", escaped(&comparison.new), escaped(&comparison.old), parts.join(", "))
}

fn answers(comparison: &Comparison, console: &Console, paint: Paint) -> String {
    let head = ["would it start?", "this release", "a rollback"].map(ToOwned::to_owned);
    let rows =
        comparison.answers.iter().map(|answers| [escaped(&answers.name).into_owned(), word(&answers.release), word(&answers.rollback)]);
    let rows: Vec<[String; 3]> = std::iter::once(head).chain(rows).collect();
    let mut text = table(&rows, 0, width(console), paint);
    for answers in &comparison.answers {
        for (what, answer) in [("this release", &answers.release), ("a rollback", &answers.rollback)] {
            if answer.stops.is_empty() {
                continue;
            }
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "\n{}: {what} would not start", paint.bold(&escaped(&answers.name)));
            answer.stops.iter().for_each(|finding| text.push_str(&stop(finding, paint)));
        }
    }
    text
}

/// The answer for a cell of the table.
fn word(answer: &Answer) -> String {
    match answer.start() {
        Start::Yes => "yes".to_owned(),
        Start::No => format!("no, {}", counted(answer.stops.len(), "error")),
        Start::Unknown if answer.elsewhere == 1 => "cannot be said here: 1 value lives elsewhere".to_owned(),
        Start::Unknown => format!("cannot be said here: {} values live elsewhere", answer.elsewhere),
    }
}

/// A finding that stops a start, with its first help.
fn stop(finding: &Diagnostic, paint: Paint) -> String {
    let place = match &finding.place {
        Place::Nowhere | Place::Schema => String::new(),
        place => format!("{place}: "),
    };
    let found = finding.found.as_ref().map_or_else(String::new, |found| format!("; found `{}`", found.as_str()));
    let mut text = format!("  {place}{}: {}{found}\n", label(finding.severity, finding.rule.name, paint), escaped(&finding.message));
    if let Some(help) = finding.help.first() {
        let _ = writeln!(text, "    help: {}", escaped(help));
    }
    text
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
