//! The diagnosis for people: the managers with their references, then what is wrong.

use configcheck_core::display::escaped;

use super::diagnosis::{Diagnosis, Finding, Line, Manager, State};
use super::time::{age, ends, took};
use crate::layout::{Paint, hanging, table};

pub(super) fn render(diagnosis: &Diagnosis, width: usize, paint: Paint) -> String {
    let mut text = String::new();
    for manager in &diagnosis.managers {
        text.push_str(&section(manager, diagnosis, width, paint));
        text.push('\n');
    }
    diagnosis.findings.iter().for_each(|one| text.push_str(&finding(one, width, paint)));
    if !diagnosis.findings.is_empty() {
        text.push('\n');
    }
    text.push_str(&summary(diagnosis, paint));
    text
}

fn section(manager: &Manager, diagnosis: &Diagnosis, width: usize, paint: Paint) -> String {
    let login = manager.login.as_ref().map_or_else(|| "not logged in".to_owned(), |login| format!("as {}", escaped(login)));
    let time = manager.took.map_or_else(String::new, |time| format!(", {}", took(time)));
    let mut text = format!("{}: {login}{time}\n", paint.bold(manager.scheme));
    let mut facts: Vec<[String; 2]> = Vec::new();
    facts.extend(manager.identity.iter().map(|name| ["identity".to_owned(), escaped(name).into_owned()]));
    let is_said = |label: &str, value: &str| label == "login" && manager.login.as_deref() == Some(value);
    let details = manager.details.iter().filter(|(label, value)| !is_said(label, value));
    facts.extend(details.map(|(label, value)| [escaped(label).into_owned(), escaped(value).into_owned()]));
    facts.extend(manager.expires.map(|end| ["login".to_owned(), ends(end, diagnosis.now)]));
    text.push_str(&table(&facts, 2, width, Paint::default()));
    manager.references.iter().for_each(|line| text.push_str(&entry(line, diagnosis, width)));
    text
}

/// The mark with the reference, and below it the variables and what is known.
fn entry(line: &Line, diagnosis: &Diagnosis, width: usize) -> String {
    let mark = match line.state {
        State::Readable | State::Read => "ok",
        State::Allowed => "?",
        State::Spared => "-",
        State::Failed(_) => "bad",
    };
    let mut known = vec![match line.state {
        State::Readable => "readable, and not read".to_owned(),
        State::Read => "readable".to_owned(),
        State::Allowed => {
            line.note.as_deref().map_or_else(|| "it may be read if it is there".to_owned(), |note| escaped(note).into_owned())
        }
        State::Spared => "absent, and nothing needs it".to_owned(),
        State::Failed(kind) => kind.name().to_owned(),
    }];
    known.extend(line.version.as_ref().map(|version| format!("version {}", escaped(version))));
    known.extend(line.created.map(|created| age(created, diagnosis.now)));
    known.extend(line.not_after.map(|end| ends(end, diagnosis.now)));
    known.extend(line.took.map(took));
    let known = format!("{}: {}", names(&line.variables), known.join(", "));
    format!("  {mark:<3}  {}\n{}", escaped(&line.reference), hanging("       ", &known, width))
}

fn names(variables: &[String]) -> String {
    escaped(&variables.join(", ")).into_owned()
}

fn finding(finding: &Finding, width: usize, paint: Paint) -> String {
    let (label, style) = if finding.is_error { ("error", "1;31") } else { ("warning", "1;33") };
    let head = hanging("", &format!("{label}: {}: {}", names(&finding.variables), escaped(&finding.message)), width);
    let mut text = head.replacen(label, &paint.styled(style, label), 1);
    finding.help.iter().for_each(|help| text.push_str(&hanging("  help: ", &escaped(help), width)));
    text
}

fn summary(diagnosis: &Diagnosis, paint: Paint) -> String {
    let (readable, allowed, failed) = diagnosis.counts();
    let counts = [(readable, "readable"), (allowed, "allowed, if they are there"), (failed, "not readable")];
    let counts: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let counts =
        if counts.is_empty() && diagnosis.findings.is_empty() { "no reference is asked for".to_owned() } else { counts.join(", ") };
    let counts = if counts.is_empty() { "no manager was asked".to_owned() } else { counts };
    format!("{}: {counts}\n", paint.bold(&escaped(&diagnosis.target)))
}
