//! `unreadable-source`: a source could not be read, or a part of it could not.

use configcheck_core::origin::{Origin, SourceId};
use configcheck_core::snapshot::SourceProblem;
use configcheck_core::{Diagnostic, Place, RuleInfo, Severity};

use super::Rule;
use crate::context::Context;

pub(super) struct UnreadableSource;

static INFO: RuleInfo = RuleInfo {
    name: "unreadable-source",
    code: "CC019",
    severity: Severity::Error,
    summary: "A file or another source, or a part of it, could not be read.",
    page: include_str!("unreadable_source.md"),
};

impl Rule for UnreadableSource {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        !context.snapshot().problems.is_empty()
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let problems = &context.snapshot().problems;
        // Of each source: how many of its lines were named, and how many were not.
        let mut lines: Vec<(SourceId, usize, usize)> = Vec::new();
        for (at, problem) in problems.iter().enumerate() {
            // Of a key that it concerns, a finding says why it has no value.
            let is_first_of_key = problem.key.is_some() && !problems[..at].iter().any(|earlier| earlier.key == problem.key);
            if problem.origin.span.is_none() || is_first_of_key {
                findings.push(finding(context, problem));
                continue;
            }
            let source = problem.origin.source;
            let count = lines.iter().position(|(other, ..)| *other == source).unwrap_or_else(|| {
                lines.push((source, 0, 0));
                lines.len() - 1
            });
            let (_, named, more) = &mut lines[count];
            if *named < MOST_NAMED {
                *named += 1;
                findings.push(finding(context, problem));
            } else {
                *more += 1;
            }
        }
        findings.extend(lines.into_iter().filter(|(_, _, more)| *more > 0).map(|(source, _, more)| rest(context, source, more)));
    }
}

/// The number of lines of one source that are named one by one. A source with more of them is of another format.
const MOST_NAMED: usize = 20;

/// The lines of a source that are not named. It stands at no line, so that what is accepted on one line is not accepted on all.
fn rest(context: &Context<'_>, source: SourceId, more: usize) -> Diagnostic {
    let name = context.spot(Origin::of(source));
    let (lines, verb) = if more == 1 { ("line", "is") } else { ("lines", "are") };
    Diagnostic::new(&INFO, format!("{more} more {lines} of {name} {verb} unreadable"))
        .at(Place::Source(context.snapshot().source(source).name.to_string()))
        .help("look whether the file has the format that its name says")
}

fn finding(context: &Context<'_>, problem: &SourceProblem) -> Diagnostic {
    let mut finding = Diagnostic::new(&INFO, problem.message.as_str());
    if problem.goes_on {
        finding.severity = Severity::Warning;
    }
    let finding = match problem.key {
        Some(key) => {
            let view = context.key(key);
            finding.about(key, view.key.variable.as_ref()).at(context.place_of(problem.origin, &view.name(problem.set_as)))
        }
        None => finding.at(match context.place_of(problem.origin, "") {
            // A place without the name of a variable is the source as a whole.
            Place::Variable(_) => Place::Source(context.spot(problem.origin)),
            place => place,
        }),
    };
    if problem.help.is_empty() { finding } else { finding.help(problem.help.as_str()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{Case, check, text};

    #[test]
    fn says_what_the_source_says() {
        check(
            &UnreadableSource,
            Case::new(&[text("HOST")]).problem(".env", 3, "a line here is not NAME=value", None).problem(
                ".env",
                4,
                "the quote of HOST is never closed",
                Some("HOST"),
            ),
            "\
error: a line here is not NAME=value
  about -, at .env:3:1
  help: write NAME=value
error: the quote of HOST is never closed
  about HOST #0, at .env:4:1
  help: write NAME=value",
        );
        check(&UnreadableSource, Case::new(&[text("HOST")]), "");
    }

    #[test]
    fn counts_the_lines_beyond_the_twentieth() {
        let case =
            (1..=25).fold(Case::new(&[text("HOST")]), |case, line| case.problem(".env", line, "a line here is not NAME=value", None));
        let (schema, snapshot) = case.problem(".env", 26, "the quote of HOST is never closed", Some("HOST")).finish();
        let report = crate::check(&schema, &snapshot, &crate::Policy::new());
        let messages: Vec<&str> = report.of_rule("unreadable-source").map(|finding| finding.message.as_str()).collect();
        assert_eq!(messages.len(), 22);
        assert_eq!(messages[20..], ["5 more lines of .env are unreadable", "the quote of HOST is never closed"]);
    }

    #[test]
    fn names_the_environment_as_a_whole() {
        let case = Case::new(&[text("HOST")]).with(|snapshot| {
            let problem = SourceProblem {
                origin: Origin::of(SourceId(1)),
                message: "too large".into(),
                help: String::new(),
                key: None,
                set_as: configcheck_core::snapshot::SetAs::Name,
                goes_on: false,
            };
            snapshot.problems.push(problem);
        });
        check(&UnreadableSource, case, "error: too large\n  about -, at the environment");
    }
}
