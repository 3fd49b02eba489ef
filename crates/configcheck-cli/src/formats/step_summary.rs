//! The summary of a step of GitHub Actions: all findings as a Markdown table.

use std::fmt::Write as _;

use configcheck_core::Severity;

use super::location::clean;
use super::wording::{counted, line, place};
use crate::findings::{Finding, Run, rule_url};

/// The largest summary that GitHub takes from one step, in bytes.
const LARGEST: usize = 1 << 20;

/// Room for the sentence about rows that are left out.
const ROOM: usize = 256;

/// Renders the table for the file that `GITHUB_STEP_SUMMARY` names.
pub(crate) fn step_summary(run: &Run) -> String {
    let findings = run.findings();
    let active: Vec<&Finding<'_>> = findings.iter().filter(|finding| !finding.is_accepted()).collect();
    let mut text = heading(run, findings.len() - active.len());
    let mut left_out = 0;
    let mut push = |text: &mut String, row: &str| {
        if left_out == 0 && text.len() + row.len() + ROOM <= LARGEST {
            text.push_str(row);
        } else {
            left_out += 1;
        }
    };
    for unread in &run.unread {
        push(&mut text, &format!("- {} is not read: {}\n", cell(&clean(&unread.path)), cell(&unread.message)));
    }
    if !active.is_empty() {
        text.push_str("\n| Severity | Rule | Key | Target | Place | Message |\n| --- | --- | --- | --- | --- | --- |\n");
        for finding in active {
            push(&mut text, &row(finding));
        }
    }
    if left_out > 0 {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\n{} not shown: GitHub takes 1 MiB from one step.\n", counted(left_out, "line"));
    }
    text
}

fn heading(run: &Run, accepted: usize) -> String {
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| Some(run.count(severity)).filter(|count| *count > 0).map(|count| counted(count, severity.name())))
        .collect();
    let mut text = format!("### configcheck: {}\n\n", if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") });
    let sum =
        |of: fn(&configcheck_core::diagnostic::Tally) -> usize| run.targets.iter().map(|target| of(&target.report.tally)).sum::<usize>();
    let (ok, not_checkable, missing, bad) = (sum(|t| t.ok), sum(|t| t.not_checkable), sum(|t| t.missing), sum(|t| t.bad));
    let _ = writeln!(text, "{ok} ok, {not_checkable} present but not checkable here, {missing} missing, {bad} bad; {accepted} accepted.");
    if !run.unread.is_empty() {
        text.push('\n');
    }
    text
}

fn row(finding: &Finding<'_>) -> String {
    let diagnostic = finding.diagnostic;
    let rule = diagnostic.rule.name;
    let place = place(&diagnostic.place).map(|place| cell(&place)).unwrap_or_default();
    format!(
        "| {} | [{rule}]({}) | {} | {} | {place} | {} |\n",
        diagnostic.severity,
        rule_url(rule),
        cell(diagnostic.key.as_deref().unwrap_or("")),
        cell(&finding.target.name),
        cell(&diagnostic.message),
    )
}

/// A text of the outside world as the text of a cell: no mark-up, no HTML, no link, no line break.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 8);
    for c in line(text).chars() {
        match c {
            '&' => cell.push_str("&amp;"),
            '<' => cell.push_str("&lt;"),
            '>' => cell.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' | ':' | '@' | '$' => cell.extend(['\\', c]),
            c => cell.push(c),
        }
    }
    cell
}
