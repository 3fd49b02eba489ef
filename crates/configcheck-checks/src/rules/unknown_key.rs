//! `unknown-key`: a source holds a key that is not declared; one that looks like a slip of a missing key is an error.

use configcheck_core::display::escaped;
use configcheck_core::origin::{Layer, SourceKind};
use configcheck_core::schema::Aspect;
use configcheck_core::snapshot::UnknownKey as Unknown;
use configcheck_core::{Diagnostic, Place, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView, slip};

pub(super) struct UnknownKey;

static INFO: RuleInfo = RuleInfo {
    name: "unknown-key",
    code: "CC005",
    severity: Severity::Warning,
    summary: "A key is set and not declared; an error when it looks like a slip of a required key that is missing.",
    page: include_str!("unknown_key.md"),
};

impl Rule for UnknownKey {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        !context.snapshot().unknown.is_empty()
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let unknown = &context.snapshot().unknown;
        findings.extend(unknown.iter().take(MOST_NAMED).map(|unknown| finding(context, unknown)));
        if let Some(next) = unknown.get(MOST_NAMED) {
            let more = unknown.len() - MOST_NAMED;
            findings.push(
                Diagnostic::new(&INFO, format!("{more} more keys are not declared, the first of them here"))
                    .at(context.place_of(next.origin, ""))
                    .help("look whether this is the file of another service"),
            );
        }
    }
}

/// The number of unknown keys that are named one by one. Who has more has another service's file, and wants to read about the rest.
const MOST_NAMED: usize = 20;

fn finding(context: &Context<'_>, unknown: &Unknown) -> Diagnostic {
    let source = context.snapshot().source(unknown.origin.source);
    let Some(name) = &unknown.name else {
        return Diagnostic::new(&INFO, "a line here holds a key that is not declared")
            .at(context.place_of(unknown.origin, ""))
            .help("remove the line, or correct its key; the key is not shown, since a password may have slipped to its place");
    };
    let shown = escaped(name);
    let place = context.place_of(unknown.origin, &shown);
    if let Some((view, meant)) = meant(context, name, source.kind == SourceKind::File) {
        let mut finding = Diagnostic::new(&INFO, format!("{shown} is not declared: did you mean {meant}?"))
            .about(view.index, view.key.variable.as_ref())
            .at(place)
            .help(format!("rename {shown} to {meant} in {}", context.spot(unknown.origin)));
        // Where the service starts without it, or may, the key may as well be another program's.
        if context.is_missing(&view) && view.key.spec.guess(Aspect::Required).is_none() {
            finding.severity = Severity::Error;
        }
        if view.slot.layer() == Some(Layer::Default) {
            finding = finding.related(Place::Schema, format!("{} has its default as long as it is not set", view.key.variable));
        }
        return finding;
    }
    let mut finding = Diagnostic::new(&INFO, format!("{shown} is not declared"))
        .at(place)
        .help(format!("remove it, or declare a field for it: nothing reads {shown} here"));
    finding.key = Some(shown.into_owned());
    if source.kind == SourceKind::Dotenv {
        finding =
            finding.help(format!("where another program reads it, write on its line: # configcheck: ignore[{}] read by …", INFO.name));
    }
    finding
}

/// The key that was probably meant, and its name there: one that no source sets.
fn meant<'a>(context: &Context<'a>, name: &str, in_config_file: bool) -> Option<(KeyView<'a>, &'a str)> {
    let keys = || (0..context.schema().keys().len()).map(|index| context.key(index));
    let unset = || keys().filter(|view| !view.slot.is_set() && view.slot.resolved().is_none());
    // In a config file a key is rather called by its path than by its variable.
    let paths = unset().filter(|_| in_config_file).map(|view| &*view.key.file_path);
    let meant = slip::meant(name, paths).or_else(|| slip::meant(name, unset().flat_map(|view| view.names())))?;
    unset().find(|view| view.names().any(|name| name == meant)).map(|view| (view, meant))
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{DefaultSpec, FieldSpec};

    use super::*;
    use crate::rules::testing::{Case, check, secret, text};

    #[test]
    fn names_the_key_and_what_to_do() {
        check(
            &UnknownKey,
            Case::new(&[text("HOST")]).unknown(".env", 4, Some("COLOUR")).unknown("config.toml", 2, Some("colour\u{1b}")),
            "\
warning: COLOUR is not declared
  about COLOUR, at .env:4:1
  help: remove it, or declare a field for it: nothing reads COLOUR here
  help: where another program reads it, write on its line: # configcheck: ignore[unknown-key] read by …
warning: colour\\u{1b} is not declared
  about colour\\u{1b}, at config.toml:2:1
  help: remove it, or declare a field for it: nothing reads colour\\u{1b} here",
        );
        check(&UnknownKey, Case::new(&[text("HOST")]).foreign("COLOUR"), "");
    }

    #[test]
    fn a_slip_is_an_error_and_belongs_to_the_key_that_was_meant() {
        let defaults = &[DefaultSpec { environments: &[], text: "info" }];
        check(
            &UnknownKey,
            Case::new(&[text("HOST"), secret("DATABASE_URL"), FieldSpec { defaults, ..text("LOG_LEVEL") }])
                .unknown(".env", 4, Some("DATABSE_URL"))
                .unknown("config.toml", 9, Some("log_levl")),
            "\
error: DATABSE_URL is not declared: did you mean DATABASE_URL?
  about DATABASE_URL #1, at .env:4:1
  help: rename DATABSE_URL to DATABASE_URL in .env:4
warning: log_levl is not declared: did you mean log_level?
  about LOG_LEVEL #2, at config.toml:9:1
  related: the schema: LOG_LEVEL has its default as long as it is not set
  help: rename log_levl to log_level in config.toml:9",
        );
    }

    #[test]
    fn a_key_that_is_set_was_not_meant() {
        check(
            &UnknownKey,
            Case::new(&[text("REDIS_URL")]).set("REDIS_URL", "redis://cache").unknown(".env", 4, Some("REDIS_URI")),
            "\
warning: REDIS_URI is not declared
  about REDIS_URI, at .env:4:1
  help: remove it, or declare a field for it: nothing reads REDIS_URI here
  help: where another program reads it, write on its line: # configcheck: ignore[unknown-key] read by …",
        );
    }

    #[test]
    fn shows_only_the_place_of_what_may_be_a_secret() {
        check(
            &UnknownKey,
            Case::new(&[text("HOST")]).unknown(".env", 4, None),
            "\
warning: a line here holds a key that is not declared
  about -, at .env:4:1
  help: remove the line, or correct its key; the key is not shown, since a password may have slipped to its place",
        );
    }
}
