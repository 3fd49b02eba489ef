//! Runs the rules and puts what they find into the order of the struct.

use configcheck_core::diagnostic::Tally;
use configcheck_core::{Diagnostic, Place, Report, Schema, Severity, Snapshot};

use crate::context::Context;
use crate::policy::{Level, Policy};
use crate::rules::ALL;

pub(crate) mod accept;
pub(crate) mod weigh;

use accept::accept;
use weigh::weigh;

/// Checks a snapshot against a schema. The same input gives the same report, finding by finding.
pub fn check(schema: &Schema, snapshot: &Snapshot, policy: &Policy) -> Report {
    let context = Context::new(schema, snapshot, policy);
    let mut findings = Vec::new();
    for rule in ALL {
        if policy.level_of(rule.info()) == Some(Level::Off) || !rule.applies(&context) {
            continue;
        }
        let start = findings.len();
        rule.check(&context, &mut findings);
        weigh(schema, policy, rule.info(), rule.rests_on(), &mut findings[start..]);
    }
    if !findings.is_empty() {
        accept(policy, &[snapshot], &mut findings);
        // The sort is stable: of one key, the findings stay in the order of the rules.
        findings.sort_by_key(position);
        drop_echoes(&mut findings);
        for rule in ALL {
            rule.gather(&context, &mut findings);
        }
    }
    Report {
        service: schema.name().to_owned(),
        environment: snapshot.environment.as_ref().map(|environment| environment.name().to_owned()),
        tally: tally(&context, &findings),
        findings,
    }
}

/// Where a finding stands in the report: first the errors that concern no key, since a source that cannot be read or an unknown
/// environment may explain the rest; then the keys in their order; last what concerns no key and stops nothing.
pub(crate) fn position(finding: &Diagnostic) -> (u8, usize) {
    match finding.key_index {
        None if finding.severity == Severity::Error => (0, 0),
        Some(index) => (1, index),
        None => (2, 0),
    }
}

/// The rule whose findings say most about a value.
const PLACEHOLDER: &str = "placeholder-value";

/// Of one value that is wrong in several ways, only what says most: that it is a placeholder, then that it is not valid, then that it is
/// weak. What is accepted, or weighs less, explains nothing, so that no error is lost with it.
fn drop_echoes(findings: &mut Vec<Diagnostic>) {
    let rank = |finding: &Diagnostic| match finding.rule.name {
        // The second explains a default, which stands in for the value that could not be read.
        PLACEHOLDER | "unreadable-source" => Some(0_u8),
        "invalid-value" => Some(1),
        // Those of a struct are about all of its keys, and bear the name of none.
        "constraint-violated" if finding.key_index.is_some() && finding.place != Place::Nowhere => Some(1),
        "weak-secret" => Some(2),
        "default-in-production" => Some(3),
        _ => None,
    };
    let explains = |one: &Diagnostic, other: &Diagnostic| {
        let (Some(first), Some(second)) = (rank(one), rank(other)) else { return false };
        let is_about_source = one.rule.name == "unreadable-source";
        let is_about_default = other.rule.name == "default-in-production";
        // A finding of another rule that weighs less than a higher one gives way to it.
        let weighs = if first < second { one.severity >= other.severity } else { first > second && one.severity > other.severity };
        is_about_source == is_about_default && one.suppressed.is_none() && weighs
    };
    // They are in the order of the keys.
    let of_keys = findings.chunk_by(|one, other| one.key_index == other.key_index);
    let is_echo: Vec<bool> = of_keys
        .flat_map(|of_key| of_key.iter().map(move |other| other.key_index.is_some() && of_key.iter().any(|one| explains(one, other))))
        .collect();
    let mut is_echo = is_echo.into_iter();
    findings.retain(|_| !is_echo.next().unwrap_or_default());
}

/// What is known of a key in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyVerdict {
    /// Nothing is wrong with it.
    Ok,
    /// An error other than a missing value.
    Bad,
    /// A value is demanded, and there is none.
    Missing,
    /// Its value lives elsewhere and was not fetched.
    NotCheckable,
}

/// The verdict on each key that is looked for here, in the order of the schema; `findings` are those of the report on the same snapshot.
pub fn verdicts(schema: &Schema, snapshot: &Snapshot, policy: &Policy, findings: &[Diagnostic]) -> Vec<(usize, KeyVerdict)> {
    verdicts_of(&Context::new(schema, snapshot, policy), findings).collect()
}

/// Judges the keys in one walk beside those that have an error.
fn verdicts_of(context: &Context<'_>, findings: &[Diagnostic]) -> impl Iterator<Item = (usize, KeyVerdict)> {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error && finding.suppressed.is_none());
    let mut wrong: Vec<usize> = errors.flat_map(Diagnostic::indexes).collect();
    // A finding about several keys stands where the first of them does.
    wrong.sort_unstable();
    let mut wrong = wrong.into_iter().peekable();
    context.keys().map(move |view| {
        while wrong.next_if(|index| *index < view.index).is_some() {}
        let verdict = if wrong.peek() != Some(&view.index) {
            let is_known = !view.slot.is_elsewhere() && (view.slot.winner.is_some() || !context.waits_for_environment(&view));
            if is_known { KeyVerdict::Ok } else { KeyVerdict::NotCheckable }
        } else if view.slot.winner.is_none() && view.slot.resolved().is_none() {
            KeyVerdict::Missing
        } else {
            KeyVerdict::Bad
        };
        (view.index, verdict)
    })
}

/// Counts the keys by their verdict.
fn tally(context: &Context<'_>, findings: &[Diagnostic]) -> Tally {
    let mut tally = Tally::default();
    for (_, verdict) in verdicts_of(context, findings) {
        *match verdict {
            KeyVerdict::Ok => &mut tally.ok,
            KeyVerdict::Bad => &mut tally.bad,
            KeyVerdict::Missing => &mut tally.missing,
            KeyVerdict::NotCheckable => &mut tally.not_checkable,
        } += 1;
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Acceptance;
    use crate::rules::testing::{Case, integer, secret, text};

    fn case() -> Case {
        Case::new(&[text("HOST"), integer("PORT"), secret("JWT_SECRET"), text("REGION")])
            .dotenv(".env", 3, "PORT", "80a80")
            .set("REGION", "eu")
            .unknown(".env", 9, Some("COLOUR"))
            .problem(".env", 12, "a line here is not NAME=value", None)
    }

    fn check_lines(case: Case, policy: &Policy, expected: &[&str]) {
        let (schema, snapshot) = case.finish();
        let report = check(&schema, &snapshot, policy);
        let lines: Vec<String> = report
            .findings
            .iter()
            .map(|finding| {
                let accepted = finding.suppressed.as_deref().map_or_else(String::new, |reason| format!(" (accepted: {reason})"));
                format!("{}[{}] {}{accepted}", finding.severity, finding.rule.name, finding.key.as_deref().unwrap_or("-"))
            })
            .collect();
        assert_eq!(lines, expected);
        for _ in 0..1_000 {
            assert_eq!(check(&schema, &snapshot, policy), report, "every run gives the same report");
        }
    }

    #[test]
    fn puts_findings_in_the_order_of_the_struct() {
        check_lines(
            case(),
            &Policy::new(),
            &[
                "error[unreadable-source] -",
                "error[missing-required] HOST",
                "error[invalid-value] PORT",
                "error[missing-required] JWT_SECRET",
                "warning[unknown-key] COLOUR",
            ],
        );
    }

    #[test]
    fn follows_the_policy() {
        let acceptance =
            |rule: &str, key: Option<&str>, reason: &str| Acceptance { rule: rule.into(), key: key.map(Into::into), reason: reason.into() };
        let policy = Policy::new()
            .level("CC019", Level::Off)
            .level("unknown-key", Level::At(Severity::Error))
            .accept(acceptance("missing-required", Some("HOST"), "comes with the next\nrelease"))
            .accept(acceptance("CC002", None, "  "));
        check_lines(
            case(),
            &policy,
            &[
                "error[unknown-key] COLOUR",
                "error[missing-required] HOST (accepted: comes with the next\\nrelease)",
                "error[invalid-value] PORT",
                "error[missing-required] JWT_SECRET",
                "warning[invalid-policy] -",
            ],
        );
    }

    #[test]
    fn follows_suppressions_in_files() {
        let good = case().suppressed(".env", 9, &["unknown-key"], "read by compose").suppressed(".env", 3, &["CC002"], "on purpose");
        check_lines(
            good,
            &Policy::new(),
            &[
                "error[unreadable-source] -",
                "error[missing-required] HOST",
                "error[invalid-value] PORT (accepted: on purpose)",
                "error[missing-required] JWT_SECRET",
                "warning[unknown-key] COLOUR (accepted: read by compose)",
            ],
        );
        let bad = case().suppressed(".env", 9, &["unknown-key"], " ").suppressed(".env", 4, &["CC002"], "another line");
        check_lines(
            bad,
            &Policy::new(),
            &[
                "error[unreadable-source] -",
                "error[missing-required] HOST",
                "error[invalid-value] PORT",
                "error[missing-required] JWT_SECRET",
                "warning[unknown-key] COLOUR",
                "warning[invalid-policy] -",
            ],
        );
    }

    #[test]
    fn says_one_thing_of_a_value() {
        use configcheck_core::constraint::{Check, Constraint};
        use configcheck_core::schema::{DefaultSpec, FieldSpec};
        const LONG: &[Constraint] =
            &[Constraint { check: Check::Length { min: Some(32), max: None, equal: None }, message: None, code: None }];
        let of = |field: FieldSpec| Case::new(&[FieldSpec { constraints: LONG, ..field }]).in_environment("production");
        let secret = || of(secret("JWT_SECRET"));
        check_lines(secret().set("JWT_SECRET", "changeme"), &Policy::new(), &["error[placeholder-value] JWT_SECRET"]);
        check_lines(secret().set("JWT_SECRET", "supersecretkey"), &Policy::new(), &["error[constraint-violated] JWT_SECRET"]);
        check_lines(of(text("NAME")).set("NAME", "todo"), &Policy::new(), &["error[constraint-violated] NAME"]);
        let acceptance = Acceptance { rule: "placeholder-value".into(), key: None, reason: "a demo".into() };
        check_lines(
            secret().set("JWT_SECRET", "changeme"),
            &Policy::new().accept(acceptance),
            &["error[constraint-violated] JWT_SECRET", "error[placeholder-value] JWT_SECRET (accepted: a demo)"],
        );
        let defaults = &[DefaultSpec { environments: &[], text: "mail" }];
        let field = FieldSpec { defaults, forbid_default_in: &["production"], ..text("MAIL") };
        let unreadable = Case::new(&[field]).in_environment("production").problem(".env", 1, "cannot be read", Some("MAIL"));
        check_lines(unreadable, &Policy::new(), &["error[unreadable-source] MAIL"]);
    }

    #[test]
    fn an_undeclared_key_is_accepted_by_the_name_that_stands_there() {
        let acceptance = Acceptance { rule: "unknown-key".into(), key: Some("HOTS_NAME".into()), reason: "another's".into() };
        let case = Case::new(&[text("HOST_NAME")]).unknown(".env", 9, Some("HOTS_NAME")).in_environment("development");
        check_lines(
            case,
            &Policy::new().accept(acceptance),
            &["error[missing-required] HOST_NAME", "error[unknown-key] HOST_NAME (accepted: another's)"],
        );
    }

    #[test]
    fn a_reference_that_nobody_fetched_is_quiet() {
        use configcheck_core::provider::OutcomeKind::NotFetched;
        use configcheck_core::schema::{DefaultSpec, FieldSpec};
        let defaults = &[DefaultSpec { environments: &["test"], text: "changeme" }];
        let fields = || {
            [
                secret("JWT_SECRET"),
                FieldSpec { defaults, forbid_default_in: &["production"], allow_empty: true, ..secret("DB_PASSWORD") },
                FieldSpec { optional: true, requires: &["db_password", "jwt_secret"], ..text("USER") },
                FieldSpec { optional: true, one_of: Some("store"), ..text("BUCKET") },
                FieldSpec { optional: true, one_of: Some("store"), ..text("FOLDER") },
                FieldSpec { optional: true, required_in: &["production"], ..secret("SENTRY_DSN") },
            ]
        };
        let case = || {
            Case::new(&fields())
                .in_environment("production")
                .reference("JWT_SECRET", "vault:secret/data/shop#jwt", NotFetched, None)
                .from("DB_PASSWORD", "vault:secret/data/shop#db", NotFetched)
                .reference("BUCKET", "aws-ssm:/bucket", NotFetched, None)
                .reference("SENTRY_DSN", "op://vault/sentry/dsn", NotFetched, None)
                .set("SENTRY_DSN", "")
                .ignored(".env.other", 7, "JWT_SECRET")
                .set("USER", "shop")
                .unknown(".env", 9, Some("JWT_SECRT"))
                .tracked(".env")
        };
        let of_file = ["warning[unknown-key] JWT_SECRT", "warning[git-tracked-secret] -"];
        check_lines(case(), &Policy::new(), &of_file);
        let (schema, snapshot) = case().finish();
        assert_eq!(check(&schema, &snapshot, &Policy::new()).tally, Tally { ok: 2, bad: 0, not_checkable: 4, missing: 0 });
        let (schema, snapshot) = case().set("FOLDER", "/data").finish();
        let report = check(&schema, &snapshot, &Policy::new());
        let conflict = report.of_rule("conflicting-keys").next().map(|finding| format!("{}: {}", finding.place, finding.message));
        assert_eq!(conflict.as_deref(), Some(".env:2:1: BUCKET and FOLDER are both set, and only one of them may be"));
    }

    #[test]
    fn of_a_key_that_nobody_classified_nothing_is_shown_and_nothing_demanded() {
        use configcheck_core::schema::{FieldSpec, Sensitivity};
        let hidden = |field: FieldSpec| FieldSpec { sensitivity: Sensitivity::Hidden, example: Some("12345678-fake"), ..field };
        let case = Case::new(&[hidden(text("API_KEY")), hidden(integer("PIN")), hidden(text("SIGNING_KEY"))])
            .in_environment("production")
            .config("config.toml", 1, "API_KEY", "password")
            .dotenv(".env.production", 2, "PIN", "hunter2-fake");
        let (schema, snapshot) = case.finish();
        let report = check(&schema, &snapshot, &Policy::new());
        let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule.name).collect();
        assert_eq!(rules, ["invalid-value", "missing-required"]);
        let everything = format!("{report:?}");
        assert!(!everything.contains("fake") && !everything.contains("\"password"), "{everything}");
    }

    #[test]
    fn counts_keys() {
        let (schema, snapshot) = case().finish();
        let tally = check(&schema, &snapshot, &Policy::new()).tally;
        assert_eq!(tally, Tally { ok: 1, bad: 1, not_checkable: 0, missing: 2 });
    }
}
