//! `requires`: a field is set, and another one that must then be set is not.

use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView, Marks};

pub(super) struct Requires;

static INFO: RuleInfo = RuleInfo {
    name: "requires",
    code: "CC007",
    severity: Severity::Error,
    summary: "A key is set without another one that it requires.",
    page: include_str!("requires.md"),
};

impl Rule for Requires {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.saw(Marks::REQUIRES) && context.saw(Marks::NO_VALUE)
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            if view.key.spec.requires.is_empty() || !view.slot.is_set() {
                continue;
            }
            let required = view.key.spec.requires.iter().filter_map(|field| context.sibling(&view, field));
            findings.extend(required.filter(|other| is_unexplained(context, other)).map(|other| finding(context, &view, &other)));
        }
    }
}

/// Whether a field has no value and nothing else in the report says so.
fn is_unexplained(context: &Context<'_>, other: &KeyView<'_>) -> bool {
    other.slot.winner.is_none()
        && other.slot.resolved().is_none()
        && !context.lacks_value(other)
        && !context.waits_for_environment(other)
        && !context.has_problem(other)
}

fn finding(context: &Context<'_>, view: &KeyView<'_>, other: &KeyView<'_>) -> Diagnostic {
    let (one, two) = (&view.key.variable, &other.key.variable);
    let state = match other.slot.empty() {
        Some(origin) => format!("is set to nothing in {}", context.spot(origin)),
        None => "is not set".to_owned(),
    };
    Diagnostic::new(&INFO, format!("{one} is set and requires {two}, which {state}"))
        .about(view.index, one.as_ref())
        .at(context.place(view))
        .help(context.how_to_set(other))
        .help(format!("or remove {one}"))
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::FieldSpec;

    use super::*;
    use crate::rules::testing::{Case, check, text};

    fn fields() -> [FieldSpec; 2] {
        let certificate = FieldSpec { optional: true, requires: &["tls_key"], ..text("TLS_CERT") };
        [certificate, FieldSpec { optional: true, ..text("TLS_KEY") }]
    }

    #[test]
    fn names_what_is_missing_beside_what_is_set() {
        check(
            &Requires,
            Case::new(&fields()).dotenv(".env", 5, "TLS_CERT", "/cert.pem"),
            "\
error: TLS_CERT is set and requires TLS_KEY, which is not set
  about TLS_CERT #0, at .env:5:1
  help: set TLS_KEY in the environment or in .env, or name a file that holds it: TLS_KEY_FILE=/path
  help: or remove TLS_CERT",
        );
        check(
            &Requires,
            Case::new(&fields()).set("TLS_CERT", "/cert.pem").set("TLS_KEY", "").in_environment("production"),
            "\
error: TLS_CERT is set and requires TLS_KEY, which is set to nothing in the environment
  about TLS_CERT #0, at environment variable TLS_CERT
  help: set TLS_KEY in the environment, or name a file that holds it: TLS_KEY_FILE=/path
  help: or remove TLS_CERT",
        );
    }

    #[test]
    fn leaves_alone_what_is_complete_or_reported_anyway() {
        check(&Requires, Case::new(&fields()).set("TLS_CERT", "/cert.pem").set("TLS_KEY", "/key.pem"), "");
        check(&Requires, Case::new(&fields()).set("TLS_KEY", "/key.pem"), "");
        let unreadable = Case::new(&fields()).set("TLS_CERT", "/cert.pem").problem(".env", 1, "cannot be read", Some("TLS_KEY"));
        check(&Requires, unreadable, "");
        let [certificate, key] = fields();
        check(&Requires, Case::new(&[certificate, FieldSpec { optional: false, ..key }]).set("TLS_CERT", "/cert.pem"), "");
    }
}
