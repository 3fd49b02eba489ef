//! `plaintext-secret`: a secret stands in plain text in a file that is likely to be committed.

use configcheck_core::origin::SourceKind;
use configcheck_core::schema::Aspect;
use configcheck_core::{Diagnostic, RuleInfo, SecretRef, Severity};

use super::Rule;
use crate::context::{Context, KeyView, Marks};

pub(super) struct PlaintextSecret;

static INFO: RuleInfo = RuleInfo {
    name: "plaintext-secret",
    code: "CC012",
    severity: Severity::Warning,
    summary: "A secret stands in plain text in a config file, or in staging and production in a .env file.",
    page: include_str!("plaintext_secret.md"),
};

impl Rule for PlaintextSecret {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        let sources = &context.snapshot().sources;
        context.saw(Marks::SECRET) && sources.iter().any(|source| matches!(source.kind, SourceKind::File | SourceKind::Dotenv))
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Secret]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            if view.key.spec.is_secret() && view.slot.resolved().is_none() && is_in_committed_file(context, &view) {
                findings.push(finding(context, &view));
            }
        }
    }
}

fn is_in_committed_file(context: &Context<'_>, view: &KeyView<'_>) -> bool {
    let Some(origin) = view.slot.origin() else { return false };
    let source = context.snapshot().source(origin.source);
    let may_be_committed = match source.kind {
        SourceKind::File => true,
        // On a developer's machine `.env` is where secrets of development stand; files called local are never committed.
        // Of one that surely is committed another finding says more.
        SourceKind::Dotenv => context.is_deployed() && source.name.rsplit('.').next() != Some("local") && !context.has_tracked_secret(view),
        _ => false,
    };
    may_be_committed && !view.slot.satisfies(SecretRef::is_reference)
}

fn finding(context: &Context<'_>, view: &KeyView<'_>) -> Diagnostic {
    let variable = &view.key.variable;
    let origin = view.slot.origin();
    let spot = origin.map_or_else(String::new, |origin| context.spot(origin));
    context
        .finding(&INFO, view, format!("{variable} is a secret and stands in plain text in {spot}"))
        .expected("a reference to a secret manager, a mounted file, or a variable of the environment")
        .help(format!("mount it as a file and set {variable}_FILE=/path"))
        .help("or write a reference in its place, such as age:secrets.age#NAME")
        .help("if the file was ever committed, whoever can read the repository knows the secret: make a new one")
}

#[cfg(test)]
mod tests {
    use configcheck_core::provider::OutcomeKind;

    use super::*;
    use crate::rules::testing::{Case, check, secret, text};

    #[test]
    fn finds_secrets_in_config_files() {
        check(
            &PlaintextSecret,
            Case::new(&[secret("JWT_SECRET")]).config("config.toml", 4, "JWT_SECRET", "fake-plain-secret"),
            "\
warning: JWT_SECRET is a secret and stands in plain text in config.toml:4
  about JWT_SECRET #0, at config.toml:4:1
  expected: a reference to a secret manager, a mounted file, or a variable of the environment
  help: mount it as a file and set JWT_SECRET_FILE=/path
  help: or write a reference in its place, such as age:secrets.age#NAME
  help: if the file was ever committed, whoever can read the repository knows the secret: make a new one",
        );
    }

    #[test]
    fn finds_secrets_in_dotenv_files_of_deployed_environments() {
        check(
            &PlaintextSecret,
            Case::new(&[secret("JWT_SECRET")]).in_environment("staging").dotenv(".env.staging", 4, "JWT_SECRET", "fake-plain-secret"),
            "\
warning: JWT_SECRET is a secret and stands in plain text in .env.staging:4
  about JWT_SECRET #0, at .env.staging:4:1
  expected: a reference to a secret manager, a mounted file, or a variable of the environment
  help: mount it as a file and set JWT_SECRET_FILE=/path
  help: or write a reference in its place, such as age:secrets.age#NAME
  help: if the file was ever committed, whoever can read the repository knows the secret: make a new one",
        );
    }

    #[test]
    fn speaks_where_the_rule_about_files_under_version_control_is_off() {
        use crate::policy::{Level, Policy};
        let (schema, snapshot) = Case::new(&[secret("JWT_SECRET")])
            .in_environment("staging")
            .dotenv(".env", 4, "JWT_SECRET", "fake-plain-secret")
            .tracked(".env")
            .finish();
        let rules = |policy: &Policy| -> Vec<&str> {
            crate::run::check(&schema, &snapshot, policy).findings.iter().map(|finding| finding.rule.name).collect()
        };
        assert_eq!(rules(&Policy::new()), ["git-tracked-secret"]);
        assert_eq!(rules(&Policy::new().level("git-tracked-secret", Level::Off)), ["plaintext-secret"]);
    }

    #[test]
    fn leaves_alone_what_is_not_committed_or_no_secret() {
        let case = || Case::new(&[secret("JWT_SECRET")]);
        check(&PlaintextSecret, case().in_environment("staging").dotenv(".env.local", 4, "JWT_SECRET", "fake-plain-secret"), "");
        check(&PlaintextSecret, case().in_environment("development").dotenv(".env", 4, "JWT_SECRET", "fake-plain-secret"), "");
        let tracked = || case().in_environment("staging").dotenv(".env", 4, "JWT_SECRET", "fake-plain-secret").tracked(".env");
        check(&PlaintextSecret, tracked(), "");
        check(&PlaintextSecret, case().config("config.toml", 4, "JWT_SECRET", "age:secrets.age#JWT_SECRET"), "");
        check(&PlaintextSecret, case().config("config.toml", 4, "JWT_SECRET", "fake-plain-secret").set("JWT_SECRET", "fake-secret"), "");
        let resolved = case().config("config.toml", 4, "JWT_SECRET", "fake-plain-secret");
        check(&PlaintextSecret, resolved.reference("JWT_SECRET", "age:a.age#J", OutcomeKind::Found, None), "");
        check(&PlaintextSecret, Case::new(&[text("HOST")]).config("config.toml", 4, "HOST", "db"), "");
    }
}
