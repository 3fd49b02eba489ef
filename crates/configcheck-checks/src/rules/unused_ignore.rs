//! `unused-ignore`: a line of a file accepts findings, and there is none to accept.

use configcheck_core::snapshot::Suppression;
use configcheck_core::{Diagnostic, Place, RuleInfo, Severity};

use super::{AcrossRule, info_of};
use crate::across::Across;
use crate::policy::Level;
use crate::run::accept::is_at;

pub(super) struct UnusedIgnore;

static INFO: RuleInfo = RuleInfo {
    name: "unused-ignore",
    code: "CC026",
    severity: Severity::Warning,
    summary: "A line of a file accepts a finding that is not there.",
    page: include_str!("unused_ignore.md"),
};

impl AcrossRule for UnusedIgnore {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, across: &Across<'_>, findings: &mut Vec<Diagnostic>) {
        // A file may be part of several environments; what it accepts in one of them is of use.
        let mut seen: Vec<(&str, u32, &RuleInfo)> = Vec::new();
        for (examined, _) in across.environments() {
            for suppression in &examined.snapshot.suppressions {
                let file = &*examined.snapshot.source(suppression.source).name;
                for rule in judged(across, suppression) {
                    if seen.contains(&(file, suppression.line, rule)) {
                        continue;
                    }
                    seen.push((file, suppression.line, rule));
                    let silences = |finding: &&Diagnostic| {
                        finding.suppressed.is_some() && finding.rule.code == rule.code && is_at(finding, file, suppression.line)
                    };
                    if across.found().find(silences).is_none() {
                        findings.push(finding(rule, file, suppression.line));
                    }
                }
            }
        }
    }
}

/// The rules of a line that ran. What names no rule, or gives no reason, is a finding of its own; and a line that accepts that it is
/// not of use says so on purpose.
fn judged<'a>(across: &'a Across<'_>, suppression: &'a Suppression) -> impl Iterator<Item = &'static RuleInfo> + use<'a> {
    let has_reason = !suppression.reason.trim().is_empty();
    let rules = suppression.rules.iter().filter(move |_| has_reason).filter_map(|name| info_of(name));
    rules.filter(|rule| rule.code != INFO.code && across.policy().level_of(rule) != Some(Level::Off))
}

fn finding(rule: &RuleInfo, file: &str, line: u32) -> Diagnostic {
    Diagnostic::new(&INFO, format!("ignore[{}] accepts nothing here", rule.name))
        .at(Place::File { path: file.to_owned(), line, column: 0, bytes: None })
        .help(format!("remove it: no finding of {} points at this line in any environment that was checked", rule.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Acceptance, Policy};
    use crate::rules::testing::{Case, check_across, integer};

    fn case(environment: &str, value: &str) -> Case {
        Case::new(&[integer("PORT")])
            .in_environment(environment)
            .dotenv(".env", 3, "PORT", value)
            .unknown(".env", 9, Some("COLOUR"))
            .suppressed(".env", 3, &["invalid-value", "CC010"], "on purpose")
            .suppressed(".env", 9, &["CC005"], "read by compose")
    }

    #[test]
    fn finds_lines_that_accept_nothing_in_any_environment() {
        check_across(
            &UnusedIgnore,
            vec![("development", case("development", "80a80")), ("test", case("test", "8080"))],
            &Policy::new(),
            "\
warning: ignore[placeholder-value] accepts nothing here
  about -, at .env:3
  help: remove it: no finding of placeholder-value points at this line in any environment that was checked",
        );
        check_across(
            &UnusedIgnore,
            vec![("development", case("development", "8080")), ("test", case("test", "8080"))],
            &Policy::new().level("placeholder-value", Level::Off),
            "\
warning: ignore[invalid-value] accepts nothing here
  about -, at .env:3
  help: remove it: no finding of invalid-value points at this line in any environment that was checked",
        );
    }

    #[test]
    fn leaves_to_others_what_others_report() {
        let case = |rules: &[&str], reason| Case::new(&[]).suppressed(".env", 3, rules, reason);
        check_across(&UnusedIgnore, vec![("test", case(&["no-such-rule", "unused-ignore"], "why"))], &Policy::new(), "");
        check_across(&UnusedIgnore, vec![("test", case(&["unknown-key"], " "))], &Policy::new(), "");
        let acceptance = Acceptance { rule: "unknown-key".into(), key: None, reason: "all of them".into() };
        let twice = Case::new(&[]).unknown(".env", 3, Some("COLOUR")).suppressed(".env", 3, &["unknown-key"], "read by compose");
        check_across(&UnusedIgnore, vec![("test", twice)], &Policy::new().accept(acceptance), "");
    }
}
