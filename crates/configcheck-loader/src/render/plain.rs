//! The report for a log: a finding begins at the start of a line with its severity and rule, and what belongs to it is indented.

use configcheck_core::display::escaped;
use configcheck_core::{Diagnostic, Report};

use super::wording::{self, Labelled};

/// How far a line that goes on is indented.
const INDENT: usize = 4;

/// Renders a report; lines are broken where a width is given.
pub(super) fn render(report: &Report, width: Option<usize>) -> String {
    let mut page = Page { text: String::new(), width };
    let Labelled { label, text } = wording::headline(report);
    page.line(&format!("{label}: {text}"));
    for finding in wording::by_weight(report) {
        page.blank();
        page.finding(finding);
    }
    page.blank();
    for line in wording::closing(report) {
        page.line(&line);
    }
    page.text.truncate(page.text.trim_end_matches('\n').len());
    page.text
}

struct Page {
    text: String,
    width: Option<usize>,
}

impl Page {
    fn finding(&mut self, finding: &Diagnostic) {
        self.line(&format!("{}[{}]: {}", finding.severity, escaped(finding.rule.name), escaped(&finding.message)));
        if let Some(place) = wording::place(&finding.place) {
            self.line(&format!("  --> {place}"));
        }
        for Labelled { label, text } in wording::details(finding) {
            self.line(&format!("  {label}: {text}"));
        }
    }

    fn line(&mut self, text: &str) {
        let room = self.width.unwrap_or(usize::MAX);
        for (index, line) in wording::broken(text, room, room.saturating_sub(INDENT)).into_iter().enumerate() {
            if index > 0 {
                self.text.extend([" "; INDENT]);
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::checkout;
    use super::*;

    fn check(width: Option<usize>, expected: &str) {
        assert_eq!(render(&checkout(), width), expected.trim_matches('\n'));
    }

    #[test]
    fn reads_as_a_log_needs_it() {
        check(
            None,
            "
error: the configuration of checkout (production) has 5 errors and 1 warning

error[invalid-value]: PORT is not a whole number from 0 to 65535
  --> .env:3:6
  expected: a whole number from 0 to 65535
  found: `80a80`
  related: environment variable PORT: set there too, and not used
  help: an example: 8080

error[missing-required]: DATABASE_URL is not set
  expected: a URL
  help: set DATABASE_URL in the environment, in .env.production or .env, or DATABASE_URL_FILE to the path of a file that holds it
  help: DATABSE_URL is set in .env:7:1 and is declared nowhere

error[constraint-violated]: JWT_SECRET is too short
  --> config/production.toml:112:16
  expected: at least 32 characters

error[unresolved-reference]: the reference of REDIS_URL was not resolved: access denied
  --> reference file:/run/secrets/redis
  help: let the service read /run/secrets/redis

error[invalid-value]: LOG_LEVEL is not one of error, warn, info, debug, trace
  --> environment variable LOG_LEVEL
  expected: error, warn, info, debug or trace
  found: ` inof`
  help: did you mean info?

warning[unknown-key]: DATABSE_URL is declared nowhere
  --> .env:7:1
  help: did you mean DATABASE_URL? It is missing

summary: 5 errors, 1 warning; 8 keys: 2 ok, 4 bad, 1 missing, 1 not checked; the service does not start
accepted: 1 finding, not shown here",
        );
    }

    #[test]
    fn breaks_lines_where_a_width_is_given() {
        let text = render(&checkout(), Some(60));
        assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
        assert_eq!(text.replace("\n    ", " "), render(&checkout(), None));
    }
}
