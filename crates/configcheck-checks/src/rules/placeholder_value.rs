//! `placeholder-value`: in a deployed environment, or in one that is not known, a value is still the text that stood in for it.

use configcheck_core::origin::Layer;
use configcheck_core::schema::{Aspect, Sensitivity, TypeSpec};
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::placeholder::{Within, is_placeholder};
use crate::context::{Context, KeyView};

pub(super) struct PlaceholderValue;

static INFO: RuleInfo = RuleInfo {
    name: "placeholder-value",
    code: "CC010",
    severity: Severity::Error,
    summary: "A value is still a placeholder in staging or production; of secrets also where the environment is not known.",
    page: include_str!("placeholder_value.md"),
};

impl Rule for PlaceholderValue {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.is_deployed() || lacks_environment(context)
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Secret]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            if let Some(severity) = severity(context, &view) {
                let mut finding = finding(context, &view);
                finding.severity = severity;
                findings.push(finding);
            }
        }
    }
}

/// Whether the environment must be known and is not: it may be one where customers are.
fn lacks_environment(context: &Context<'_>) -> bool {
    context.environment().is_none() && context.demands_environment()
}

/// How much it weighs; `None` for a value that is no placeholder.
fn severity(context: &Context<'_>, view: &KeyView<'_>) -> Option<Severity> {
    let spec = view.key.spec;
    let is_secret = spec.is_secret();
    let is_default = view.slot.layer() == Some(Layer::Default);
    if !is_free_text(&spec.type_spec) || (is_default && !is_secret) || (!is_secret && !context.is_deployed()) {
        return None;
    }
    // Who gave an environment, be it a mistyped one, is deploying. Where none was given this may be a developer's machine.
    let is_chosen = context.is_deployed() || context.snapshot().environment_origin.is_some();
    // Of a field that is no secret any of these may well be a good value: a name, a template, the example's region.
    let severity = if is_secret && is_chosen { Severity::Error } else { Severity::Warning };
    let within = match spec.type_spec {
        _ if is_secret => Within::Secret,
        TypeSpec::List(_) => Within::PlainList,
        _ => Within::Plain,
    };
    if view.any_item(|text| is_placeholder(text, within)) {
        return Some(severity);
    }
    // Of a key that nobody classified the example is as often the default: `CACHE_DRIVER=file` in a `.env.example`.
    let example = spec.example.filter(|_| spec.sensitivity != Sensitivity::Hidden)?;
    view.slot.satisfies(|text| text == example).then_some(severity)
}

/// Whether the type takes nearly any text. Of the others, a word that looks like a placeholder is a word of the type.
fn is_free_text(type_spec: &TypeSpec) -> bool {
    match type_spec {
        TypeSpec::Text | TypeSpec::Bytes | TypeSpec::Url | TypeSpec::Path | TypeSpec::Other => true,
        TypeSpec::List(item) => is_free_text(item),
        _ => false,
    }
}

fn finding(context: &Context<'_>, view: &KeyView<'_>) -> Diagnostic {
    let variable = &view.key.variable;
    let finding = context
        .finding(&INFO, view, format!("{variable} still holds a placeholder"))
        .expected(context.expectation(view))
        .help(format!("put the real value of {} there", context.environment_name()));
    if view.key.spec.is_secret() {
        return finding.help("a secret that has been in use like this must count as known to everybody");
    }
    finding.help("if it is the real value, accept the finding in the policy, with the reason")
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{DefaultSpec, FieldSpec};

    use super::*;
    use crate::rules::testing::{Case, check, check_value, environment, secret, text, url};

    #[test]
    fn finds_placeholders_where_customers_are() {
        check(
            &PlaceholderValue,
            Case::new(&[secret("JWT_SECRET"), text("BUCKET")])
                .in_environment("production")
                .set("JWT_SECRET", "your-secret-here")
                .set("BUCKET", "<bucket>"),
            "\
error: JWT_SECRET still holds a placeholder
  about JWT_SECRET #0, at environment variable JWT_SECRET
  expected: text in UTF-8
  help: put the real value of production there
  help: a secret that has been in use like this must count as known to everybody
warning: BUCKET still holds a placeholder
  about BUCKET #1, at environment variable BUCKET
  expected: text in UTF-8
  found: <bucket>
  help: put the real value of production there
  help: if it is the real value, accept the finding in the policy, with the reason",
        );
    }

    #[test]
    fn decides_by_environment_type_and_layer() {
        check_value(&PlaceholderValue, &secret("JWT_SECRET"), "staging", "changeme", true);
        check_value(&PlaceholderValue, &secret("JWT_SECRET"), "development", "changeme", false);
        check_value(&PlaceholderValue, &secret("DB_PASSWORD"), "production", "password", true);
        check_value(&PlaceholderValue, &text("FIELD"), "production", "password", false);
        check_value(&PlaceholderValue, &url("DATABASE_URL"), "production", "postgres://app:${PASSWORD}@db/shop", false);
        check_value(&PlaceholderValue, &url("DATABASE_URL"), "production", "${DATABASE_URL}", true);
        check_value(&PlaceholderValue, &url("API"), "production", "https://example.com", false);
        let choice = FieldSpec { type_spec: TypeSpec::Choice(&["dummy", "real"]), ..text("MAILER") };
        check_value(&PlaceholderValue, &choice, "production", "dummy", false);
        let list = FieldSpec { type_spec: TypeSpec::List(&TypeSpec::Text), ..text("HOSTS") };
        check_value(&PlaceholderValue, &list, "production", "db, todo", false);
        check_value(&PlaceholderValue, &list, "production", "db, <host>", true);
        check_value(&PlaceholderValue, &text("APP_NAME"), "production", "todo", true);
        let defaults = &[DefaultSpec { environments: &[], text: "example" }];
        check(&PlaceholderValue, Case::new(&[FieldSpec { defaults, ..text("NAME") }]).in_environment("production"), "");
    }

    #[test]
    fn an_unknown_environment_may_be_one_where_customers_are() {
        let case = || {
            let fields = [environment("APP_ENV"), secret("JWT_SECRET"), text("BUCKET")];
            Case::new(&fields).set("JWT_SECRET", "changeme").set("BUCKET", "<bucket>")
        };
        let expected = |severity: &str| {
            format!(
                "\
{severity}: JWT_SECRET still holds a placeholder
  about JWT_SECRET #1, at environment variable JWT_SECRET
  expected: text in UTF-8
  help: put the real value of this environment there
  help: a secret that has been in use like this must count as known to everybody"
            )
        };
        check(&PlaceholderValue, case(), &expected("warning"));
        check(&PlaceholderValue, case().given_environment("APP_ENV", "prodution"), &expected("error"));
        check(&PlaceholderValue, Case::new(&[secret("JWT_SECRET")]).set("JWT_SECRET", "changeme"), "");
        let optional = FieldSpec { optional: true, ..environment("APP_ENV") };
        check(&PlaceholderValue, Case::new(&[optional, secret("JWT_SECRET")]).set("JWT_SECRET", "changeme"), "");
    }

    #[test]
    fn compares_with_the_example() {
        let example = "postgres://user:password@host/orders";
        check_value(&PlaceholderValue, &FieldSpec { example: Some(example), ..secret("DATABASE_URL") }, "production", example, true);
        check_value(&PlaceholderValue, &FieldSpec { example: Some("8080"), ..secret("PIN") }, "production", "8081", false);
        let unclassified = FieldSpec { sensitivity: Sensitivity::Hidden, example: Some("file"), ..text("CACHE_DRIVER") };
        check_value(&PlaceholderValue, &unclassified, "production", "file", false);
        check_value(&PlaceholderValue, &unclassified, "production", "<driver>", true);
        check(
            &PlaceholderValue,
            Case::new(&[FieldSpec { example: Some("eu-central-1"), ..text("REGION") }])
                .in_environment("production")
                .set("REGION", "eu-central-1"),
            "\
warning: REGION still holds a placeholder
  about REGION #0, at environment variable REGION
  expected: text in UTF-8
  found: eu-central-1
  help: put the real value of production there
  help: if it is the real value, accept the finding in the policy, with the reason",
        );
    }
}
