//! Annotations of GitHub Actions: one workflow command on one line for each finding.

use std::fmt::Write as _;

use configcheck_core::Severity;

use super::location::Location;
use super::wording::{UNREAD, counted, line, lines, unread_lines};
use crate::findings::{Finding, Run};

/// How many annotations of one kind a step may make; GitHub drops the others in silence.
const MOST_OF_A_KIND: usize = 10;

pub(super) fn render(run: &Run) -> String {
    let all = run.findings();
    let of = |severity| all.iter().filter(move |finding| !finding.is_accepted() && finding.diagnostic.severity == severity);
    let mut errors: Vec<String> = run
        .unread
        .iter()
        .map(|unread| {
            let location = Location::of_file(&unread.path);
            command("error", &format!("configcheck ({UNREAD})"), Some(&location), &unread_lines(unread))
        })
        .collect();
    errors.extend(of(Severity::Error).map(annotation));
    let warnings: Vec<String> = of(Severity::Warning).map(annotation).collect();
    let notices: Vec<String> = of(Severity::Note).map(annotation).collect();
    limited(errors, warnings, notices)
}

/// An annotation that is no finding of a check.
pub(crate) struct Annotation {
    /// How much it weighs.
    pub(crate) severity: Severity,
    /// Its title.
    pub(crate) title: String,
    /// The file that it is about.
    pub(crate) path: Option<String>,
    /// Its text; the first line begins with a word of ours.
    pub(crate) lines: Vec<String>,
}

/// Annotations that are no findings of a check, in their order.
pub(crate) fn annotations(all: impl Iterator<Item = Annotation>) -> String {
    let (mut errors, mut warnings, mut notices) = (Vec::new(), Vec::new(), Vec::new());
    for Annotation { severity, title, path, lines } in all {
        let (kind, commands) = match severity {
            Severity::Error => ("error", &mut errors),
            Severity::Warning => ("warning", &mut warnings),
            Severity::Note => ("notice", &mut notices),
        };
        let lines: Vec<String> = lines.iter().map(|text| line(text)).collect();
        commands.push(command(kind, &line(&title), path.as_deref().map(Location::of_file).as_ref(), &lines));
    }
    limited(errors, warnings, notices)
}

/// As many of each kind as GitHub shows, and how many there are besides.
fn limited(errors: Vec<String>, warnings: Vec<String>, notices: Vec<String>) -> String {
    let is_too_much = [&errors, &warnings, &notices].iter().any(|kind| kind.len() > MOST_OF_A_KIND);
    // The sentence about the rest is a notice too.
    let most_notices = if is_too_much { MOST_OF_A_KIND - 1 } else { MOST_OF_A_KIND };
    let kinds = [(errors, MOST_OF_A_KIND), (warnings, MOST_OF_A_KIND), (notices, most_notices)];
    let mut text = String::new();
    let mut left_out = 0;
    for (commands, most) in kinds {
        left_out += commands.len().saturating_sub(most);
        text.extend(commands.into_iter().take(most));
    }
    if left_out > 0 {
        let rest = format!("{} not shown here: GitHub shows {MOST_OF_A_KIND} of a kind for each step", counted(left_out, "finding"));
        text.push_str(&command("notice", "configcheck", None, &[rest]));
    }
    text
}

fn annotation(finding: &Finding<'_>) -> String {
    let diagnostic = finding.diagnostic;
    let kind = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let rule = diagnostic.rule.name;
    let mut lines = lines(diagnostic);
    // A message may begin with the name of a key, and so with anything: a word of ours stands before it.
    if let Some(first) = lines.first_mut() {
        first.insert_str(0, &format!("{rule}: "));
    }
    command(kind, &format!("configcheck ({rule}, {})", line(&finding.target.name)), Location::of(&diagnostic.place).as_ref(), &lines)
}

fn command(kind: &str, title: &str, location: Option<&Location>, lines: &[String]) -> String {
    let mut text = format!("::{kind} title={}", property(title));
    if let Some(location) = location {
        // Writing to a `String` cannot fail.
        let _ = write!(text, ",file={}", property(&line(&location.path)));
        if let Some(line) = location.line {
            let _ = write!(text, ",line={line}");
        }
        if let Some(column) = location.column {
            let _ = write!(text, ",col={column}");
        }
    }
    text.push_str("::");
    text.push_str(&data(&lines.join("\n")));
    text.push('\n');
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
