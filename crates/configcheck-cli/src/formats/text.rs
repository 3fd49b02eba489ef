//! The form for people: the worst first, each with its place and what to do next.

use std::fmt::Write as _;

use configcheck_core::display::escaped;
use configcheck_core::{Diagnostic, Place, Severity};

use super::{Style, fleet};
use crate::findings::{Finding, Run, Target, rule_url};

/// Renders a run: two lines for each finding, then the count of keys and findings.
pub(super) fn render(run: &Run, style: Style) -> String {
    let findings = run.findings();
    let paint = Paint { color: style.color };
    let mut text = String::new();
    let is_shown = |finding: &&Finding<'_>| !finding.is_accepted() && (style.verbose || finding.diagnostic.severity > Severity::Note);
    for group in grouped(findings.iter().filter(is_shown)) {
        write_group(&mut text, &group, run, style, paint);
    }
    for unread in &run.unread {
        let label = paint.severity(Severity::Error, "error");
        line(&mut text, &format!("{label}: {}: {}", escaped(&unread.path), escaped(&unread.message)));
        if !unread.help.is_empty() {
            line(&mut text, &format!("  help: {}", escaped(&unread.help)));
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    for target in run.targets.iter().filter(|target| !target.keys.is_empty()) {
        line(&mut text, &tally(target, paint));
    }
    line(&mut text, &summary(run, &findings, style, paint));
    text.push_str(&fleet::text(&run.fleets));
    text
}

/// The same finding in several environments, once.
fn grouped<'a, 'r: 'a>(findings: impl Iterator<Item = &'a Finding<'r>>) -> Vec<Vec<&'a Finding<'r>>> {
    let mut groups: Vec<Vec<&Finding<'_>>> = Vec::new();
    let mut at = std::collections::HashMap::new();
    for finding in findings {
        let one = finding.diagnostic;
        let place = match &one.place {
            Place::File { path, line, column, .. } => Some((path.as_str(), *line, *column)),
            _ => None,
        };
        let group = *at.entry((one.rule.name, one.severity, one.key.as_deref(), one.message.as_str(), place)).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(finding);
    }
    groups
}

fn write_group(text: &mut String, group: &[&Finding<'_>], run: &Run, style: Style, paint: Paint) {
    let Some(first) = group.first() else { return };
    let finding = first.diagnostic;
    let names: Vec<&str> = group.iter().map(|finding| finding.target.name.as_str()).collect();
    let environments = escaped(&names.join(", ")).into_owned();
    let is_many = run.targets.len() > 1;
    let place = match &finding.place {
        Place::Nowhere | Place::Schema => environments.clone(),
        place => place.to_string(),
    };
    let mut head = format!("{}: {}: {}", paint.place(&place), paint.rule(finding), paint.bold(&escaped(&finding.message)));
    if let Some(found) = &finding.found {
        let _ = write!(head, "; found `{}`", found.as_str());
    }
    if is_many
        && !matches!(finding.place, Place::Nowhere | Place::Schema)
        && group.len() < run.targets.len()
        && first.target.environment.is_some()
    {
        let _ = write!(head, " ({environments})");
    }
    line(text, &head);
    if style.verbose {
        write_details(text, finding);
    } else if let Some(help) = finding.help.first() {
        line(text, &format!("  help: {}", cut(&escaped(help), style.width)));
    }
}

/// Everything that is known of a finding.
fn write_details(text: &mut String, finding: &Diagnostic) {
    if let Some(expected) = &finding.expected {
        line(text, &format!("  expected: {}", escaped(expected)));
    }
    for (place, what) in &finding.related {
        match place {
            Place::Nowhere => line(text, &format!("  related: {}", escaped(what))),
            place => line(text, &format!("  related: {place}: {}", escaped(what))),
        }
    }
    for help in &finding.help {
        line(text, &format!("  help: {}", escaped(help)));
    }
    line(text, &format!("  rule: {}", rule_url(finding.rule.name)));
}

/// "production: 31 ok, 4 present but not checkable here, 1 missing".
fn tally(target: &Target, paint: Paint) -> String {
    let tally = target.report.tally;
    let states =
        [(tally.ok, "ok"), (tally.bad, "bad"), (tally.missing, "missing"), (tally.not_checkable, "present but not checkable here")];
    let parts: Vec<String> = states.iter().filter(|(count, _)| *count > 0).map(|(count, state)| format!("{count} {state}")).collect();
    let parts = if parts.is_empty() { "no keys".to_owned() } else { parts.join(", ") };
    let environment = match &target.environment {
        Some(environment) if *environment != target.name && !target.name.contains(&format!("({environment})")) => {
            format!(" as {}", escaped(environment))
        }
        _ => String::new(),
    };
    format!("{}{environment}: {parts}", paint.bold(&escaped(&target.name)))
}

fn summary(run: &Run, findings: &[Finding<'_>], style: Style, paint: Paint) -> String {
    let counted = |severity: Severity| match run.count(severity) {
        0 => None,
        1 => Some(format!("1 {}", severity.name())),
        count => Some(format!("{count} {}s", severity.name())),
    };
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note].into_iter().filter_map(counted).collect();
    let mut parts = vec![match counts.as_slice() {
        [] if run.unread.is_empty() => paint.good("no findings"),
        [] => "no findings in what could be read".to_owned(),
        counts => counts.join(", "),
    }];
    if run.count(Severity::Note) > 0 && !style.verbose {
        parts.push("notes are shown with -v".to_owned());
    }
    match findings.iter().filter(|finding| finding.is_accepted()).count() {
        0 => {}
        accepted => parts.push(format!("{accepted} accepted")),
    }
    if !run.unread.is_empty() {
        parts.push(format!("{} not read", run.unread.len()));
    }
    if run.schema.is_none() && run.targets.iter().all(|target| target.keys.is_empty()) {
        parts.push("no schema: only the files themselves were checked".to_owned());
    }
    let worst = findings.iter().find(|finding| !finding.is_accepted());
    if let Some(worst) = worst.filter(|finding| finding.diagnostic.severity > Severity::Note) {
        parts.push(format!("more about a rule: configcheck rule {}", worst.diagnostic.rule.name));
    }
    parts.join("; ")
}

/// Adds a line. CI runners take `##[` and `##name[` for commands wherever they stand, and `::` at the beginning of a line.
fn line(text: &mut String, line: &str) {
    if line.trim_start().starts_with("::") {
        text.push_str("./");
    }
    text.push_str(&line.replace("##", "#\\u{23}"));
    text.push('\n');
}

/// A help that is longer than the screen is wide ends in dots; the whole stands behind `-v`.
fn cut(help: &str, width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |width| width.saturating_sub("  help: ".len()).max(40));
    if help.chars().nth(room).is_none() {
        return help.to_owned();
    }
    let end = help.char_indices().nth(room - 2).map_or(help.len(), |(at, _)| at);
    let end = help[..end].rfind(' ').unwrap_or(end);
    format!("{} …", help[..end].trim_end_matches([',', ';', ':']))
}

/// Writes colours, or none.
#[derive(Clone, Copy)]
struct Paint {
    color: bool,
}

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn good(self, text: &str) -> String {
        self.with("32", text)
    }

    fn place(self, text: &str) -> String {
        self.with("36", text)
    }

    fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Note => "1;34",
        };
        self.with(code, text)
    }

    /// `error[invalid-value]`, linked to the rule's page where links are understood.
    fn rule(self, finding: &Diagnostic) -> String {
        let text = self.severity(finding.severity, &format!("{}[{}]", finding.severity, finding.rule.name));
        if self.color { format!("\u{1b}]8;;{}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\", rule_url(finding.rule.name)) } else { text }
    }
}
