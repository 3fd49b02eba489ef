//! `conflicting-keys`: one key under two names, or several keys of which only one may be set.

use configcheck_core::origin::Layer;
use configcheck_core::snapshot::{Entry, SetAs};
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView, Marks, listed};

pub(super) struct ConflictingKeys;

static INFO: RuleInfo = RuleInfo {
    name: "conflicting-keys",
    code: "CC006",
    severity: Severity::Error,
    summary: "Keys are set that exclude each other, or one key is set under two names.",
    page: include_str!("conflicting_keys.md"),
};

impl Rule for ConflictingKeys {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.saw(Marks::SEVERAL | Marks::EXCLUDES)
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            findings.extend(two_names(context, &view));
            add_conflicts(context, &view, findings);
            if let Some(group) = view.key.spec.one_of {
                findings.extend(one_of(context, &view, group));
            }
        }
    }
}

/// The same key under two of its names. The layers decide between sources; within one nothing does.
fn two_names(context: &Context<'_>, view: &KeyView<'_>) -> Option<Diagnostic> {
    let (first, second) = view.slot.shadowed().iter().enumerate().find_map(|(at, first)| {
        let later = view.slot.shadowed()[at + 1..].iter().chain(&view.slot.winner);
        later.map(|second| (first, second)).find(|(first, second)| is_conflict(first, second))
    })?;
    let (first_name, second_name) = (view.name(first.set_as), view.name(second.set_as));
    let values = if is_file_and_value(first, second) { "" } else { ", to different values" };
    let finding = Diagnostic::new(&INFO, format!("{second_name} and {first_name} are both set{values}"))
        .about(view.index, view.key.variable.as_ref())
        .at(context.place_of_entry(view, second))
        .related(context.place_of_entry(view, first), format!("{first_name} is set here"));
    Some(finding.help(match (first.set_as, second.set_as) {
        (SetAs::Alias(_), _) => format!("remove {first_name}, if {second_name} has the right value"),
        (_, SetAs::Alias(_)) => format!("remove {second_name}, if {first_name} has the right value"),
        _ => format!("remove one of them: nothing says which of {first_name} and {second_name} is meant"),
    }))
}

fn is_conflict(first: &Entry, second: &Entry) -> bool {
    let in_one_place = first.layer == second.layer && (first.origin.source == second.origin.source || first.layer == Layer::Mounted);
    is_file_and_value(first, second) || (in_one_place && first.set_as != second.set_as && !first.value.same(&second.value))
}

/// `KEY_FILE` and `KEY` in the environment: whoever sets both has two values in mind, or will have.
fn is_file_and_value(first: &Entry, second: &Entry) -> bool {
    let is = |file: &Entry, value: &Entry| file.set_as == SetAs::FileVariable && value.layer == Layer::Environment;
    is(first, second) || is(second, first)
}

fn add_conflicts(context: &Context<'_>, view: &KeyView<'_>, findings: &mut Vec<Diagnostic>) {
    let spec = view.key.spec;
    if spec.conflicts.is_empty() || !view.slot.is_set() {
        return;
    }
    for other in spec.conflicts.iter().filter_map(|field| context.sibling(view, field)).filter(|other| other.slot.is_set()) {
        // Where both fields name each other, one finding is enough.
        if other.index < view.index && other.key.spec.conflicts.contains(&spec.field) {
            continue;
        }
        let (one, two) = (&view.key.variable, &other.key.variable);
        findings.push(
            Diagnostic::new(&INFO, format!("{one} and {two} are both set, and only one of them may be"))
                .about(view.index, one.as_ref())
                .at(context.place(view))
                .related(context.place(&other), format!("{two} is set here"))
                .help(format!("remove {one} or {two}")),
        );
    }
}

/// The fields of a group of which exactly one must be set; reported with the first of them.
fn one_of(context: &Context<'_>, view: &KeyView<'_>, group: &str) -> Option<Diagnostic> {
    let members = || context.siblings(view).filter(|other| other.key.spec.one_of == Some(group));
    if members().next().is_none_or(|first| first.index != view.index) {
        return None;
    }
    let mut set = members().filter(|member| member.slot.is_set());
    if let (Some(first), Some(_)) = (set.next(), set.next()) {
        return Some(more_than_one(context, &first, members()));
    }
    // A reference that leads nowhere, a source that cannot be read, or a default that waits for the environment, is a finding of its own.
    let has_value = |member: &KeyView<'_>| {
        let slot = member.slot;
        slot.winner.is_some() || slot.resolved().is_some() || context.waits_for_environment(member) || context.has_problem(member)
    };
    if members().any(|member| has_value(&member)) {
        return None;
    }
    let names: Vec<&str> = members().map(|member| &*member.key.variable).collect();
    Some(
        Diagnostic::new(&INFO, format!("none of {} is set, and one of them must be", listed(&names, "and")))
            .about(view.index, view.key.variable.as_ref())
            .help(format!("set exactly one: {}", listed(&names, "or"))),
    )
}

fn more_than_one<'a>(context: &Context<'a>, first: &KeyView<'a>, members: impl Iterator<Item = KeyView<'a>>) -> Diagnostic {
    let set: Vec<KeyView<'_>> = members.filter(|member| member.slot.is_set()).collect();
    let names: Vec<&str> = set.iter().map(|member| &*member.key.variable).collect();
    let all = if names.len() == 2 { "both" } else { "all" };
    let mut finding = Diagnostic::new(&INFO, format!("{} are {all} set, and only one of them may be", listed(&names, "and")))
        .about(first.index, first.key.variable.as_ref())
        .at(context.place(first));
    for other in &set[1..] {
        finding = finding.related(context.place(other), format!("{} is set here", other.key.variable));
    }
    finding.help(format!("keep one of {}", listed(&names, "and")))
}

#[cfg(test)]
mod tests {
    use configcheck_core::provider::OutcomeKind;
    use configcheck_core::schema::FieldSpec;

    use super::*;
    use crate::rules::testing::{Case, check, secret, text};

    fn signing_key() -> FieldSpec {
        FieldSpec { aliases: &["JWT_KEY"], ..secret("JWT_SECRET") }
    }

    #[test]
    fn finds_two_names_with_different_values_in_one_source() {
        check(
            &ConflictingKeys,
            Case::new(&[signing_key()]).dotenv(".env", 1, "JWT_KEY", "fake-old-key").dotenv(".env", 2, "JWT_SECRET", "fake-new-key"),
            "\
error: JWT_SECRET and JWT_KEY are both set, to different values
  about JWT_SECRET #0, at .env:2:1
  related: .env:1:1: JWT_KEY is set here
  help: remove JWT_KEY, if JWT_SECRET has the right value",
        );
        let same = Case::new(&[signing_key()]).set("JWT_KEY", "fake-old-key").set("JWT_SECRET", "fake-old-key");
        check(&ConflictingKeys, same, "");
        let two_files =
            Case::new(&[signing_key()]).dotenv(".env", 1, "JWT_KEY", "fake-old-key").dotenv(".env.local", 2, "JWT_SECRET", "fake");
        check(&ConflictingKeys, two_files, "");
        let two_layers = Case::new(&[signing_key()]).dotenv(".env", 1, "JWT_SECRET", "fake-old-key").set("JWT_KEY", "fake");
        check(&ConflictingKeys, two_layers, "");
    }

    #[test]
    fn a_file_and_a_value_conflict_even_when_they_are_equal() {
        check(
            &ConflictingKeys,
            Case::new(&[signing_key()]).key_file("JWT_SECRET", "/run/jwt", "fake-old-key").set("JWT_SECRET", "fake-old-key"),
            "\
error: JWT_SECRET and JWT_SECRET_FILE are both set
  about JWT_SECRET #0, at environment variable JWT_SECRET
  related: /run/jwt: JWT_SECRET_FILE is set here
  help: remove one of them: nothing says which of JWT_SECRET_FILE and JWT_SECRET is meant",
        );
        let dotenv = Case::new(&[signing_key()]).dotenv(".env", 1, "JWT_SECRET", "fake").key_file("JWT_SECRET", "/run/jwt", "fake-old-key");
        check(&ConflictingKeys, dotenv, "");
    }

    #[test]
    fn finds_fields_that_exclude_each_other() {
        let fields = [
            FieldSpec { optional: true, conflicts: &["token"], ..text("PASSWORD_FILE") },
            FieldSpec { optional: true, conflicts: &["password_file"], ..text("TOKEN") },
        ];
        check(
            &ConflictingKeys,
            Case::new(&fields).set("PASSWORD_FILE", "/a").dotenv(".env", 2, "TOKEN", "b"),
            "\
error: PASSWORD_FILE and TOKEN are both set, and only one of them may be
  about PASSWORD_FILE #0, at environment variable PASSWORD_FILE
  related: .env:2:1: TOKEN is set here
  help: remove PASSWORD_FILE or TOKEN",
        );
        check(&ConflictingKeys, Case::new(&fields).set("TOKEN", "b"), "");
    }

    #[test]
    fn of_a_group_exactly_one_is_set() {
        let member = |name| FieldSpec { optional: true, one_of: Some("store"), ..text(name) };
        let case = || Case::new(&[member("S3_BUCKET"), text("HOST"), member("GCS_BUCKET"), member("DIRECTORY")]);
        check(
            &ConflictingKeys,
            case(),
            "\
error: none of S3_BUCKET, GCS_BUCKET and DIRECTORY is set, and one of them must be
  about S3_BUCKET #0, at not set anywhere
  help: set exactly one: S3_BUCKET, GCS_BUCKET or DIRECTORY",
        );
        check(
            &ConflictingKeys,
            case().set("GCS_BUCKET", "a").set("DIRECTORY", "/b"),
            "\
error: GCS_BUCKET and DIRECTORY are both set, and only one of them may be
  about GCS_BUCKET #2, at environment variable GCS_BUCKET
  related: environment variable DIRECTORY: DIRECTORY is set here
  help: keep one of GCS_BUCKET and DIRECTORY",
        );
        check(&ConflictingKeys, case().set("DIRECTORY", "/b"), "");
        check(&ConflictingKeys, case().problem(".env", 1, "cannot be read", Some("DIRECTORY")), "");
        check(&ConflictingKeys, case().reference("DIRECTORY", "age:a.age#D", OutcomeKind::Denied, None), "");
    }
}
