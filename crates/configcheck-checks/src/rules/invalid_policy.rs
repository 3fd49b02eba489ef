//! `invalid-policy`: a decision about the rules has no effect, since it names no rule or gives no reason.

use configcheck_core::snapshot::Suppression;
use configcheck_core::suggest::nearest;
use configcheck_core::{Diagnostic, Place, RuleInfo, Severity};

use super::{Rule, info_of, infos};
use crate::context::Context;

pub(super) struct InvalidPolicy;

static INFO: RuleInfo = RuleInfo {
    name: "invalid-policy",
    code: "CC021",
    severity: Severity::Warning,
    summary: "A decision about the rules names no rule or gives no reason.",
    page: include_str!("invalid_policy.md"),
};

/// The longest name that is shown; no rule's name is near to it.
const LONGEST_NAME: usize = 60;

impl Rule for InvalidPolicy {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        !context.policy().is_empty() || !context.snapshot().suppressions.is_empty()
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let policy = context.policy();
        let place = || Place::Source("the policy".to_owned());
        findings.extend(policy.unknown_rules(is_rule).map(|name| unknown_rule(name, shown(name), place())));
        for acceptance in policy.without_reason() {
            findings.push(without_reason(
                &format!("the policy accepts {} without a reason", shown(&acceptance.rule).unwrap_or("a rule")),
                place(),
            ));
        }
        for suppression in &context.snapshot().suppressions {
            let place = || place_of(context, suppression);
            if suppression.reason.trim().is_empty() {
                findings.push(without_reason("a finding is accepted here without a reason", place()));
            }
            findings.extend(suppression.rules.iter().filter(|name| !is_rule(name)).map(|name| {
                // In an env file a value may stand there; what is near to a rule's name is none.
                let name = name.as_str();
                unknown_rule(name, shown(name).filter(|name| nearest_rule(name).is_some()), place())
            }));
        }
    }
}

fn is_rule(name: &str) -> bool {
    info_of(name).is_some()
}

fn place_of(context: &Context<'_>, suppression: &Suppression) -> Place {
    Place::File { path: context.snapshot().source(suppression.source).name.to_string(), line: suppression.line, column: 0, bytes: None }
}

fn nearest_rule(name: &str) -> Option<&'static str> {
    nearest(name, infos().map(|info| info.name))
}

fn unknown_rule(name: &str, shown: Option<&str>, place: Place) -> Diagnostic {
    let message = match shown {
        Some(name) => format!("no rule is called {name}"),
        None => "no rule has the name that is given here".to_owned(),
    };
    let finding = Diagnostic::new(&INFO, message).at(place);
    match nearest_rule(name) {
        Some(nearest) => finding.help(format!("did you mean {nearest}?")),
        None => finding.help("a rule is called as reports call it: by its name, or by its code CC…"),
    }
}

fn without_reason(message: &str, place: Place) -> Diagnostic {
    Diagnostic::new(&INFO, format!("{message}, so it is not accepted"))
        .at(place)
        .help("say why: who reads it later must know when the reason is gone")
}

/// A name, when it may be shown: only what has the form of a rule's name, since anything may stand in a comment.
fn shown(name: &str) -> Option<&str> {
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    Some(name).filter(|_| is_name && (1..=LONGEST_NAME).contains(&name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Acceptance, Level, Policy};
    use crate::rules::testing::{Case, check, text};

    #[test]
    fn finds_names_of_no_rule() {
        let acceptance = Acceptance { rule: "CC999".into(), key: None, reason: "old".into() };
        let policy = Policy::new()
            .level("invalid-polcy", Level::Off)
            .level("invalid-polcy", Level::At(Severity::Note))
            .level("CC021", Level::At(Severity::Warning))
            .accept(acceptance);
        check(
            &InvalidPolicy,
            Case::new(&[text("HOST")]).policy(policy).suppressed(".env", 4, &["a b", "invalid-policy"], "on purpose"),
            "\
warning: no rule is called invalid-polcy
  about -, at the policy
  help: did you mean invalid-policy?
warning: no rule is called CC999
  about -, at the policy
  help: a rule is called as reports call it: by its name, or by its code CC…
warning: no rule has the name that is given here
  about -, at .env:4
  help: a rule is called as reports call it: by its name, or by its code CC…",
        );
    }

    #[test]
    fn finds_acceptances_without_a_reason() {
        let acceptance = Acceptance { rule: "CC021".into(), key: None, reason: " ".into() };
        check(
            &InvalidPolicy,
            Case::new(&[text("HOST")]).policy(Policy::new().accept(acceptance)).suppressed(".env", 4, &["CC021"], ""),
            "\
warning: the policy accepts CC021 without a reason, so it is not accepted
  about -, at the policy
  help: say why: who reads it later must know when the reason is gone
warning: a finding is accepted here without a reason, so it is not accepted
  about -, at .env:4
  help: say why: who reads it later must know when the reason is gone",
        );
        check(&InvalidPolicy, Case::new(&[text("HOST")]), "");
    }
}
