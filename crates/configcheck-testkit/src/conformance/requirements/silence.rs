//! What is said is for a report: on one line, and without a secret.
#![expect(clippy::unnecessary_wraps, reason = "all requirements have one signature, also those that note their problems as they go")]

use super::super::run::{Run, Verdict};
use super::Requirement;

pub(super) const ALL: &[Requirement] = &[
    Requirement::new("reasons-are-one-line", "a reason is text on one line, without control characters", reasons_are_one_line),
    Requirement::new(
        "no-secret-is-shown",
        "no value and no credential stands in a reason, a name or a Debug, nor six bytes of one in any encoding",
        no_secret_is_shown,
    ),
];

fn reasons_are_one_line(run: &Run<'_>) -> Verdict {
    for (place, text) in run.shown().into_iter().filter(|(place, _)| place.starts_with("a reason of ")) {
        if text.trim().is_empty() {
            run.problem(format!("{place} is empty"));
        }
        if text.chars().any(char::is_control) {
            run.problem(format!("{place} has a control character: {}", text.escape_debug()));
        }
    }
    Ok(())
}

fn no_secret_is_shown(run: &Run<'_>) -> Verdict {
    // The place is named, and not the text: it holds a secret.
    run.leaks().into_iter().for_each(|place| run.problem(format!("a secret stands in {place}")));
    Ok(())
}
