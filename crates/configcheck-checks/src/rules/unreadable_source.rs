//! `unreadable-source`: a source could not be read, or a part of it could not.

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
        findings.extend(context.snapshot().problems.iter().map(|problem| finding(context, problem)));
    }
}

fn finding(context: &Context<'_>, problem: &SourceProblem) -> Diagnostic {
    let finding = Diagnostic::new(&INFO, problem.message.as_str());
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
    use configcheck_core::origin::{Origin, SourceId};

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
    fn names_the_environment_as_a_whole() {
        let case = Case::new(&[text("HOST")]).with(|snapshot| {
            let problem = SourceProblem {
                origin: Origin::of(SourceId(1)),
                message: "too large".into(),
                help: String::new(),
                key: None,
                set_as: configcheck_core::snapshot::SetAs::Name,
            };
            snapshot.problems.push(problem);
        });
        check(&UnreadableSource, case, "error: too large\n  about -, at the environment");
    }
}
