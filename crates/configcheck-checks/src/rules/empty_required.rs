//! `empty-required`: a value is demanded, and the key is set to nothing.

use configcheck_core::schema::{Aspect, TypeSpec};
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, Marks};

pub(super) struct EmptyRequired;

static INFO: RuleInfo = RuleInfo {
    name: "empty-required",
    code: "CC004",
    severity: Severity::Error,
    summary: "A required value is set to nothing.",
    page: include_str!("empty_required.md"),
};

impl Rule for EmptyRequired {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.saw(Marks::EMPTY)
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Required]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            let Some(origin) = view.slot.empty() else { continue };
            if view.slot.resolved().is_some() || !context.lacks_value(&view) {
                continue;
            }
            let variable = &view.key.variable;
            let message = format!("{variable} is set to nothing in {}", context.spot(origin));
            let mut finding = context
                .finding(&INFO, &view, message)
                .at(context.place_of(origin, variable))
                .expected(context.expectation(&view))
                .help(format!("give {variable} a value: set to nothing counts as not set"));
            if let Some(example) = view.example() {
                finding = finding.help(format!("an example: {variable}={example}"));
            }
            if matches!(view.key.spec.type_spec, TypeSpec::Text | TypeSpec::List(_) | TypeSpec::Path) {
                finding = finding.help("where nothing is a good value, the field says so: #[config(allow_empty)]");
            }
            findings.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{DefaultSpec, FieldSpec};

    use super::*;
    use crate::rules::testing::{Case, check, environment, integer, text};

    #[test]
    fn says_where_the_key_is_set_to_nothing() {
        check(
            &EmptyRequired,
            Case::new(&[FieldSpec { example: Some("8080"), ..integer("PORT") }]).dotenv(".env", 3, "PORT", ""),
            "\
error: PORT is set to nothing in .env:3
  about PORT #0, at .env:3:1
  expected: a whole number from 0 to 65535
  help: give PORT a value: set to nothing counts as not set
  help: an example: PORT=8080",
        );
        check(
            &EmptyRequired,
            Case::new(&[text("HOST")]).set("HOST", ""),
            "\
error: HOST is set to nothing in the environment
  about HOST #0, at environment variable HOST
  expected: text in UTF-8
  help: give HOST a value: set to nothing counts as not set
  help: where nothing is a good value, the field says so: #[config(allow_empty)]",
        );
    }

    #[test]
    fn leaves_alone_what_has_a_value_or_needs_none() {
        check(&EmptyRequired, Case::new(&[integer("PORT")]).dotenv(".env", 3, "PORT", "8080").set("PORT", ""), "");
        check(&EmptyRequired, Case::new(&[FieldSpec { optional: true, ..integer("PORT") }]).set("PORT", ""), "");
        let defaults = &[DefaultSpec { environments: &["development"], text: "8080" }];
        let unknown_environment = Case::new(&[environment("APP_ENV"), FieldSpec { defaults, ..integer("PORT") }]).set("PORT", "");
        check(&EmptyRequired, unknown_environment, "");
    }
}
