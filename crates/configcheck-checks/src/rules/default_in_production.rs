//! `default-in-production`: the default decides in an environment where the field forbids it.

use configcheck_core::origin::Layer;
use configcheck_core::schema::Aspect;
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, Marks};

pub(super) struct DefaultInProduction;

static INFO: RuleInfo = RuleInfo {
    name: "default-in-production",
    code: "CC011",
    severity: Severity::Error,
    summary: "A default decides in an environment where the field forbids it.",
    page: include_str!("default_in_production.md"),
};

impl Rule for DefaultInProduction {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.environment().is_some() && context.saw(Marks::FORBIDS_DEFAULT)
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Default]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let Some(environment) = context.environment() else { return };
        for view in context.keys() {
            if view.slot.layer() != Some(Layer::Default) || view.slot.is_elsewhere() || !environment.is_in(view.key.spec.forbid_default_in)
            {
                continue;
            }
            let message = format!("{} has only its default, which may not decide in {environment}", view.key.variable);
            findings.push(
                context.finding(&INFO, &view, message).expected(format!("a value of {environment}'s own")).help(context.how_to_set(&view)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{DefaultSpec, FieldSpec};

    use super::*;
    use crate::rules::testing::{Case, check, text};

    #[test]
    fn demands_a_value_where_the_default_is_forbidden() {
        let defaults = &[DefaultSpec { environments: &[], text: "http://user:fake@mail" }];
        let field = FieldSpec { defaults, forbid_default_in: &["production"], ..text("MAIL_HOST") };
        check(
            &DefaultInProduction,
            Case::new(&[field]).in_environment("prod"),
            "\
error: MAIL_HOST has only its default, which may not decide in production
  about MAIL_HOST #0, at the schema
  expected: a value of production's own
  found: http://***@mail
  help: set MAIL_HOST in the environment, or name a file that holds it: MAIL_HOST_FILE=/path",
        );
        check(&DefaultInProduction, Case::new(&[field]).in_environment("staging"), "");
        check(&DefaultInProduction, Case::new(&[field]).in_environment("production").set("MAIL_HOST", "mail"), "");
        check(&DefaultInProduction, Case::new(&[field]), "");
    }
}
