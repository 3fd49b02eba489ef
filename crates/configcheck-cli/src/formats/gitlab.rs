//! GitLab's Code Quality: a list of issues, of which each has a fingerprint of its own.

use configcheck_core::Severity;
use configcheck_core::json::Json;

use super::json_text;
use super::location::Location;
use super::wording::{UNREAD, line, target_suffix};
use crate::findings::{Finding, Run};

pub(super) fn render(run: &Run) -> String {
    let mut issues: Vec<String> = run
        .unread
        .iter()
        .enumerate()
        .map(|(index, unread)| {
            let Location { path, .. } = Location::of_file(&unread.path);
            let description = format!("{UNREAD}: {} is not read: {}", line(&path), line(&unread.message));
            // Nothing else has a fingerprint of this form.
            issue(UNREAD, &description, &format!("{UNREAD}:{index}:{path}"), "major", &path, 1)
        })
        .collect();
    issues.extend(run.findings().iter().filter(|finding| !finding.is_accepted()).map(|finding| of_finding(run, finding)));
    json_text::list(&issues)
}

fn of_finding(run: &Run, finding: &Finding<'_>) -> String {
    let diagnostic = finding.diagnostic;
    let rule = diagnostic.rule.name;
    let location = Location::or_schema(run, finding);
    // The name of the check is not displayed.
    let description = format!("{rule}: {}{}", line(&diagnostic.message), target_suffix(run, finding));
    issue(rule, &description, &finding.fingerprint, weight(diagnostic.severity), &location.path, location.line.unwrap_or(1))
}

fn issue(check: &str, description: &str, fingerprint: &str, severity: &str, path: &str, begin: u32) -> String {
    Json::object(|o| {
        o.text("description", description);
        o.text("check_name", check);
        o.text("fingerprint", fingerprint);
        o.text("severity", severity);
        o.object("location", |o| {
            o.text("path", path);
            o.object("lines", |o| o.number("begin", begin));
        });
    })
}

const fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}
