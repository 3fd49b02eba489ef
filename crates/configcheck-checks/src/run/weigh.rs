//! How much a finding weighs: what the team decided, and less than an error where the schema only guessed.

use configcheck_core::schema::{Aspect, Key, Schema};
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use crate::policy::{Level, Policy};

/// Sets the severity of what one rule found.
pub(crate) fn weigh(schema: &Schema, policy: &Policy, rule: &RuleInfo, rests_on: &[Aspect], findings: &mut [Diagnostic]) {
    let level = policy.level_of(rule);
    for finding in findings {
        let is_lowered = !rests_on.is_empty() && rests_on_guess(schema, rests_on, finding);
        match level {
            Some(Level::At(severity)) => finding.severity = severity,
            _ if is_lowered => finding.severity = finding.severity.min(Severity::Warning),
            _ => {}
        }
    }
}

/// Whether a finding would not be there had the schema guessed otherwise; says so in its help.
fn rests_on_guess(schema: &Schema, rests_on: &[Aspect], finding: &mut Diagnostic) -> bool {
    // What weighs no more than a note does not say that anything is wrong.
    let Some(key) = finding.key_index.and_then(|index| schema.keys().get(index)).filter(|_| finding.severity > Severity::Note) else {
        return false;
    };
    let said = rests_on.iter().filter_map(|aspect| Some(sentence(key, *aspect, key.spec.guess(*aspect)?)));
    let before = finding.help.len();
    finding.help.extend(said.flatten());
    finding.help.len() > before
}

/// What was guessed and how to make it sure; `None` when the guess is not one that makes a finding.
fn sentence(key: &Key, aspect: Aspect, reason: &str) -> Option<String> {
    let (variable, spec) = (&key.variable, key.spec);
    match aspect {
        Aspect::Required if !spec.optional || !spec.required_in.is_empty() => {
            Some(format!("{variable} is guessed to be required: {reason}; say in the schema whether it is, to make it sure"))
        }
        Aspect::Type => {
            let expectation = spec.type_spec.expectation(spec.rust_type);
            Some(format!("{variable} is guessed to be {expectation}: {reason}; say its type in the schema to make it sure"))
        }
        Aspect::Secret if spec.is_secret() => {
            Some(format!("{variable} is guessed to be a secret: {reason}; say in the schema whether it is one, to make it sure"))
        }
        Aspect::Default if !spec.defaults.is_empty() => {
            Some(format!("the default of {variable} is guessed: {reason}; say in the schema whether it has one, to make it sure"))
        }
        Aspect::Deprecated if spec.deprecated.is_some() => {
            Some(format!("{variable} is guessed to be deprecated: {reason}; say so in the schema to make it sure"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{DefaultSpec, Deprecated, FieldSpec, Guess, VariableName};

    use super::*;
    use crate::rules::testing::{Case, integer, secret, text};
    use crate::run::check;

    const fn guessed<const N: usize>(aspects: [Aspect; N]) -> [Guess; N] {
        let mut guesses = [Guess { aspect: Aspect::Required, reason: "its name says so" }; N];
        let mut at = 0;
        while at < N {
            guesses[at].aspect = aspects[at];
            at += 1;
        }
        guesses
    }

    static ALL: [Guess; 5] = guessed(Aspect::ALL);

    /// Of the field's first finding: its severity, its rule, and the last line of its help.
    fn check_field(field: &FieldSpec, value: Option<&str>, policy: &Policy, expected: &str) {
        let mut case = Case::new(&[*field]).in_environment("production");
        if let Some(value) = value {
            let VariableName::Exact(name) = field.variable else { return };
            case = case.set(name, value);
        }
        let (schema, snapshot) = case.finish();
        let report = check(&schema, &snapshot, policy);
        let finding = report.findings.first().expect("there is a finding");
        let line = format!("{}[{}] {}", finding.severity, finding.rule.name, finding.help.last().map_or("", String::as_str));
        assert_eq!(line, expected);
    }

    #[test]
    fn what_rests_on_a_guess_is_a_warning_and_says_why() {
        let none = Policy::new();
        let check_guess = |field: FieldSpec, value, expected| check_field(&FieldSpec { guesses: &ALL, ..field }, value, &none, expected);
        check_guess(
            text("HOST"),
            None,
            "warning[missing-required] HOST is guessed to be required: its name says so; say in the schema whether it is, to make it sure",
        );
        check_guess(
            integer("PORT"),
            Some("80a80"),
            "warning[invalid-value] PORT is guessed to be a whole number from 0 to 65535: its name says so; say its type in the schema to \
             make it sure",
        );
        check_guess(
            secret("JWT_SECRET"),
            Some("changeme"),
            "warning[placeholder-value] JWT_SECRET is guessed to be a secret: its name says so; say in the schema whether it is one, to make \
             it sure",
        );
        let defaults = &[DefaultSpec { environments: &[], text: "mail" }];
        check_guess(
            FieldSpec { defaults, forbid_default_in: &["production"], ..text("MAIL") },
            None,
            "warning[default-in-production] the default of MAIL is guessed: its name says so; say in the schema whether it has one, to make \
             it sure",
        );
        check_guess(
            FieldSpec { deprecated: Some(Deprecated { since: None, note: None }), ..text("OLD") },
            Some("x"),
            "warning[deprecated-key] OLD is guessed to be deprecated: its name says so; say so in the schema to make it sure",
        );
    }

    #[test]
    fn what_was_said_or_decided_weighs_as_it_was() {
        let other = FieldSpec { guesses: &ALL[1..], ..text("HOST") };
        check_field(
            &other,
            None,
            &Policy::new(),
            "error[missing-required] set HOST in the environment, or name a file that holds it: HOST_FILE=/path",
        );
        check_field(
            &FieldSpec { guesses: &ALL, ..text("HOST") },
            None,
            &Policy::new().level("missing-required", Level::At(Severity::Error)),
            "error[missing-required] HOST is guessed to be required: its name says so; say in the schema whether it is, to make it sure",
        );
        check_field(
            &FieldSpec { guesses: &ALL, ..text("NAME") },
            Some("<name>"),
            &Policy::new(),
            "warning[placeholder-value] if it is the real value, accept the finding in the policy, with the reason",
        );
    }
}
