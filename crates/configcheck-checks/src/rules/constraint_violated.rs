//! `constraint-violated`: the value has its type and does not satisfy what the field, or its struct, asks for beyond it.

use configcheck_core::constraint::{Check, Constraint};
use configcheck_core::display::Shown;
use configcheck_core::origin::Layer;
use configcheck_core::schema::{Aspect, TypeSpec};
use configcheck_core::snapshot::{StructViolation, Violation};
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView, Marks, listed};

pub(super) struct ConstraintViolated;

static INFO: RuleInfo = RuleInfo {
    name: "constraint-violated",
    code: "CC003",
    severity: Severity::Error,
    summary: "A value does not satisfy a constraint of its field or its struct.",
    page: include_str!("constraint_violated.md"),
};

/// The most variables that a finding about a struct names.
const MOST_NAMED: usize = 8;

impl Rule for ConstraintViolated {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.saw(Marks::VIOLATED) || !context.snapshot().struct_violations.is_empty()
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Type]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            findings.extend(view.slot.violations().iter().map(|violation| of_field(context, &view, violation)));
        }
        findings.extend(context.snapshot().struct_violations.iter().map(|violation| of_struct(context, violation)));
    }
}

fn of_field(context: &Context<'_>, view: &KeyView<'_>, violation: &Violation) -> Diagnostic {
    let variable = &view.key.variable;
    let constraint = view.key.spec.constraints.get(violation.constraint);
    let said = violation.message.as_deref().filter(|_| !view.key.spec.hides_value());
    let message = match (said, constraint) {
        // The words of a service's function may quote the value; they are shown like one.
        (Some(said), _) => format!("{variable}: {}", Shown::of(said).as_str()),
        (None, Some(Constraint { message: Some(message), .. })) => format!("{variable}: {message}"),
        (None, Some(constraint @ Constraint { check: Check::Length { .. }, .. })) => {
            format!("{variable} does not have {}", constraint.expectation())
        }
        (None, Some(constraint)) => format!("{variable} is not {}", constraint.expectation()),
        (None, None) => format!("{variable} does not satisfy a constraint of its field"),
    };
    let mut finding = context.finding(&INFO, view, message);
    finding.expected = constraint.map(Constraint::expectation);
    finding.help(what_to_do(view, constraint))
}

fn what_to_do(view: &KeyView<'_>, constraint: Option<&Constraint>) -> String {
    let variable = &view.key.variable;
    let is_text = matches!(view.key.spec.type_spec, TypeSpec::Text | TypeSpec::Bytes);
    let asks_for_more = matches!(constraint, Some(Constraint { check: Check::Length { min: Some(_), .. }, .. }));
    if view.slot.layer() == Some(Layer::Default) {
        format!("the value is the default of the schema: set {variable}, or change the default")
    } else if view.key.spec.is_secret() && is_text && asks_for_more {
        "make a new one, for example with `openssl rand -base64 48`".to_owned()
    } else if let Some(example) = view.example() {
        format!("an example: {example}")
    } else {
        format!("change the value of {variable} at the place above")
    }
}

fn of_struct(context: &Context<'_>, violation: &StructViolation) -> Diagnostic {
    let said = Shown::of(&violation.message);
    let (name, key) = match violation.path.as_str() {
        "" => ("the settings".to_owned(), None),
        path => (format!("the settings of {path}"), Some(path.to_owned())),
    };
    let mut finding = Diagnostic::new(&INFO, format!("{name} do not agree: {}", said.as_str()));
    finding.key = key;
    finding.key_index = Some(violation.first_key);
    let first = context.key(violation.first_key);
    let variables: Vec<&str> = context.siblings(&first).map(|view| &*view.key.variable).collect();
    let some = listed(&variables[..variables.len().min(MOST_NAMED)], "and");
    let more = variables.len().checked_sub(MOST_NAMED).filter(|more| *more > 0);
    let more = more.map_or_else(String::new, |more| format!(", and {more} more"));
    if variables.is_empty() { finding } else { finding.help(format!("the check is over {some}{more}: change one of them")) }
}

#[cfg(test)]
mod tests {
    use configcheck_core::constraint::Number;
    use configcheck_core::schema::{DefaultSpec, FieldSpec};

    use super::*;
    use crate::rules::testing::{Case, check, integer, secret, text};

    const LENGTH: Constraint = Constraint { check: Check::Length { min: Some(32), max: None, equal: None }, message: None, code: None };
    const AT_LEAST_ONE: Constraint = Constraint {
        check: Check::Range { min: Some(Number::Integer(1)), max: None, exclusive_min: None, exclusive_max: None },
        message: None,
        code: None,
    };
    const OWN_WORDS: Constraint = Constraint { message: Some("workers come in pairs"), ..AT_LEAST_ONE };
    const CUSTOM: Constraint = Constraint { check: Check::Custom("is_region"), message: None, code: None };

    #[test]
    fn says_what_is_asked_for() {
        let field = FieldSpec { constraints: &[AT_LEAST_ONE], ..integer("POOL_SIZE") };
        check(
            &ConstraintViolated,
            Case::new(&[field]).config("config.toml", 7, "POOL_SIZE", "0"),
            "\
error: POOL_SIZE is not a number of at least 1
  about POOL_SIZE #0, at config.toml:7:1
  expected: a number of at least 1
  found: 0
  help: change the value of POOL_SIZE at the place above",
        );
        check(&ConstraintViolated, Case::new(&[field]).set("POOL_SIZE", "1"), "");
    }

    #[test]
    fn shows_nothing_of_a_secret() {
        let field = FieldSpec { constraints: &[LENGTH], ..secret("JWT_SECRET") };
        check(
            &ConstraintViolated,
            Case::new(&[field]).set("JWT_SECRET", "fake-and-short"),
            "\
error: JWT_SECRET does not have a length of at least 32
  about JWT_SECRET #0, at environment variable JWT_SECRET
  expected: a length of at least 32
  help: make a new one, for example with `openssl rand -base64 48`",
        );
        let field = FieldSpec { constraints: &[CUSTOM], ..secret("JWT_SECRET") };
        let case = Case::new(&[field]).set("JWT_SECRET", "fake-and-short").violation("JWT_SECRET", 0, Some("fake-and-short is bad"));
        check(
            &ConstraintViolated,
            case,
            "\
error: JWT_SECRET is not a value that is_region accepts
  about JWT_SECRET #0, at environment variable JWT_SECRET
  expected: a value that is_region accepts
  help: change the value of JWT_SECRET at the place above",
        );
    }

    #[test]
    fn uses_the_words_of_the_author() {
        let defaults = &[DefaultSpec { environments: &[], text: "0" }];
        check(
            &ConstraintViolated,
            Case::new(&[FieldSpec { constraints: &[OWN_WORDS], defaults, ..integer("WORKERS") }]),
            "\
error: WORKERS: workers come in pairs
  about WORKERS #0, at the schema
  expected: workers come in pairs
  found: 0
  help: the value is the default of the schema: set WORKERS, or change the default",
        );
        let field = FieldSpec { constraints: &[CUSTOM], example: Some("eu-central-1"), ..text("REGION") };
        check(
            &ConstraintViolated,
            Case::new(&[field]).set("REGION", "mars").violation("REGION", 0, Some("mars\u{1b}[31m is far")),
            "\
error: REGION: mars\\u{1b}[31m is far
  about REGION #0, at environment variable REGION
  expected: a value that is_region accepts
  found: mars
  help: an example: eu-central-1",
        );
    }

    #[test]
    fn says_which_settings_do_not_agree() {
        check(
            &ConstraintViolated,
            Case::new(&[text("TLS_CERT"), text("TLS_KEY")]).struct_violation("", 0, "a key without its certificate"),
            "\
error: the settings do not agree: a key without its certificate
  about - #0, at not set anywhere
  help: the check is over TLS_CERT and TLS_KEY: change one of them",
        );
        let names = ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10"];
        let fields: Vec<FieldSpec> = names.into_iter().map(text).collect();
        check(
            &ConstraintViolated,
            Case::new(&fields).struct_violation("tls", 3, "no"),
            "\
error: the settings of tls do not agree: no
  about tls #3, at not set anywhere
  help: the check is over A1, A2, A3, A4, A5, A6, A7 and A8, and 2 more: change one of them",
        );
    }
}
