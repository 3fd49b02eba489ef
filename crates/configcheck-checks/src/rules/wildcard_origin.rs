//! `wildcard-origin`: in production every origin is allowed.

use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView};

pub(super) struct WildcardOrigin;

static INFO: RuleInfo = RuleInfo {
    name: "wildcard-origin",
    code: "CC017",
    severity: Severity::Warning,
    summary: "Every origin is allowed in production.",
    page: include_str!("wildcard_origin.md"),
};

impl Rule for WildcardOrigin {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.is_production()
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            if allows_all(&view) && is_about_origins(&view.key.variable) {
                findings.push(
                    context
                        .finding(&INFO, &view, format!("{} allows everybody", view.key.variable))
                        .expected("the origins that are yours, such as https://shop.example.com")
                        .help(format!("list the origins in {} instead of *", view.key.variable))
                        .help("for a public interface without cookies, accept the finding in the policy, with the reason"),
                );
            }
        }
    }
}

fn allows_all(view: &KeyView<'_>) -> bool {
    let separator = view.key.spec.separator;
    // Whatever the type: a list that a service splits by itself is a text here.
    view.slot.satisfies(|text| text.contains('*') && text.split(separator).any(|item| item.trim_matches(' ') == "*"))
}

fn is_about_origins(variable: &str) -> bool {
    variable.split('_').any(|word| word.eq_ignore_ascii_case("ORIGIN") || word.eq_ignore_ascii_case("ORIGINS"))
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{FieldSpec, TypeSpec};

    use super::*;
    use crate::rules::testing::{Case, check, check_value, text};

    #[test]
    fn names_the_variable() {
        check(
            &WildcardOrigin,
            Case::new(&[text("ALLOWED_ORIGINS")]).in_environment("production").set("ALLOWED_ORIGINS", "*"),
            "\
warning: ALLOWED_ORIGINS allows everybody
  about ALLOWED_ORIGINS #0, at environment variable ALLOWED_ORIGINS
  expected: the origins that are yours, such as https://shop.example.com
  found: *
  help: list the origins in ALLOWED_ORIGINS instead of *
  help: for a public interface without cookies, accept the finding in the policy, with the reason",
        );
    }

    #[test]
    fn decides_by_name_value_and_environment() {
        for name in ["CORS_ORIGIN", "CORS_ORIGINS_ALLOWED", "origins"] {
            check_value(&WildcardOrigin, &text(name), "production", "*", true);
            check_value(&WildcardOrigin, &text(name), "staging", "*", false);
            check_value(&WildcardOrigin, &text(name), "production", "https://*.example.com", false);
        }
        let list = FieldSpec { type_spec: TypeSpec::List(&TypeSpec::Text), ..text("ORIGINS") };
        check_value(&WildcardOrigin, &list, "production", "https://a.example.com, *", true);
        for name in ["SCHEDULE", "ORIGINAL", "HOSTS", "ALLOWED_USERS", "CORS_HEADERS", "DJANGO_ALLOWED_HOSTS"] {
            check_value(&WildcardOrigin, &text(name), "production", "*", false);
        }
    }
}
