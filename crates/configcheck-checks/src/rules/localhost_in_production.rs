//! `localhost-in-production`: a value leads to the machine itself, which in production is seldom where the other service runs.

use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::address::{Address, is_this_machine, is_unspecified, may_be_address};
use crate::context::{Context, KeyView};

pub(super) struct LocalhostInProduction;

static INFO: RuleInfo = RuleInfo {
    name: "localhost-in-production",
    code: "CC016",
    severity: Severity::Warning,
    summary: "An address in production leads to the machine itself.",
    page: include_str!("localhost_in_production.md"),
};

/// Ends of names that say where the service itself listens.
const LISTENERS: [&str; 5] = ["BIND", "LISTEN", "HOST", "ADDR", "ADDRESS"];

impl Rule for LocalhostInProduction {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.is_production()
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            if may_be_address(&view.key.spec.type_spec) && view.any_item(is_local) && !is_listener(&view) {
                findings.push(finding(context, &view));
            }
        }
    }
}

fn is_local(text: &str) -> bool {
    Address::of(text).is_some_and(|address| address.hosts().any(|host| is_this_machine(host) || is_unspecified(host)))
}

fn is_listener(view: &KeyView<'_>) -> bool {
    LISTENERS.iter().any(|word| view.ends_in(word))
}

fn finding(context: &Context<'_>, view: &KeyView<'_>) -> Diagnostic {
    context
        .finding(&INFO, view, format!("{} leads to the machine itself", view.key.variable))
        .expected("the address of the service that is meant")
        .help(format!("set {} to the address that is right in {}", view.key.variable, context.environment_name()))
        .help("where a proxy runs beside the service, accept the finding in the policy, with the reason")
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{DefaultSpec, FieldSpec, Sensitivity, TypeSpec};

    use super::*;
    use crate::rules::testing::{Case, check, check_value, text, url};

    #[test]
    fn finds_defaults_that_were_made_for_development() {
        let defaults = &[DefaultSpec { environments: &[], text: "redis://localhost:6379" }];
        let database = FieldSpec { sensitivity: Sensitivity::Secret, ..url("DATABASE_URL") };
        check(
            &LocalhostInProduction,
            Case::new(&[FieldSpec { defaults, ..url("REDIS_URL") }, database])
                .in_environment("production")
                .set("DATABASE_URL", "postgres://app:fake-password@127.0.0.1/shop"),
            "\
warning: REDIS_URL leads to the machine itself
  about REDIS_URL #0, at the schema
  expected: the address of the service that is meant
  found: redis://localhost:6379
  help: set REDIS_URL to the address that is right in production
  help: where a proxy runs beside the service, accept the finding in the policy, with the reason
warning: DATABASE_URL leads to the machine itself
  about DATABASE_URL #1, at environment variable DATABASE_URL
  expected: the address of the service that is meant
  help: set DATABASE_URL to the address that is right in production
  help: where a proxy runs beside the service, accept the finding in the policy, with the reason",
        );
    }

    #[test]
    fn knows_addresses_of_the_machine_itself() {
        for value in
            ["localhost:9092", "http://LOCALHOST/", "127.0.0.1:80", "http://[::1]:80", "http://0.0.0.0:80", "tcp://host.docker.internal:1"]
        {
            check_value(&LocalhostInProduction, &text("BROKER"), "production", value, true);
            check_value(&LocalhostInProduction, &text("BROKER"), "staging", value, false);
        }
        let list = FieldSpec { type_spec: TypeSpec::List(&TypeSpec::Text), ..text("BROKERS") };
        check_value(&LocalhostInProduction, &list, "production", "kafka:9092,localhost:9092", true);
    }

    #[test]
    fn leaves_others_alone() {
        for value in ["localhost", "db:5432", "https://localhost.example.com", "it runs on localhost: 80", "10.0.0.1:80"] {
            check_value(&LocalhostInProduction, &text("BROKER"), "production", value, false);
        }
        for name in ["BIND", "HTTP_LISTEN", "SERVER_HOST", "METRICS_ADDR", "listen_address"] {
            check_value(&LocalhostInProduction, &text(name), "production", "0.0.0.0:8080", false);
        }
    }
}
