//! `same-secret-in-two-environments`: a secret has the same value in two environments.

use configcheck_core::environment::Environment;
use configcheck_core::origin::{Layer, SourceKind};
use configcheck_core::schema::Aspect;
use configcheck_core::snapshot::Entry;
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::AcrossRule;
use crate::across::{Across, Examined};
use crate::context::{Context, KeyView, listed};

pub(super) struct SameSecretInTwoEnvironments;

static INFO: RuleInfo = RuleInfo {
    name: "same-secret-in-two-environments",
    code: "CC025",
    severity: Severity::Error,
    summary: "A secret has the same value in two environments; an error when one of them is production.",
    page: include_str!("same_secret_in_two_environments.md"),
};

impl AcrossRule for SameSecretInTwoEnvironments {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Secret]
    }

    fn check(&self, across: &Across<'_>, findings: &mut Vec<Diagnostic>) {
        for (index, _) in across.schema().keys().iter().enumerate().filter(|(_, key)| key.spec.is_secret()) {
            let mut held: Vec<Held<'_>> = across.environments().filter_map(|(examined, context)| held(examined, context, index)).collect();
            // What was compared with all the others is done.
            while !held.is_empty() {
                let first = held.remove(0);
                let is_same = |other: &Held<'_>| first.entry.value.same(&other.entry.value) && are_two(&first, other);
                let (mut same, others): (Vec<_>, Vec<_>) = held.into_iter().partition(is_same);
                held = others;
                same.insert(0, first);
                if same.len() > 1 {
                    findings.push(finding(&same));
                }
            }
        }
    }
}

/// The value of a secret in one environment.
struct Held<'a> {
    name: &'a str,
    context: &'a Context<'a>,
    view: KeyView<'a>,
    entry: &'a Entry,
}

/// The value that decides there, when a source of that environment holds it.
fn held<'a>(examined: &'a Examined<'a>, context: &'a Context<'a>, index: usize) -> Option<Held<'a>> {
    let view = context.key(index);
    // The variables of the process that checks, and what it was told, are the same for every environment.
    let is_own = |entry: &&Entry| {
        let kind = &context.snapshot().source(entry.origin.source).kind;
        entry.layer != Layer::Default && !matches!(kind, SourceKind::Environment | SourceKind::Override)
    };
    let entry = view.literal().filter(is_own)?;
    Some(Held { name: examined.name, context, view, entry })
}

/// Whether these are two environments; files of none are one.
fn are_two(one: &Held<'_>, other: &Held<'_>) -> bool {
    one.name != other.name && one.context.environment() != other.context.environment()
}

fn finding(same: &[Held<'_>]) -> Diagnostic {
    let names: Vec<&str> = same.iter().map(|held| held.context.environment().map_or(held.name, Environment::name)).collect();
    let production = same.iter().position(|held| held.context.is_production());
    let chief = &same[production.unwrap_or(same.len() - 1)];
    let place = |held: &Held<'_>| held.context.place_of_entry(&held.view, held.entry);
    let variable = &chief.view.key.variable;
    let mut finding = Diagnostic::new(&INFO, format!("{variable} is the same secret in {}", listed(&names, "and")))
        .about(chief.view.index, variable.as_ref())
        .at(place(chief));
    for (held, name) in same.iter().zip(&names).filter(|(held, _)| !std::ptr::eq(*held, chief)) {
        finding = finding.related(place(held), format!("it stands here for {name}"));
    }
    if production.is_none() {
        finding.severity = Severity::Warning;
    }
    finding
        .help(format!("make a new one for {}, for example with `openssl rand -base64 48`", names[production.unwrap_or(same.len() - 1)]))
        .help("whoever can read the one environment can act in the other; where that is meant, accept the finding with the reason")
}

#[cfg(test)]
mod tests {
    use configcheck_core::provider::OutcomeKind;

    use super::*;
    use crate::policy::Policy;
    use crate::rules::testing::{Case, check_across, secret, text};

    fn case(environment: &str, file: &str, line: u32, value: &str) -> Case {
        let case = Case::new(&[text("HOST"), secret("JWT_SECRET")]);
        let case = if environment.is_empty() { case } else { case.in_environment(environment) };
        case.dotenv(file, line, "JWT_SECRET", value)
    }

    fn check(cases: Vec<(&str, Case)>, expected: &str) {
        check_across(&SameSecretInTwoEnvironments, cases, &Policy::new(), expected);
    }

    #[test]
    fn says_which_environments_share_a_secret_and_where_it_stands() {
        check(
            vec![
                ("production", case("production", ".env.production", 4, "not-a-real-secret-1")),
                ("development", case("development", ".env", 2, "not-a-real-secret-1")),
                ("staging", case("staging", ".env.staging", 3, "not-a-real-secret-1")),
                ("test", case("test", ".env.test", 3, "not-a-real-secret-2")),
            ],
            "\
error: JWT_SECRET is the same secret in production, development and staging
  about JWT_SECRET #1, at .env.production:4:1
  related: .env:2:1: it stands here for development
  related: .env.staging:3:1: it stands here for staging
  help: make a new one for production, for example with `openssl rand -base64 48`
  help: whoever can read the one environment can act in the other; where that is meant, accept the finding with the reason",
        );
    }

    #[test]
    fn is_a_warning_outside_of_production() {
        check(
            vec![
                (".env", case("", ".env", 2, "not-a-real-secret-1")),
                ("staging", case("staging", ".env.staging", 3, "not-a-real-secret-1")),
            ],
            "\
warning: JWT_SECRET is the same secret in .env and staging
  about JWT_SECRET #1, at .env.staging:3:1
  related: .env:2:1: it stands here for .env
  help: make a new one for staging, for example with `openssl rand -base64 48`
  help: whoever can read the one environment can act in the other; where that is meant, accept the finding with the reason",
        );
    }

    #[test]
    fn leaves_alone_what_is_no_secret_of_two_environments() {
        let production = || ("production", case("production", ".env.production", 4, "not-a-real-secret-1"));
        let secrets = |name, value| vec![("staging", case("staging", ".env.staging", 3, value)), (name, case(name, ".env.x", 1, value))];
        check(secrets("production", "changeme"), "");
        check(secrets("production", "vault:secret/data/shop#jwt"), "");
        check(vec![production(), ("eu", case("production", ".env.eu", 4, "not-a-real-secret-1"))], "");
        check(
            vec![(".env", case("", ".env", 2, "not-a-real-secret-1")), (".env.local", case("", ".env.local", 2, "not-a-real-secret-1"))],
            "",
        );
        let fetched = case("staging", ".env", 2, "not-a-real-secret-1").reference("JWT_SECRET", "age:a.age#J", OutcomeKind::Found, None);
        check(vec![production(), ("staging", fetched)], "");
        let plain = |name| (name, Case::new(&[text("HOST")]).in_environment(name).dotenv(".env", 1, "HOST", "db"));
        check(vec![plain("staging"), plain("production")], "");
        let of_process = |name| (name, Case::new(&[secret("JWT_SECRET")]).in_environment(name).set("JWT_SECRET", "not-a-real-secret-1"));
        check(vec![of_process("staging"), of_process("production")], "");
    }
}
