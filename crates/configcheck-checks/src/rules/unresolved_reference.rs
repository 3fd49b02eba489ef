//! `unresolved-reference`: a value is a reference to a secret manager, and the secret did not come.

use configcheck_core::display::{Shown, escaped};
use configcheck_core::origin::SourceKind;
use configcheck_core::provider::OutcomeKind;
use configcheck_core::schema::Aspect;
use configcheck_core::snapshot::Resolved;
use configcheck_core::{Diagnostic, Place, RuleInfo, SecretRef, Severity};

use super::Rule;
use crate::context::{Context, KeyView, Marks};

mod cause;
mod wording;

use wording::{headline, what_to_do};

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

    fn gather(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        cause::gather(context, findings);
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
    let message = headline(&[variable.as_ref()], resolved);
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

    use configcheck_core::diagnostic::Tally;

    use super::*;
    use crate::policy::{Acceptance, Policy};
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
  help: turn on the feature `vault` of configcheck in Cargo.toml",
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
    fn only_what_is_absent_falls_to_a_default() {
        let field = FieldSpec { defaults: &[DefaultSpec { environments: &[], text: "fake-default" }], ..secret("JWT_SECRET") };
        let case = |outcome| Case::new(&[field]).reference("JWT_SECRET", "vault:secret/data/shop#jwt", outcome, None);
        check(&UnresolvedReference, case(OutcomeKind::Absent), "");
        check(
            &UnresolvedReference,
            case(OutcomeKind::AuthFailed),
            "\
error: JWT_SECRET was not fetched, since the login to Vault failed
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

    /// Five keys that wait for one login, and one that is denied.
    fn one_login() -> Case {
        let names = ["A_KEY", "B_KEY", "C_KEY", "D_KEY", "E_KEY"];
        let fields = names.map(secret);
        let case = names[..4].iter().fold(Case::new(&fields), |case, name| {
            case.reference(name, &format!("vault:secret/data/shop#{name}"), OutcomeKind::AuthFailed, Some("the token has expired"))
        });
        case.reference("E_KEY", "vault:secret/data/other#e", OutcomeKind::Denied, Some("no right to read secret/data/other"))
    }

    fn report(case: Case, policy: &Policy) -> (Vec<String>, Tally) {
        let (schema, snapshot) = case.finish();
        let report = crate::run::check(&schema, &snapshot, policy);
        let line = |finding: &Diagnostic| {
            let accepted = if finding.suppressed.is_some() { " (accepted)" } else { "" };
            format!("{:?} {}{accepted}", finding.indexes().collect::<Vec<_>>(), finding.message)
        };
        (report.findings.iter().map(line).collect(), report.tally)
    }

    #[test]
    fn one_cause_is_one_finding_and_every_key_counts() {
        let (findings, tally) = report(one_login(), &Policy::new());
        assert_eq!(
            findings,
            [
                "[0, 1, 2, 3] A_KEY, B_KEY, C_KEY and D_KEY were not fetched, since the login to Vault failed: the token has expired",
                "[4] E_KEY refers to a secret that this process may not read: no right to read secret/data/other",
            ]
        );
        assert_eq!((tally.bad, tally.ok), (5, 0));
    }

    #[test]
    fn an_accepted_key_is_taken_out_of_the_group() {
        let acceptance = Acceptance { rule: "CC014".into(), key: Some("B_KEY".into()), reason: "until Monday".into() };
        let (findings, tally) = report(one_login(), &Policy::new().accept(acceptance));
        assert_eq!(
            findings[..2],
            [
                "[0, 2, 3] A_KEY, C_KEY and D_KEY were not fetched, since the login to Vault failed: the token has expired",
                "[1] B_KEY was not fetched, since the login to Vault failed: the token has expired (accepted)",
            ]
        );
        assert_eq!(tally.bad, 4);
    }

    #[test]
    fn what_is_said_of_another_secret_or_manager_stays_by_itself() {
        let names = ["A_KEY", "B_KEY", "C_KEY", "D_KEY", "E_KEY", "F_KEY"];
        let case = Case::new(&names.map(secret))
            .reference("A_KEY", "vault:a/b#a", OutcomeKind::Absent, None)
            .reference("B_KEY", "vault:a/c#b", OutcomeKind::Absent, None)
            .reference("C_KEY", "vault:a/c#b", OutcomeKind::Unavailable, Some("no answer"))
            .reference("D_KEY", "aws-sm:d", OutcomeKind::Unavailable, Some("no answer"))
            .reference("E_KEY", "file:/e", OutcomeKind::Unavailable, Some("no answer"))
            .reference("F_KEY", "file:/f", OutcomeKind::Unavailable, Some("no answer"));
        assert_eq!(report(case, &Policy::new()).0.len(), 6);
        let case = Case::new(&[secret("A_KEY"), secret("B_KEY")]).reference("A_KEY", "vault:a/b#a", OutcomeKind::Absent, None).reference(
            "B_KEY",
            "bao:a/b#b",
            OutcomeKind::Absent,
            None,
        );
        assert_eq!(report(case, &Policy::new()).0, ["[0, 1] A_KEY and B_KEY refer to secrets that do not exist"]);
    }
}
