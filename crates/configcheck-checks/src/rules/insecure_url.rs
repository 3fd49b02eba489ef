//! `insecure-url`: in production a value leads over a connection that anybody between can read or change.

use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::address::{Address, is_internal, is_this_machine, may_be_address, settings, settings_of_url};
use crate::context::{Context, KeyView};

pub(super) struct InsecureUrl;

static INFO: RuleInfo = RuleInfo {
    name: "insecure-url",
    code: "CC015",
    severity: Severity::Warning,
    summary: "A URL in production is not encrypted or not verified.",
    page: include_str!("insecure_url.md"),
};

/// Schemes without encryption.
const PLAIN: [&str; 7] = ["http", "ws", "ftp", "ldap", "amqp", "mqtt", "smtp"];

/// Settings that switch encryption or its verification off, or leave it to chance.
const OFF: [(&str, &[&str]); 11] = [
    ("sslmode", &["disable", "allow", "prefer"]),
    ("ssl-mode", &["disabled", "preferred"]),
    ("ssl", &["false", "0"]),
    ("usessl", &["false"]),
    ("tls", &["false", "0", "skip-verify"]),
    ("encrypt", &["false"]),
    ("verify", &["none", "false"]),
    ("sslverify", &["false", "0"]),
    ("tlsinsecure", &["true"]),
    ("tlsallowinvalidcertificates", &["true"]),
    ("trustservercertificate", &["true"]),
];

impl Rule for InsecureUrl {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.is_production()
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            if may_be_address(&view.key.spec.type_spec) && view.any_item(is_insecure) {
                findings.push(finding(context, &view));
            }
        }
    }
}

fn finding(context: &Context<'_>, view: &KeyView<'_>) -> Diagnostic {
    context
        .finding(&INFO, view, format!("{} leads over a connection that is not encrypted, or not verified", view.key.variable))
        .expected("a connection that is encrypted and verified")
        .help("use the scheme with encryption, such as https or wss; in the URL of a database, sslmode=verify-full")
        .help("where the network between is safe, accept the finding in the policy, with the reason")
}

fn is_insecure(text: &str) -> bool {
    let Some(address) = Address::of_url(text) else { return is_insecure_connection_string(text) };
    if address.has_scheme(&PLAIN) && address.hosts().any(|host| !is_internal(host)) {
        return true;
    }
    text.contains('=') && settings_of_url(text).any(is_off) && !address.hosts().all(is_this_machine)
}

/// `host=db sslmode=disable`: only the one setting that is always about a connection.
fn is_insecure_connection_string(text: &str) -> bool {
    text.contains('=')
        && settings(text).any(|(name, value)| name.eq_ignore_ascii_case("sslmode") && is_off((name, value)))
        && !settings(text).any(|(name, value)| name.eq_ignore_ascii_case("host") && is_this_machine(value))
}

fn is_off((name, value): (&str, &str)) -> bool {
    // Behind the last setting of a URL there may be a fragment.
    let value = value.split('#').next().unwrap_or_default();
    OFF.iter().any(|(off, values)| off.eq_ignore_ascii_case(name) && values.iter().any(|off| off.eq_ignore_ascii_case(value)))
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{FieldSpec, TypeSpec};

    use super::*;
    use crate::rules::testing::{Case, check, check_value, secret, text, url};

    #[test]
    fn names_the_variable_and_shows_no_password() {
        check(
            &InsecureUrl,
            Case::new(&[url("PAYMENTS_URL"), secret("DATABASE_URL")])
                .in_environment("production")
                .set("PAYMENTS_URL", "http://app:fake-password@pay.example.com/v1")
                .set("DATABASE_URL", "postgres://app:fake-password@db.example.com/shop?sslmode=disable"),
            "\
warning: PAYMENTS_URL leads over a connection that is not encrypted, or not verified
  about PAYMENTS_URL #0, at environment variable PAYMENTS_URL
  expected: a connection that is encrypted and verified
  found: http://***@pay.example.com/v1
  help: use the scheme with encryption, such as https or wss; in the URL of a database, sslmode=verify-full
  help: where the network between is safe, accept the finding in the policy, with the reason
warning: DATABASE_URL leads over a connection that is not encrypted, or not verified
  about DATABASE_URL #1, at environment variable DATABASE_URL
  expected: a connection that is encrypted and verified
  help: use the scheme with encryption, such as https or wss; in the URL of a database, sslmode=verify-full
  help: where the network between is safe, accept the finding in the policy, with the reason",
        );
    }

    #[test]
    fn knows_connections_that_are_not_safe() {
        for value in [
            "http://api.example.com",
            "HTTP://8.8.8.8/",
            "ws://live.example.com/feed",
            "amqp://queue.example.com:5672",
            "postgres://db.example.com/shop?sslmode=prefer",
            "postgres://db/shop?connect_timeout=10&sslmode=disable#x",
            "mysql://db.example.com/shop?ssl-mode=DISABLED",
            "mongodb://a.example.com,b.example.com/db?tls=false",
            "host=db.example.com user=app sslmode=disable",
            "sqlserver://db.example.com;database=shop;encrypt=false",
        ] {
            check_value(&InsecureUrl, &text("TARGET"), "production", value, true);
            check_value(&InsecureUrl, &text("TARGET"), "staging", value, false);
        }
        let list = FieldSpec { type_spec: TypeSpec::List(&TypeSpec::Url), ..text("TARGETS") };
        check_value(&InsecureUrl, &list, "production", "https://a.example.com, http://b.example.com", true);
    }

    #[test]
    fn leaves_safe_and_near_ones_alone() {
        for value in [
            "https://api.example.com",
            "http://localhost:8080",
            "http://127.0.0.1",
            "http://[::1]:80",
            "http://orders:8080/v1",
            "http://orders.prod.svc.cluster.local",
            "http://169.254.169.254/latest",
            "postgres://db.example.com/shop?sslmode=verify-full",
            "postgres://localhost/shop?sslmode=disable",
            "host=localhost sslmode=disable",
            "redis://cache.example.com",
            "--ssl=false",
            "http",
            "see http://example.com",
        ] {
            check_value(&InsecureUrl, &text("TARGET"), "production", value, false);
        }
    }
}
