//! `git-tracked-secret`: a `.env` file under version control holds secrets, or values of which nobody said whether they are.

use configcheck_core::display::escaped;
use configcheck_core::origin::{Origin, SourceId, SourceKind};
use configcheck_core::schema::{Aspect, Sensitivity};
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView, listed};

pub(super) struct GitTrackedSecret;

static INFO: RuleInfo = RuleInfo {
    name: "git-tracked-secret",
    code: "CC024",
    severity: Severity::Error,
    summary: "A .env file under version control holds secrets; a warning when nobody said whether its values are secrets.",
    page: include_str!("git_tracked_secret.md"),
};

/// The most variables that a finding names.
const MOST_NAMED: usize = 8;

impl Rule for GitTrackedSecret {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        !context.snapshot().tracked.is_empty()
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Secret]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for source in &context.snapshot().tracked {
            if context.snapshot().source(*source).kind == SourceKind::Dotenv {
                findings.extend(of_secrets(context, *source).or_else(|| of_unclassified(context, *source)));
            }
        }
    }
}

/// The keys of one sensitivity whose values the file holds, in the order of its lines.
fn held<'a>(context: &Context<'a>, source: SourceId, sensitivity: Sensitivity) -> Vec<(Origin, KeyView<'a>)> {
    let keys = (0..context.schema().keys().len()).map(|index| context.key(index));
    let first = |view: &KeyView<'a>| view.literals().map(|entry| entry.origin).filter(|origin| origin.source == source).min_by_key(line);
    let mut held: Vec<_> =
        keys.filter(|view| view.key.spec.sensitivity == sensitivity).filter_map(|view| Some((first(&view)?, view))).collect();
    held.sort_by_key(|(origin, _)| line(origin));
    held
}

fn line(origin: &Origin) -> u32 {
    origin.span.map_or(0, |span| span.line)
}

fn of_secrets(context: &Context<'_>, source: SourceId) -> Option<Diagnostic> {
    let held = held(context, source, Sensitivity::Secret);
    let (first, _) = held.first()?;
    // Where one of them is surely a secret, the finding does not rest on a guess about another.
    let (_, chief) = held.iter().find(|(_, view)| view.key.spec.guess(Aspect::Secret).is_none()).or(held.first())?;
    let file = escaped(&context.snapshot().source(source).name).into_owned();
    let mut names: Vec<&str> = held.iter().take(MOST_NAMED).map(|(_, view)| &*view.key.variable).collect();
    let more = held.len() - names.len();
    let rest = format!("{more} more");
    if more > 0 {
        names.push(&rest);
    }
    let (what, new) = match held.len() {
        1 => ("is a secret and stands", "make a new secret and put it elsewhere: the history keeps the old one for all who can read it"),
        _ => ("are secrets and stand", "make new secrets and put them elsewhere: the history keeps the old ones for all who can read it"),
    };
    let finding = Diagnostic::new(&INFO, format!("{} {what} in {file}, which is under version control", listed(&names, "and")))
        .about(chief.index, chief.key.variable.as_ref())
        .at(context.place_of(*first, &chief.key.variable))
        .help(new);
    Some(what_to_do(finding, &file))
}

/// A file with values of which nobody said what they are.
fn of_unclassified(context: &Context<'_>, source: SourceId) -> Option<Diagnostic> {
    let undeclared = context.snapshot().unknown.iter().map(|unknown| unknown.origin).filter(|origin| origin.source == source);
    let hidden = held(context, source, Sensitivity::Hidden);
    let first = undeclared.chain(hidden.iter().map(|(origin, _)| *origin)).min_by_key(line)?;
    let file = escaped(&context.snapshot().source(source).name).into_owned();
    let mut finding =
        Diagnostic::new(&INFO, format!("{file} is under version control and holds values of which nobody said whether they are secrets"))
            .at(context.place_of(first, ""))
            .help(
                "say in the schema of each of its keys whether it is a secret; where one is, make a new secret: the history keeps the old",
            );
    finding.severity = Severity::Warning;
    Some(what_to_do(finding, &file))
}

fn what_to_do(finding: Diagnostic, file: &str) -> Diagnostic {
    finding.help(format!("take the file out of version control: git rm --cached {file}, and add {file} to .gitignore"))
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{FieldSpec, Guess};

    use super::*;
    use crate::policy::Policy;
    use crate::rules::testing::{Case, check, secret, text};

    fn hidden(variable: &'static str) -> FieldSpec {
        FieldSpec { sensitivity: Sensitivity::Hidden, ..text(variable) }
    }

    #[test]
    fn names_the_secrets_of_a_tracked_file_once() {
        let case = Case::new(&[secret("JWT_SECRET"), secret("DB_PASSWORD"), text("HOST"), secret("TOKEN")])
            .dotenv(".env", 9, "JWT_SECRET", "not-a-real-secret-1")
            .dotenv(".env", 4, "DB_PASSWORD", "hunter2-fake")
            .dotenv(".env", 5, "HOST", "db")
            .dotenv(".env.local", 1, "TOKEN", "not-a-real-secret-2")
            .unknown(".env", 2, Some("COLOUR"))
            .tracked(".env");
        check(
            &GitTrackedSecret,
            case,
            "\
error: DB_PASSWORD and JWT_SECRET are secrets and stand in .env, which is under version control
  about DB_PASSWORD #1, at .env:4:1
  help: make new secrets and put them elsewhere: the history keeps the old ones for all who can read it
  help: take the file out of version control: git rm --cached .env, and add .env to .gitignore",
        );
        let below = Case::new(&[secret("JWT_SECRET")])
            .dotenv(".env", 9, "JWT_SECRET", "not-a-real-secret-1")
            .set("JWT_SECRET", "not-a-real-secret-2")
            .tracked(".env");
        check(
            &GitTrackedSecret,
            below,
            "\
error: JWT_SECRET is a secret and stands in .env, which is under version control
  about JWT_SECRET #0, at .env:9:1
  help: make a new secret and put it elsewhere: the history keeps the old one for all who can read it
  help: take the file out of version control: git rm --cached .env, and add .env to .gitignore",
        );
    }

    #[test]
    fn warns_of_values_that_nobody_classified() {
        let expected = |line: u32| {
            format!(
                "\
warning: .env is under version control and holds values of which nobody said whether they are secrets
  about -, at .env:{line}:1
  help: say in the schema of each of its keys whether it is a secret; where one is, make a new secret: the history keeps the old
  help: take the file out of version control: git rm --cached .env, and add .env to .gitignore"
            )
        };
        let case = || Case::new(&[hidden("KEY")]).dotenv(".env", 4, "KEY", "not-a-real-secret-1").tracked(".env");
        check(&GitTrackedSecret, case(), &expected(4));
        check(&GitTrackedSecret, case().unknown(".env", 2, None), &expected(2));
    }

    #[test]
    fn leaves_alone_what_is_no_secret_or_not_tracked() {
        let case = |value| Case::new(&[secret("JWT_SECRET"), text("HOST")]).dotenv(".env", 4, "JWT_SECRET", value);
        check(&GitTrackedSecret, case("not-a-real-secret-1"), "");
        for value in ["age:secrets.age#JWT_SECRET", "", "changeme"] {
            check(&GitTrackedSecret, case(value).tracked(".env"), "");
        }
        check(&GitTrackedSecret, Case::new(&[text("HOST")]).dotenv(".env", 5, "HOST", "db").tracked(".env"), "");
        check(&GitTrackedSecret, Case::new(&[hidden("KEY")]).dotenv(".env", 5, "KEY", "changeme").tracked(".env"), "");
    }

    #[test]
    fn a_sure_secret_among_guessed_ones_is_an_error() {
        const GUESSES: &[Guess] = &[Guess { aspect: Aspect::Secret, reason: "its name ends in _TOKEN" }];
        let check_severity = |guesses, expected| {
            let fields = [FieldSpec { guesses: GUESSES, ..secret("A_TOKEN") }, FieldSpec { guesses, ..secret("B_TOKEN") }];
            let case = Case::new(&fields).dotenv(".env", 1, "A_TOKEN", "hunter2-fake").dotenv(".env", 2, "B_TOKEN", "hunter2-fake");
            let (schema, snapshot) = case.tracked(".env").finish();
            let report = crate::run::check(&schema, &snapshot, &Policy::new());
            let found = report.of_rule(INFO.name).map(|finding| (finding.severity, finding.place.to_string())).collect::<Vec<_>>();
            assert_eq!(found, [(expected, ".env:1:1".to_owned())]);
        };
        check_severity(&[], Severity::Error);
        check_severity(GUESSES, Severity::Warning);
    }
}
