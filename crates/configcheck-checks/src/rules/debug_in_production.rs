//! `debug-in-production`: debugging is on, or logs are as talkative as on a developer's machine.

use configcheck_core::schema::TypeSpec;
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView};

pub(super) struct DebugInProduction;

static INFO: RuleInfo = RuleInfo {
    name: "debug-in-production",
    code: "CC018",
    severity: Severity::Warning,
    summary: "Debugging or talkative logging is on in production.",
    page: include_str!("debug_in_production.md"),
};

impl Rule for DebugInProduction {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.is_production()
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            // The value first: it is almost never one that matters, and the name is longer to look at.
            if view.slot.satisfies(is_on) && is_switch(&view) {
                findings.push(finding(context, &view, "false"));
            } else if takes_words(&view.key.spec.type_spec) && is_level(&view) && view.slot.satisfies(is_talkative) {
                findings.push(finding(context, &view, "info or higher"));
            }
        }
    }
}

fn finding(context: &Context<'_>, view: &KeyView<'_>, expected: &str) -> Diagnostic {
    let variable = &view.key.variable;
    context
        .finding(&INFO, view, format!("{variable} switches debugging on in {}", context.environment_name()))
        .expected(expected)
        .help(format!("set {variable} to {expected}: what is written for debugging may hold data of customers"))
        .help("while you look for a fault, accept the finding in the policy, with the reason")
}

/// `DEBUG`, `SQL_DEBUG`. A trace is no debugging: it is how requests are followed in production.
fn is_switch(view: &KeyView<'_>) -> bool {
    view.ends_in("DEBUG")
}

fn is_on(text: &str) -> bool {
    matches!(text, "true" | "1")
}

/// `LOG_LEVEL`, `RUST_LOG`, `SHOP_LOG_FILTER`.
fn is_level(view: &KeyView<'_>) -> bool {
    ["LOG_LEVEL", "LOG", "LOG_FILTER", "LOGLEVEL"].iter().any(|word| view.ends_in(word))
}

fn takes_words(type_spec: &TypeSpec) -> bool {
    matches!(type_spec, TypeSpec::Text | TypeSpec::Choice(_) | TypeSpec::Other)
}

/// `debug` or `trace`, for everything or, as in `info,sqlx=debug`, for a part.
fn is_talkative(text: &str) -> bool {
    text.split(',').any(|directive| {
        let level = directive.rsplit('=').next().unwrap_or_default().trim_matches(' ');
        level.eq_ignore_ascii_case("debug") || level.eq_ignore_ascii_case("trace")
    })
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::FieldSpec;

    use super::*;
    use crate::rules::testing::{Case, check, check_value, text};

    #[test]
    fn names_the_variable_and_what_is_expected() {
        check(
            &DebugInProduction,
            Case::new(&[FieldSpec { type_spec: TypeSpec::Bool, ..text("DEBUG") }, text("LOG_LEVEL")])
                .in_environment("production")
                .set("DEBUG", "true")
                .set("LOG_LEVEL", "debug"),
            "\
warning: DEBUG switches debugging on in production
  about DEBUG #0, at environment variable DEBUG
  expected: false
  found: true
  help: set DEBUG to false: what is written for debugging may hold data of customers
  help: while you look for a fault, accept the finding in the policy, with the reason
warning: LOG_LEVEL switches debugging on in production
  about LOG_LEVEL #1, at environment variable LOG_LEVEL
  expected: info or higher
  found: debug
  help: set LOG_LEVEL to info or higher: what is written for debugging may hold data of customers
  help: while you look for a fault, accept the finding in the policy, with the reason",
        );
    }

    #[test]
    fn decides_by_name_and_value() {
        for (name, value) in [("SQL_DEBUG", "1"), ("RUST_LOG", "info,sqlx=DEBUG"), ("APP_LOG_FILTER", "trace"), ("loglevel", "Trace")] {
            check_value(&DebugInProduction, &text(name), "production", value, true);
            check_value(&DebugInProduction, &text(name), "staging", value, false);
        }
        for (name, value) in [
            ("DEBUG", "false"),
            ("DEBUG_PORT", "1"),
            ("TRACE", "true"),
            ("HTTP_TRACE", "true"),
            ("NODE_ENV", "debug"),
            ("LOG_LEVEL", "info"),
            ("RUST_LOG", "info,debugger=warn"),
            ("WATER_LEVEL", "debug"),
            ("BACKLOG", "debug"),
        ] {
            check_value(&DebugInProduction, &text(name), "production", value, false);
        }
    }
}
