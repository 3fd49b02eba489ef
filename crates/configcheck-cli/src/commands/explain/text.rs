//! The explanation for people.

use std::fmt::Write as _;

use configcheck_core::display::escaped;
use configcheck_core::{Diagnostic, Place, Severity};

use super::Explanation;
use super::declaration::quoted;
use super::layers::{Row, State};
use super::outcome::Outcome;
use crate::layout::{Paint, hanging, table};

pub(super) fn render(explained: &[Explanation], width: usize, paint: Paint) -> String {
    explained.iter().map(|explanation| one(explanation, width, paint)).collect::<Vec<_>>().join("\n\n")
}

fn one(explanation: &Explanation, width: usize, paint: Paint) -> String {
    let Explanation { declaration, outcomes } = explanation;
    let mut text = format!("{}  {}\n", paint.bold(&escaped(&declaration.variable)), paint.faint(&escaped(&declaration.place)));
    for line in declaration.doc.lines() {
        text.push_str(&hanging("  ", &escaped(line), width));
    }
    let facts: Vec<[String; 2]> = declaration.facts.iter().map(|(word, fact)| [(*word).to_owned(), fact.clone()]).collect();
    text.push('\n');
    text.push_str(&table(&facts, 2, width, Paint::default()));
    for outcome in outcomes {
        text.push_str(&section(outcome, width, paint));
    }
    text
}

fn section(outcome: &Outcome, width: usize, paint: Paint) -> String {
    let environment = outcome.environment.as_deref().filter(|environment| *environment != outcome.target);
    let environment = environment.map_or_else(String::new, |environment| format!(" ({environment})"));
    let heading = escaped(&format!("{}{environment}", outcome.target)).into_owned();
    let mut text = format!("\n{}: {}\n", paint.bold(&heading), verdict(outcome, paint));
    let rows: Vec<[String; 2]> = outcome.rows.iter().map(cells).collect();
    text.push_str(&table(&rows, 2, width, Paint::default()));
    text.push_str(&hanging("  ", &escaped(&outcome.decision), width));
    if let Some(reference) = &outcome.reference {
        let field = reference.field.as_ref().map_or_else(String::new, |field| format!(", field {}", escaped(field)));
        let parts = format!("reference: scheme {}, path {}{field}", reference.scheme, escaped(&reference.path));
        text.push_str(&hanging("  ", &parts, width));
        if !reference.is_reached {
            text.push_str(&hanging("    ", &format!("this command does not reach {}", reference.scheme), width));
        }
        for (word, line) in [("needs: ", &reference.needs), ("asked: ", &reference.answer)] {
            if let Some(line) = line {
                text.push_str(&hanging(&format!("    {word}"), &escaped(line), width));
            }
        }
    }
    for diagnostic in &outcome.findings {
        text.push('\n');
        text.push_str(&finding(diagnostic, width, paint));
    }
    text
}

fn verdict(outcome: &Outcome, paint: Paint) -> String {
    let style = match outcome.verdict_name() {
        "ok" => "32",
        "bad" | "missing" => "31",
        _ => "33",
    };
    paint.styled(style, outcome.verdict_name())
}

/// The mark of the winner with the layer, and what was found at which place.
fn cells(row: &Row) -> [String; 2] {
    let mark = if row.state == State::Wins { '>' } else { ' ' };
    let found = found(row);
    let found = match &row.place {
        Place::Nowhere | Place::Schema => found,
        Place::Variable(name) => format!("{}: {found}", escaped(name)),
        Place::Reference(text) => format!("{}, {found}", escaped(text)),
        place => format!("{place}: {found}"),
    };
    [format!("{mark} {}", row.layer), found]
}

fn found(row: &Row) -> String {
    let value = row.shown.as_ref().map(|shown| quoted(shown.as_str()));
    let value = || value.clone().unwrap_or_else(|| "a value that is not shown".to_owned());
    let state = match (row.state, &row.place) {
        (State::Wins, Place::Reference(_)) => "not fetched here".to_owned(),
        (State::Wins, _) => value(),
        (State::Overridden, _) => format!("{}, overridden", value()),
        (State::Repeated, _) => "overridden by a later line".to_owned(),
        (State::Empty, _) => "set to nothing, which counts as not set".to_owned(),
        (State::Ignored, _) => "sets it, and is not read in this environment".to_owned(),
        (State::Absent, _) => "does not set it".to_owned(),
        (State::Undeclared, _) => "none here".to_owned(),
        (State::Unused, _) => format!("{}, which does not count here", value()),
        (State::NotAsked, _) => "asked when nothing else sets it".to_owned(),
        (State::NotThere, _) => "is not there".to_owned(),
        (State::Unreadable, _) => "cannot be read".to_owned(),
        (State::NotRead, _) if row.layer == "environment" => "not read here, but with --from env".to_owned(),
        (State::NotRead, _) => "not read here".to_owned(),
    };
    row.name.as_ref().map_or_else(|| state.clone(), |name| format!("{state}, as {name}"))
}

fn finding(finding: &Diagnostic, width: usize, paint: Paint) -> String {
    let style = match finding.severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Note => "1;36",
    };
    let label = format!("{}[{}]", finding.severity, finding.rule.name);
    let head = hanging("  ", &format!("{label}: {}", escaped(&finding.message)), width);
    let mut text = head.replacen(&label, &paint.styled(style, &label), 1);
    if finding.place != Place::Nowhere {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "    --> {}", finding.place);
    }
    let mut add = |word: &str, what: &str| text.push_str(&hanging(&format!("    {word}: "), what, width));
    if let Some(expected) = &finding.expected {
        add("expected", &escaped(expected));
    }
    if let Some(shown) = &finding.found {
        add("found", &quoted(shown.as_str()));
    }
    for (place, what) in &finding.related {
        add("related", &if *place == Place::Nowhere { escaped(what).into_owned() } else { format!("{place}: {}", escaped(what)) });
    }
    for help in &finding.help {
        add("help", &escaped(help));
    }
    if let Some(reason) = &finding.suppressed {
        add("accepted", &escaped(reason));
    }
    text
}
