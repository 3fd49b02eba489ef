//! `deprecated-key`: a key that is deprecated, or an old name of a key, is still in use.

use configcheck_core::schema::{Aspect, Deprecated};
use configcheck_core::snapshot::{Entry, SetAs};
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView, Marks};

pub(super) struct DeprecatedKey;

static INFO: RuleInfo = RuleInfo {
    name: "deprecated-key",
    code: "CC008",
    severity: Severity::Warning,
    summary: "A deprecated key or an old name of a key is in use.",
    page: include_str!("deprecated_key.md"),
};

impl Rule for DeprecatedKey {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.saw(Marks::DEPRECATED | Marks::ALIAS)
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Deprecated]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            if let Some(deprecated) = view.key.spec.deprecated.filter(|_| view.slot.is_set()) {
                findings.push(deprecated_key(context, &view, deprecated));
            }
            findings.extend(view.entries().filter_map(|entry| old_name(context, &view, entry)));
        }
    }
}

fn deprecated_key(context: &Context<'_>, view: &KeyView<'_>, deprecated: Deprecated) -> Diagnostic {
    let variable = &view.key.variable;
    let since = deprecated.since.map_or_else(String::new, |since| format!(" since {since}"));
    let help = deprecated.note.map_or_else(|| format!("remove {variable}: a later release will not read it"), ToOwned::to_owned);
    Diagnostic::new(&INFO, format!("{variable} is deprecated{since}"))
        .about(view.index, variable.as_ref())
        .at(context.place(view))
        .help(help)
}

fn old_name(context: &Context<'_>, view: &KeyView<'_>, entry: &Entry) -> Option<Diagnostic> {
    let SetAs::Alias(_) = entry.set_as else { return None };
    let (old, new) = (view.name(entry.set_as), &view.key.variable);
    Some(
        Diagnostic::new(&INFO, format!("{old} is an old name of {new}"))
            .about(view.index, new.as_ref())
            .at(context.place_of_entry(view, entry))
            .help(format!("rename {old} to {new} in {}", context.spot(entry.origin))),
    )
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{DefaultSpec, FieldSpec};

    use super::*;
    use crate::rules::testing::{Case, check, secret, text};

    #[test]
    fn finds_deprecated_keys_that_are_set() {
        let field = FieldSpec { deprecated: Some(Deprecated { since: Some("2.0"), note: Some("set HOST instead") }), ..text("SERVER") };
        check(
            &DeprecatedKey,
            Case::new(&[field]).set("SERVER", "db"),
            "\
warning: SERVER is deprecated since 2.0
  about SERVER #0, at environment variable SERVER
  help: set HOST instead",
        );
        let bare = FieldSpec { deprecated: Some(Deprecated { since: None, note: None }), ..field };
        check(
            &DeprecatedKey,
            Case::new(&[bare]).set("SERVER", "db"),
            "\
warning: SERVER is deprecated
  about SERVER #0, at environment variable SERVER
  help: remove SERVER: a later release will not read it",
        );
        check(&DeprecatedKey, Case::new(&[field]), "");
        check(&DeprecatedKey, Case::new(&[FieldSpec { defaults: &[DefaultSpec { environments: &[], text: "db" }], ..field }]), "");
    }

    #[test]
    fn finds_old_names_where_they_stand() {
        check(
            &DeprecatedKey,
            Case::new(&[FieldSpec { aliases: &["JWT_KEY"], ..secret("JWT_SECRET") }])
                .dotenv(".env", 3, "JWT_KEY", "fake-old-key")
                .set("JWT_SECRET", "fake-new-key"),
            "\
warning: JWT_KEY is an old name of JWT_SECRET
  about JWT_SECRET #0, at .env:3:1
  help: rename JWT_KEY to JWT_SECRET in .env:3",
        );
    }
}
