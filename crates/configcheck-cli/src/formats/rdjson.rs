//! Reviewdog's JSON. Its columns count bytes, so that one is only written where it is known.

use configcheck_core::Severity;
use configcheck_core::json::{List, Object};

use super::json_text;
use super::location::Location;
use super::wording::{UNREAD, lines, target_suffix, unread_lines};
use crate::findings::{Finding, Run, rule_url};

pub(super) fn render(run: &Run) -> String {
    json_text::object(|o| {
        o.object("source", |o| {
            o.text("name", "configcheck");
            o.text("url", env!("CARGO_PKG_REPOSITORY"));
        });
        o.list("diagnostics", |list| {
            for unread in &run.unread {
                diagnostic(list, &unread_lines(unread).join("\n"), &Location::of_file(&unread.path), "ERROR", |o| o.text("value", UNREAD));
            }
            for finding in run.findings().iter().filter(|finding| !finding.is_accepted()) {
                of_finding(list, run, finding);
            }
        });
    })
}

fn of_finding(list: &mut List<'_>, run: &Run, finding: &Finding<'_>) {
    let rule = finding.diagnostic.rule.name;
    let mut message = lines(finding.diagnostic);
    if let Some(first) = message.first_mut() {
        first.push_str(&target_suffix(run, finding));
    }
    diagnostic(list, &message.join("\n"), &Location::or_source(run, finding), weight(finding.diagnostic.severity), |o| {
        o.text("value", rule);
        o.text("url", &rule_url(rule));
    });
}

fn diagnostic(list: &mut List<'_>, message: &str, location: &Location, severity: &str, code: impl FnOnce(&mut Object<'_>)) {
    list.object(|o| {
        o.text("message", message);
        o.object("location", |o| {
            o.text("path", &location.path);
            if let Some(line) = location.line {
                o.object("range", |o| {
                    o.object("start", |o| {
                        o.number("line", line);
                        if let Some(column) = location.byte_column {
                            o.number("column", column);
                        }
                    });
                });
            }
        });
        o.text("severity", severity);
        o.object("code", code);
    });
}

const fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "INFO",
    }
}
