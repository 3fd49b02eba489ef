//! `ignored-dotenv`: only a `.env` file sets the key, and `.env` files are not read in this environment.

use configcheck_core::origin::Origin;
use configcheck_core::schema::Aspect;
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView, Marks};

pub(super) struct IgnoredDotenv;

static INFO: RuleInfo = RuleInfo {
    name: "ignored-dotenv",
    code: "CC020",
    severity: Severity::Error,
    summary: "Only a .env file sets a key, and .env files are not read here; a note when the key is not required.",
    page: include_str!("ignored_dotenv.md"),
};

impl Rule for IgnoredDotenv {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.saw(Marks::IGNORED)
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Required]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            let is_explained = view.slot.empty().is_some() || view.slot.resolved().is_some() || context.waits_for_environment(&view);
            if let Some(origin) = view.slot.ignored().filter(|_| !is_explained && !view.slot.is_set()) {
                findings.push(finding(context, &view, origin));
            }
        }
    }
}

fn finding(context: &Context<'_>, view: &KeyView<'_>, origin: Origin) -> Diagnostic {
    let variable = &view.key.variable;
    let file = context.snapshot().source(origin.source);
    let name = configcheck_core::display::escaped(&file.name);
    let message = match context.environment() {
        Some(environment) => format!("{variable} is set only in {name}, which is not read in {environment}"),
        None => format!("{variable} is set only in {name}, which is not read without an environment"),
    };
    // What is shown of the value that decides would be the default here, which is not what stands at this place.
    let mut finding = Diagnostic::new(&INFO, message).about(view.index, variable.as_ref()).at(context.place_of(origin, variable));
    if context.lacks_value(view) {
        finding = finding.expected(context.expectation(view));
    } else {
        finding.severity = Severity::Note;
        if view.slot.winner.is_some() {
            finding = finding.help(format!("the default of {variable} decides here"));
        }
    }
    finding
        .help(format!("set {variable} where the process is started, or name a file that holds it: {variable}_FILE=/path"))
        .help(".env files are for development and test: elsewhere a file left behind would decide unseen")
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{DefaultSpec, FieldSpec};

    use super::*;
    use crate::rules::testing::{Case, check, environment, text};

    #[test]
    fn says_which_file_had_it() {
        check(
            &IgnoredDotenv,
            Case::new(&[text("DATABASE_URL")]).in_environment("production").ignored(".env", 7, "DATABASE_URL"),
            "\
error: DATABASE_URL is set only in .env, which is not read in production
  about DATABASE_URL #0, at .env:7:1
  expected: text in UTF-8
  help: set DATABASE_URL where the process is started, or name a file that holds it: DATABASE_URL_FILE=/path
  help: .env files are for development and test: elsewhere a file left behind would decide unseen",
        );
    }

    #[test]
    fn an_unknown_environment_is_enough_of_a_finding() {
        check(&IgnoredDotenv, Case::new(&[environment("APP_ENV"), text("HOST")]).ignored(".env", 7, "HOST"), "");
        check(
            &IgnoredDotenv,
            Case::new(&[text("HOST")]).ignored(".env", 7, "HOST"),
            "\
error: HOST is set only in .env, which is not read without an environment
  about HOST #0, at .env:7:1
  expected: text in UTF-8
  help: set HOST where the process is started, or name a file that holds it: HOST_FILE=/path
  help: .env files are for development and test: elsewhere a file left behind would decide unseen",
        );
    }

    #[test]
    fn is_a_note_where_the_key_is_not_required() {
        let field = FieldSpec { defaults: &[DefaultSpec { environments: &[], text: "db" }], ..text("HOST") };
        check(
            &IgnoredDotenv,
            Case::new(&[field, FieldSpec { optional: true, ..text("REGION") }])
                .in_environment("production")
                .ignored(".env", 7, "HOST")
                .ignored(".env", 8, "REGION"),
            "\
note: HOST is set only in .env, which is not read in production
  about HOST #0, at .env:7:1
  help: the default of HOST decides here
  help: set HOST where the process is started, or name a file that holds it: HOST_FILE=/path
  help: .env files are for development and test: elsewhere a file left behind would decide unseen
note: REGION is set only in .env, which is not read in production
  about REGION #1, at .env:8:1
  help: set REGION where the process is started, or name a file that holds it: REGION_FILE=/path
  help: .env files are for development and test: elsewhere a file left behind would decide unseen",
        );
        check(&IgnoredDotenv, Case::new(&[text("HOST")]).in_environment("production").ignored(".env", 7, "HOST").set("HOST", "db"), "");
    }
}
