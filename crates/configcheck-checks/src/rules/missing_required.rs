//! `missing-required`: a value is demanded in this environment and none is set anywhere.

use configcheck_core::display::escaped;
use configcheck_core::origin::{SourceInfo, SourceKind};
use configcheck_core::schema::Aspect;
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView, Marks, listed, slip};

pub(super) struct MissingRequired;

static INFO: RuleInfo = RuleInfo {
    name: "missing-required",
    code: "CC001",
    severity: Severity::Error,
    summary: "A required value is not set.",
    page: include_str!("missing_required.md"),
};

/// The longest name of a foreign variable that is compared with a missing one.
const LONGEST_NAME: usize = 100;

impl Rule for MissingRequired {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.saw(Marks::NO_VALUE) || lacks_undeclared_environment(context)
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Required]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        if lacks_undeclared_environment(context) {
            findings.push(undeclared_environment(context));
        }
        for view in context.keys() {
            if context.lacks_value(&view) && !is_explained(context, &view) {
                findings.push(missing(context, &view));
            }
        }
    }
}

/// Whether another finding says why the value is not there.
fn is_explained(context: &Context<'_>, view: &KeyView<'_>) -> bool {
    let slot = view.slot;
    // A line that cannot be read, or a file that `KEY_FILE` names. Of the environment the source says only what follows from it.
    let is_environment = context.schema().environment_key() == Some(view.index);
    slot.empty().is_some() || slot.ignored().is_some() || slot.resolved().is_some() || (!is_environment && context.has_problem(view))
}

/// Whether the environment must be known, no field stands for it, and no source names it.
fn lacks_undeclared_environment(context: &Context<'_>) -> bool {
    let schema = context.schema();
    schema.environment_key().is_none()
        && schema.needs_environment()
        && context.environment().is_none()
        && context.snapshot().environment_origin.is_none()
}

fn undeclared_environment(context: &Context<'_>) -> Diagnostic {
    let variable = context.schema().environment_variable();
    let mut finding = Diagnostic::new(&INFO, no_environment(variable)).expected(context.environments());
    finding.key = Some(variable.to_owned());
    finding.help.extend(mistyped_variable(context, variable));
    finding.help.extend(searched(context, None));
    finding.help(how_to_choose(variable))
}

fn missing(context: &Context<'_>, view: &KeyView<'_>) -> Diagnostic {
    let variable = &*view.key.variable;
    if context.schema().environment_key() == Some(view.index) {
        let mut finding = context.finding(&INFO, view, no_environment(variable)).expected(context.expectation(view));
        add_mistyped(context, view, &mut finding);
        finding.help.extend(searched(context, Some(view)));
        return finding.help(how_to_choose(variable));
    }
    let message = if view.key.spec.optional {
        format!("{variable} is not set, and it is required in {}", context.environment_name())
    } else {
        format!("{variable} is not set")
    };
    let mut finding = context.finding(&INFO, view, message).expected(expected(context, view));
    add_mistyped(context, view, &mut finding);
    finding.help.extend(searched(context, Some(view)));
    finding = finding.help(context.how_to_set(view));
    if let Some(example) = view.example() {
        finding = finding.help(format!("an example: {variable}={example}"));
    }
    finding.help.extend(default_elsewhere(context, view));
    finding
}

fn no_environment(variable: &str) -> String {
    format!("{variable} is not set: there is no default environment")
}

fn how_to_choose(variable: &str) -> String {
    format!("set {variable} where the process is started, such as {variable}=production; on a developer's machine it may stand in .env")
}

/// The form of the value, and what it is for: the first sentence of the field's doc comment.
fn expected(context: &Context<'_>, view: &KeyView<'_>) -> String {
    let form = context.expectation(view);
    let doc = view.key.spec.doc;
    let sentence = doc.split_once(". ").map_or(doc, |(first, _)| first).trim_end_matches('.');
    if sentence.is_empty() { form } else { format!("{form} ({sentence})") }
}

/// Points at the name that was probably meant to be this key: one in a file, with its place, else a variable of the environment.
fn add_mistyped(context: &Context<'_>, view: &KeyView<'_>, finding: &mut Diagnostic) {
    let unknown = &context.snapshot().unknown;
    let names = || unknown.iter().filter_map(|key| key.name.as_deref());
    let in_file = view.names().find_map(|name| slip::written_for(name, names()));
    if let Some(key) = in_file.and_then(|name| unknown.iter().find(|key| key.name.as_deref() == Some(name))) {
        let name = escaped(key.name.as_deref().unwrap_or_default()).into_owned();
        let spot = context.spot(key.origin);
        finding.help.push(format!("{name} is set in {spot}: did you mean {}?", view.key.variable));
        finding.related.push((context.place_of(key.origin, &name), format!("{name} is not declared")));
        return;
    }
    finding.help.extend(mistyped_variable(context, &view.key.variable));
}

fn mistyped_variable(context: &Context<'_>, variable: &str) -> Option<String> {
    let foreign = context.snapshot().foreign.iter().filter_map(|name| name.0.to_str()).filter(|name| is_name(name));
    slip::written_for(variable, foreign).map(|name| format!("{name} is set: did you mean {variable}?"))
}

/// Whether a foreign name has the form of a variable's, and so can be shown as it is.
fn is_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The places that were searched, and which of them are not there.
fn searched(context: &Context<'_>, view: Option<&KeyView<'_>>) -> Option<String> {
    let mut places: Vec<String> = Vec::new();
    for place in context.snapshot().sources.iter().filter_map(|source| searched_place(context, source, view)) {
        // A file that was looked for twice is one place.
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let dotenv = if context.reads_dotenv() { "" } else { "; .env files are not read here" };
    (!places.is_empty()).then(|| format!("searched: {}{dotenv}", places.join(", ")))
}

fn searched_place(context: &Context<'_>, source: &SourceInfo, view: Option<&KeyView<'_>>) -> Option<String> {
    let name = escaped(&source.name);
    let place = match (&source.kind, view) {
        // What belongs to one other key, and what the program itself sets.
        (SourceKind::Default | SourceKind::KeyFile | SourceKind::From | SourceKind::Override | SourceKind::Example, _) => return None,
        (SourceKind::Dotenv, _) if !context.reads_dotenv() => return None,
        (SourceKind::Mounted, _) if is_file_of_a_key(context, &source.name) => return None,
        (SourceKind::Mounted, Some(view)) if source.present => {
            format!("{}/{}", name.trim_end_matches('/'), view.key.variable.to_ascii_lowercase())
        }
        _ => name.into_owned(),
    };
    Some(if source.present { place } else { format!("{place} (not there)") })
}

/// Whether a mounted source is the file of one key, and no directory that was searched.
fn is_file_of_a_key(context: &Context<'_>, path: &str) -> bool {
    let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let alike = file.to_ascii_uppercase().replace(['-', '.'], "_");
    context.schema().key_named(file.as_bytes()).or_else(|| context.schema().key_named(alike.as_bytes())).is_some()
}

/// The environments that have a default where this one has none.
fn default_elsewhere(context: &Context<'_>, view: &KeyView<'_>) -> Option<String> {
    let mut names: Vec<&str> = view.key.spec.defaults.iter().flat_map(|default| default.environments).copied().collect();
    names.dedup();
    let (last, has) = (listed(&names, "and"), if names.len() == 1 { "has" } else { "have" });
    let here = context.environment().map_or_else(String::new, |environment| format!("; {environment} has none"));
    (!names.is_empty()).then(|| format!("{last} {has} a default{here}"))
}

#[cfg(test)]
mod tests {
    use configcheck_core::origin::{Layer, SourceKind};
    use configcheck_core::provider::OutcomeKind;
    use configcheck_core::schema::{DefaultSpec, FieldSpec, GroupSpec, Member, Shape};

    use super::*;
    use crate::rules::testing::{Case, check, environment, integer, secret, text, url};

    fn database() -> FieldSpec {
        FieldSpec {
            doc: "Connection string of the orders database. Read once.",
            example: Some("postgres://user:password@host/orders"),
            defaults: &[DefaultSpec { environments: &["development"], text: "postgres://localhost/orders" }],
            ..url("DATABASE_URL")
        }
    }

    #[test]
    fn says_where_it_searched_and_what_to_do() {
        let case = Case::new(&[integer("PORT"), database()])
            .in_environment("production")
            .set("PORT", "8080")
            .present(SourceKind::Mounted, "/run/secrets", Layer::Mounted)
            .present(SourceKind::Mounted, "/run/secrets/port", Layer::Mounted)
            .present(SourceKind::Dotenv, ".env", Layer::Dotenv)
            .absent(SourceKind::Mounted, "/etc/shop", Layer::Mounted);
        check(
            &MissingRequired,
            case,
            "\
error: DATABASE_URL is not set
  about DATABASE_URL #1, at not set anywhere
  expected: a URL such as https://host/path (Connection string of the orders database)
  help: searched: the environment, /run/secrets/database_url, /etc/shop (not there); .env files are not read here
  help: set DATABASE_URL in the environment, or name a file that holds it: DATABASE_URL_FILE=/path
  help: an example: DATABASE_URL=postgres://user:password@host/orders
  help: development has a default; production has none",
        );
        check(&MissingRequired, Case::new(&[database()]).in_environment("development"), "");
    }

    #[test]
    fn names_the_variable_that_was_probably_meant() {
        let case = Case::new(&[secret("JWT_SECRET")]).in_environment("test").foreign("PATH").foreign("JWT_SECRT").absent(
            SourceKind::Dotenv,
            ".env",
            Layer::Dotenv,
        );
        check(
            &MissingRequired,
            case,
            "\
error: JWT_SECRET is not set
  about JWT_SECRET #0, at not set anywhere
  expected: text in UTF-8
  help: JWT_SECRT is set: did you mean JWT_SECRET?
  help: searched: the environment, .env (not there)
  help: set JWT_SECRET in the environment or in .env, or name a file that holds it: JWT_SECRET_FILE=/path",
        );
        let case = Case::new(&[text("REDIS_URL")]).in_environment("test").unknown(".env", 4, Some("REDSI_URL")).present(
            SourceKind::File,
            "config.toml",
            Layer::File,
        );
        check(
            &MissingRequired,
            case,
            "\
error: REDIS_URL is not set
  about REDIS_URL #0, at not set anywhere
  related: .env:4:1: REDSI_URL is not declared
  expected: text in UTF-8
  help: REDSI_URL is set in .env:4: did you mean REDIS_URL?
  help: searched: the environment, .env, config.toml
  help: set REDIS_URL in the environment or in .env, as redis_url in config.toml, or name a file that holds it: REDIS_URL_FILE=/path",
        );
    }

    #[test]
    fn demands_optional_fields_only_where_they_are_required() {
        let field = FieldSpec { optional: true, required_in: &["staging", "production"], ..text("SENTRY_DSN") };
        check(&MissingRequired, Case::new(&[field]).in_environment("development"), "");
        check(
            &MissingRequired,
            Case::new(&[field]).in_environment("production"),
            "\
error: SENTRY_DSN is not set, and it is required in production
  about SENTRY_DSN #0, at not set anywhere
  expected: text in UTF-8
  help: searched: the environment; .env files are not read here
  help: set SENTRY_DSN in the environment, or name a file that holds it: SENTRY_DSN_FILE=/path",
        );
    }

    #[test]
    fn an_unknown_environment_is_the_only_finding_that_it_causes() {
        check(
            &MissingRequired,
            Case::new(&[environment("APP_ENV"), database()]).absent(SourceKind::Dotenv, ".env", Layer::Dotenv),
            "\
error: APP_ENV is not set: there is no default environment
  about APP_ENV #0, at not set anywhere
  expected: an environment: development, test, staging or production
  help: searched: the environment, .env (not there)
  help: set APP_ENV where the process is started, such as APP_ENV=production; on a developer's machine it may stand in .env",
        );
        check(
            &MissingRequired,
            Case::new(&[database()]).foreign("APPENV").absent(SourceKind::Dotenv, ".env", Layer::Dotenv),
            "\
error: APP_ENV is not set: there is no default environment
  about APP_ENV, at not set anywhere
  expected: an environment: development, test, staging or production
  help: APPENV is set: did you mean APP_ENV?
  help: searched: the environment, .env (not there)
  help: set APP_ENV where the process is started, such as APP_ENV=production; on a developer's machine it may stand in .env",
        );
        check(&MissingRequired, Case::new(&[environment("APP_ENV")]).in_environment("production"), "");
    }

    #[test]
    fn keeps_quiet_where_something_else_explains_it() {
        let case = || Case::new(&[text("HOST")]).in_environment("production");
        check(&MissingRequired, case().set("HOST", ""), "");
        check(&MissingRequired, case().ignored(".env", 1, "HOST"), "");
        check(&MissingRequired, case().problem(".env", 1, "the quote of HOST is never closed", Some("HOST")), "");
        check(&MissingRequired, case().reference("HOST", "age:a.age#HOST", OutcomeKind::Denied, None), "");
        check(&MissingRequired, case().set("HOST", "db"), "");
    }

    #[test]
    fn leaves_out_an_optional_struct_that_is_absent_as_a_whole() {
        const REDIS: Shape = Shape {
            name: "Redis",
            doc: "",
            prefix: "",
            environments: &[],
            members: &[
                Member::Field(FieldSpec {
                    field: "url",
                    variable: configcheck_core::schema::VariableName::Exact("REDIS_URL"),
                    ..FieldSpec::PLAIN
                }),
                Member::Field(FieldSpec {
                    field: "db",
                    variable: configcheck_core::schema::VariableName::Exact("REDIS_DB"),
                    ..FieldSpec::PLAIN
                }),
            ],
        };
        const GROUP: Member = Member::Group(GroupSpec { field: "redis", file_key: None, prefix: "", optional: true, shape: &REDIS });
        let case = || Case::of(Shape { name: "shop", members: &[GROUP], ..REDIS }).in_environment("test");
        check(&MissingRequired, case(), "");
        check(
            &MissingRequired,
            case().set("REDIS_DB", "1"),
            "\
error: REDIS_URL is not set
  about REDIS_URL #0, at not set anywhere
  expected: text in UTF-8
  help: searched: the environment
  help: set REDIS_URL in the environment or in .env, or name a file that holds it: REDIS_URL_FILE=/path",
        );
    }
}
