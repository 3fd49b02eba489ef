//! `unresolved-reference`: a value is a reference to a secret manager, and the secret did not come.

use configcheck_core::display::{Shown, escaped};
use configcheck_core::origin::SourceKind;
use configcheck_core::provider::OutcomeKind;
use configcheck_core::schema::Aspect;
use configcheck_core::snapshot::Resolved;
use configcheck_core::{Diagnostic, Place, RuleInfo, SecretRef, Severity};

use super::Rule;
use crate::context::{Context, KeyView, Marks};

pub(super) struct UnresolvedReference;

static INFO: RuleInfo = RuleInfo {
    name: "unresolved-reference",
    code: "CC014",
    severity: Severity::Error,
    summary: "A reference to a secret manager did not lead to a secret.",
    page: include_str!("unresolved_reference.md"),
};

impl Rule for UnresolvedReference {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.saw(Marks::REFERENCE | Marks::SECRET)
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Secret]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            match &view.slot.resolved() {
                Some(resolved) if failed(&view, resolved) => findings.push(unresolved(context, &view, resolved)),
                Some(resolved) if resolved.outcome != OutcomeKind::Found => {}
                _ if view.key.spec.is_secret() && view.slot.satisfies(SecretRef::is_reference) => findings.push(left_over(context, &view)),
                _ => {}
            }
        }
    }
}

/// Whether the secret did not come and nothing may stand in for it. Only what is absent may fall to a default.
fn failed(view: &KeyView<'_>, resolved: &Resolved) -> bool {
    match resolved.outcome {
        OutcomeKind::Found | OutcomeKind::NotFetched => false,
        OutcomeKind::Absent => view.slot.winner.is_none(),
        _ => true,
    }
}

fn unresolved(context: &Context<'_>, view: &KeyView<'_>, resolved: &Resolved) -> Diagnostic {
    let variable = &view.key.variable;
    let scheme = resolved.reference.as_ref().map_or("such", SecretRef::scheme);
    let what = match resolved.outcome {
        OutcomeKind::Absent => format!("{variable} refers to a secret that does not exist"),
        OutcomeKind::Denied => format!("{variable} refers to a secret that this process may not read"),
        OutcomeKind::Throttled => format!("{variable} was not fetched, since the secret manager asks to come back later"),
        OutcomeKind::Unavailable => format!("{variable} was not fetched, since its place could not be reached"),
        OutcomeKind::Malformed => format!("{variable} refers to something that is no secret of the expected form"),
        OutcomeKind::AuthFailed => format!("{variable} was not fetched, since this process is not known there"),
        OutcomeKind::NoProvider => format!("{variable} is a reference, and nothing here reads {scheme} references"),
        OutcomeKind::BadReference => format!("{variable} holds a reference that is not well formed"),
        _ => format!("{variable} was not fetched"),
    };
    let message = match &resolved.reason {
        Some(reason) => format!("{what}: {}", escaped(reason)),
        None => what,
    };
    let is_declared = context.snapshot().source(resolved.origin.source).kind == SourceKind::From;
    // What a provider refuses at sight may be a password that happens to begin like a reference, and is not shown.
    let may_show = is_declared || resolved.outcome != OutcomeKind::BadReference || !view.key.spec.hides_value();
    let reference = resolved.reference.as_ref().filter(|_| may_show);
    let reference = reference.map(|reference| Place::Reference(Shown::of(reference.as_str()).as_str().to_owned()));
    let finding = Diagnostic::new(&INFO, message).about(view.index, variable.as_ref());
    let mut finding = match reference {
        Some(reference) if is_declared => finding.at(reference),
        None if is_declared => finding.at(Place::Schema),
        Some(reference) => finding.at(context.place_of(resolved.origin, variable)).related(reference, "the reference"),
        None => finding.at(context.place_of(resolved.origin, variable)),
    };
    finding.transient = matches!(resolved.outcome, OutcomeKind::Throttled | OutcomeKind::Unavailable);
    // What the provider knows comes before what is true of every provider.
    finding.help = if resolved.help.is_empty() {
        what_to_do(resolved.outcome, scheme)
    } else {
        resolved.help.iter().map(|help| escaped(help).into_owned()).collect()
    };
    finding
}

/// What to do, the likeliest first. A manager's "no" has more than one reading, and all of them are said.
fn what_to_do(outcome: OutcomeKind, scheme: &str) -> Vec<String> {
    let is_file = matches!(scheme, "file" | "age" | "sops");
    match outcome {
        OutcomeKind::Absent if is_file => vec![
            "the path or the name after # may be misspelt: compare both with the file".to_owned(),
            "the file may be another environment's, or this key may not have been added to it yet".to_owned(),
            "a path that does not begin with / counts from the directory in which the process was started".to_owned(),
        ],
        OutcomeKind::Absent => vec![
            "the path or the field may be misspelt: compare both with the secret manager".to_owned(),
            "the secret may exist in another environment, region or project than this process asks".to_owned(),
            "it may not have been created yet, or have been deleted: create it".to_owned(),
        ],
        OutcomeKind::Denied if is_file => vec![
            "the user of this process may not be allowed to read the file: look at its owner and mode".to_owned(),
            "or the identity at hand may not be one of those that the file was encrypted for".to_owned(),
        ],
        OutcomeKind::Denied => vec![
            "this process's identity may have no right to read it: grant the right".to_owned(),
            "or it may have another identity than you expect: look at the role that it runs under".to_owned(),
            "or the path may be misspelt: some secret managers answer so for what does not exist".to_owned(),
        ],
        OutcomeKind::Throttled => vec!["start fewer processes at once, or raise the secret manager's limit; then start again".to_owned()],
        OutcomeKind::Unavailable if is_file => vec!["look whether the file is mounted and can be read".to_owned()],
        OutcomeKind::Unavailable => {
            vec!["look whether its address is right, whether the network lets this process through, and whether it is up".to_owned()]
        }
        OutcomeKind::Malformed => {
            vec!["compare the reference with what is stored: a map needs a name after #, one value needs none".to_owned()]
        }
        OutcomeKind::AuthFailed => vec!["renew the token or the identity that this process presents, or give it one".to_owned()],
        OutcomeKind::NoProvider => vec![how_to_read(scheme)],
        OutcomeKind::BadReference => vec!["correct the reference; where it is meant as plain text, it begins like a reference".to_owned()],
        _ => vec!["start again; when it stays, look at the secret manager".to_owned()],
    }
}

fn how_to_read(scheme: &str) -> String {
    match scheme {
        "age" => "turn on the feature `age` of configcheck in Cargo.toml".to_owned(),
        _ => format!("give the loader a provider for {scheme}: Loader::provider(…)"),
    }
}

/// A secret whose text still is a reference: it would be sent to a database as a password.
fn left_over(context: &Context<'_>, view: &KeyView<'_>) -> Diagnostic {
    context
        .finding(&INFO, view, format!("{} still is a reference to a secret, and not the secret", view.key.variable))
        .expected("the secret itself, or a reference that is resolved here")
        .help("a reference to a reference is not followed: let it lead to the secret itself")
        .help("give the loader a provider for its scheme: Loader::provider(…), or the feature of that name")
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{DefaultSpec, FieldSpec};

    use super::*;
    use crate::rules::testing::{Case, check, secret, text};

    fn case(outcome: OutcomeKind, reason: Option<&str>) -> Case {
        Case::new(&[secret("JWT_SECRET")]).reference("JWT_SECRET", "vault:secret/data/shop#jwt", outcome, reason)
    }

    #[test]
    fn says_what_the_secret_manager_said() {
        check(
            &UnresolvedReference,
            case(OutcomeKind::Denied, Some("the policy\nof role shop forbids it")),
            "\
error: JWT_SECRET refers to a secret that this process may not read: the policy\\nof role shop forbids it
  about JWT_SECRET #0, at .env:2:1
  related: reference vault:secret/data/shop#jwt: the reference
  help: this process's identity may have no right to read it: grant the right
  help: or it may have another identity than you expect: look at the role that it runs under
  help: or the path may be misspelt: some secret managers answer so for what does not exist",
        );
        check(
            &UnresolvedReference,
            case(OutcomeKind::Absent, None),
            "\
error: JWT_SECRET refers to a secret that does not exist
  about JWT_SECRET #0, at .env:2:1
  related: reference vault:secret/data/shop#jwt: the reference
  help: the path or the field may be misspelt: compare both with the secret manager
  help: the secret may exist in another environment, region or project than this process asks
  help: it may not have been created yet, or have been deleted: create it",
        );
        check(
            &UnresolvedReference,
            case(OutcomeKind::NoProvider, None),
            "\
error: JWT_SECRET is a reference, and nothing here reads vault references
  about JWT_SECRET #0, at .env:2:1
  related: reference vault:secret/data/shop#jwt: the reference
  help: give the loader a provider for vault: Loader::provider(…)",
        );
        check(&UnresolvedReference, case(OutcomeKind::Found, None), "");
    }

    #[test]
    fn knows_references_to_files() {
        check(
            &UnresolvedReference,
            Case::new(&[secret("JWT_SECRET")]).from("JWT_SECRET", "age:secrets.age#JWT", OutcomeKind::NoProvider),
            "\
error: JWT_SECRET is a reference, and nothing here reads age references
  about JWT_SECRET #0, at reference age:secrets.age#JWT
  help: turn on the feature `age` of configcheck in Cargo.toml",
        );
        let file = |outcome, reason| Case::new(&[secret("JWT_SECRET")]).reference("JWT_SECRET", "file:jwt.txt", outcome, reason);
        check(
            &UnresolvedReference,
            file(OutcomeKind::Unavailable, Some("it is a directory")),
            "\
error: JWT_SECRET was not fetched, since its place could not be reached: it is a directory
  about JWT_SECRET #0, at .env:2:1
  related: reference file:jwt.txt: the reference
  help: look whether the file is mounted and can be read",
        );
    }

    #[test]
    fn shows_no_reference_that_is_not_well_formed() {
        check(
            &UnresolvedReference,
            case(OutcomeKind::BadReference, None),
            "\
error: JWT_SECRET holds a reference that is not well formed
  about JWT_SECRET #0, at .env:2:1
  help: correct the reference; where it is meant as plain text, it begins like a reference",
        );
    }

    #[test]
    fn every_outcome_says_what_to_do() {
        use OutcomeKind::{AuthFailed, Malformed, Throttled, Unavailable};
        for outcome in [Throttled, Unavailable, Malformed, AuthFailed] {
            for scheme in ["vault", "age"] {
                assert!(!what_to_do(outcome, scheme).is_empty());
            }
        }
    }

    #[test]
    fn only_what_is_absent_falls_to_a_default() {
        let field = FieldSpec { defaults: &[DefaultSpec { environments: &[], text: "fake-default" }], ..secret("JWT_SECRET") };
        let case = |outcome| Case::new(&[field]).reference("JWT_SECRET", "vault:secret/data/shop#jwt", outcome, None);
        check(&UnresolvedReference, case(OutcomeKind::Absent), "");
        check(
            &UnresolvedReference,
            case(OutcomeKind::AuthFailed),
            "\
error: JWT_SECRET was not fetched, since this process is not known there
  about JWT_SECRET #0, at .env:2:1
  related: reference vault:secret/data/shop#jwt: the reference
  help: renew the token or the identity that this process presents, or give it one",
        );
    }

    #[test]
    fn finds_secrets_that_still_are_references() {
        check(
            &UnresolvedReference,
            Case::new(&[secret("JWT_SECRET"), text("NOTE")])
                .set("JWT_SECRET", "op://vault/item/field")
                .set("NOTE", "op://vault/item/field"),
            "\
error: JWT_SECRET still is a reference to a secret, and not the secret
  about JWT_SECRET #0, at environment variable JWT_SECRET
  expected: the secret itself, or a reference that is resolved here
  help: a reference to a reference is not followed: let it lead to the secret itself
  help: give the loader a provider for its scheme: Loader::provider(…), or the feature of that name",
        );
        check(&UnresolvedReference, Case::new(&[secret("JWT_SECRET")]).set("JWT_SECRET", "vaulted"), "");
    }
}
