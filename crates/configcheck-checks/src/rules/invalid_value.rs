//! `invalid-value`: the text is there and is not of the field's type.

use configcheck_core::Environment;
use configcheck_core::display::Shown;
use configcheck_core::from_value::{Mismatch, MismatchKind};
use configcheck_core::schema::Aspect;
use configcheck_core::snapshot::Verdict;
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::{Context, KeyView, Marks};

pub(super) struct InvalidValue;

static INFO: RuleInfo = RuleInfo {
    name: "invalid-value",
    code: "CC002",
    severity: Severity::Error,
    summary: "A value is not of its field's type.",
    page: include_str!("invalid_value.md"),
};

impl Rule for InvalidValue {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.saw(Marks::REFUSED) || (context.environment().is_none() && context.schema().environment_key().is_some())
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Type]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            if let Verdict::Refused(mismatch) = &view.slot.verdict {
                findings.push(finding(context, &view, mismatch));
            } else if is_no_environment(context, &view) {
                findings.push(finding(context, &view, &MismatchKind::Type.mismatch()));
            }
        }
    }
}

/// Whether this key chooses the environment and its value is no name of one. It has no verdict: the environment is read before the rest.
fn is_no_environment(context: &Context<'_>, view: &KeyView<'_>) -> bool {
    context.environment().is_none()
        && context.schema().environment_key() == Some(view.index)
        && view.slot.winner.is_some()
        && !view.slot.satisfies(|text| Environment::parse(text, context.schema().environments()).is_some())
}

fn finding(context: &Context<'_>, view: &KeyView<'_>, mismatch: &Mismatch) -> Diagnostic {
    let expected = context.expectation(view);
    let message = match (mismatch.kind, mismatch.item) {
        (MismatchKind::NotUtf8, _) => format!("{} is not UTF-8", view.key.variable),
        (MismatchKind::NotText, _) => format!("{} is a list or a table, and one value is expected", view.key.variable),
        (MismatchKind::NotTable, _) => format!("{} is not a table", view.key.variable),
        (_, Some(item)) => format!("item {item} of {} is not valid", view.key.variable),
        (_, None) => format!("{} is not {expected}", view.key.variable),
    };
    let mut finding = context.finding(&INFO, view, message).expected(expected);
    if let Some(nearest) = mismatch.nearest.or_else(|| nearest_environment(context, view)) {
        finding = finding.help(format!("did you mean {nearest}?"));
    }
    // A parser's own words may quote the value; they are kept only for fields that are no secret, and shown like a value.
    if let Some(detail) = mismatch.detail.as_deref().filter(|_| !view.key.spec.hides_value()) {
        finding = finding.help(format!("its parser says: {}", Shown::of(detail).as_str()));
    }
    if let Some(example) = view.example() {
        finding = finding.help(format!("an example: {example}"));
    }
    if finding.help.is_empty() {
        finding = finding.help(format!("write the value of {} as it is expected; nothing is trimmed or guessed", view.key.variable));
    }
    finding
}

/// The environment that was probably meant; of a key that is no secret.
fn nearest_environment(context: &Context<'_>, view: &KeyView<'_>) -> Option<&'static str> {
    if context.schema().environment_key() != Some(view.index) {
        return None;
    }
    context.nearest_environment(context.shown(view)?.as_str())
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::FieldSpec;

    use super::*;
    use crate::rules::testing::{Case, check, environment, integer, secret, text, url};

    #[test]
    fn shows_what_stands_there_and_what_is_expected() {
        check(
            &InvalidValue,
            Case::new(&[integer("PORT")]).dotenv(".env", 3, "PORT", "80a80"),
            "\
error: PORT is not a whole number from 0 to 65535
  about PORT #0, at .env:3:1
  expected: a whole number from 0 to 65535
  found: 80a80
  help: write the value of PORT as it is expected; nothing is trimmed or guessed",
        );
        check(&InvalidValue, Case::new(&[integer("PORT")]).set("PORT", "8080"), "");
    }

    #[test]
    fn shows_nothing_of_a_secret() {
        let field = FieldSpec { type_spec: url("").type_spec, example: Some("postgres://user@host/db"), ..secret("DATABASE_URL") };
        let case = Case::new(&[field]).set("DATABASE_URL", "postgres//fake-user:fake-password@db").with(|snapshot| {
            let mismatch = Mismatch { detail: Some("fake-password".into()), ..MismatchKind::Type.mismatch() };
            snapshot.slots[0].verdict = Verdict::Refused(Box::new(mismatch));
        });
        check(
            &InvalidValue,
            case,
            "\
error: DATABASE_URL is not a URL such as https://host/path
  about DATABASE_URL #0, at environment variable DATABASE_URL
  expected: a URL such as https://host/path
  help: an example: postgres://user@host/db",
        );
    }

    #[test]
    fn says_each_kind_of_mismatch() {
        let refused = |kind: MismatchKind, item: Option<usize>| {
            let mismatch = Mismatch { item, detail: Some("bad\n\"x\"".into()), nearest: Some("info"), ..kind.mismatch() };
            Case::new(&[text("LEVEL")])
                .set("LEVEL", "inof")
                .with(|snapshot| snapshot.slots[0].verdict = Verdict::Refused(Box::new(mismatch)))
        };
        for (kind, item, message) in [
            (MismatchKind::NotUtf8, None, "LEVEL is not UTF-8"),
            (MismatchKind::NotText, None, "LEVEL is a list or a table, and one value is expected"),
            (MismatchKind::NotTable, None, "LEVEL is not a table"),
            (MismatchKind::Type, Some(2), "item 2 of LEVEL is not valid"),
        ] {
            let expected = format!(
                "\
error: {message}
  about LEVEL #0, at environment variable LEVEL
  expected: text in UTF-8
  found: inof
  help: did you mean info?
  help: its parser says: bad\\n\"x\""
            );
            check(&InvalidValue, refused(kind, item), &expected);
        }
    }

    #[test]
    fn knows_what_is_no_environment() {
        check(
            &InvalidValue,
            Case::new(&[environment("APP_ENV")]).set("APP_ENV", "Production"),
            "\
error: APP_ENV is not an environment: development, test, staging or production
  about APP_ENV #0, at environment variable APP_ENV
  expected: an environment: development, test, staging or production
  found: Production
  help: did you mean production?",
        );
        check(&InvalidValue, Case::new(&[environment("APP_ENV")]).set("APP_ENV", "prod").in_environment("prod"), "");
    }
}
