//! What becomes of a key in one environment: its places, who wins and why, where a reference leads, and the findings.

use configcheck_checks::{Context, KeyVerdict};
use configcheck_core::display::Shown;
use configcheck_core::origin::Layer;
use configcheck_core::provider::{Access, OutcomeKind};
use configcheck_core::{Diagnostic, Environment, SecretRef};
use configcheck_policy::permission;

use super::layers::{Row, State, rows};
use crate::examination::Examiner;
use crate::inquiry::{self, Answer};
use crate::providers;
use crate::targets::TargetInput;

/// What becomes of a key in one environment.
#[derive(Debug)]
pub(super) struct Outcome {
    /// What a person calls the target.
    pub(super) target: String,
    /// The environment, when it is known.
    pub(super) environment: Option<String>,
    /// The verdict; `None` where the key is not looked for, since the optional struct around it is absent.
    pub(super) verdict: Option<KeyVerdict>,
    /// Every place that can set it, lowest layer first.
    pub(super) rows: Vec<Row>,
    /// Who wins and why.
    pub(super) decision: String,
    /// Where a reference leads.
    pub(super) reference: Option<Reference>,
    /// What was found about the key.
    pub(super) findings: Vec<Diagnostic>,
}

/// Where a reference leads, in its parts.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) text: String,
    pub(super) scheme: &'static str,
    pub(super) path: String,
    pub(super) field: Option<String>,
    /// The canonical text of what is fetched.
    pub(super) id: String,
    /// Whether this command reaches the manager.
    pub(super) is_reached: bool,
    /// The permission that it needs.
    pub(super) needs: Option<String>,
    /// What the manager says of it; `None` when it was not asked.
    pub(super) answer: Option<String>,
}

impl Outcome {
    /// Examines a target and keeps what is about the key.
    pub(super) fn of(examiner: &Examiner<'_>, target: &TargetInput, index: usize, asks: bool) -> Self {
        let examination = examiner.examine(target);
        let context = Context::new(examiner.schema, &examination.snapshot, examiner.policy);
        let mut rows = rows(&context, index);
        let slot = &examination.snapshot.slots[index];
        let reference = slot.resolved().and_then(|resolved| resolved.reference.as_ref());
        let reference = reference.map(|reference| Reference::of(reference, asks, examination.snapshot.environment.clone()));
        let verdict = examination.verdicts.iter().find(|(key, _)| *key == index).map(|(_, verdict)| *verdict);
        if verdict.is_none() {
            rows.iter_mut().filter(|row| row.state == State::Wins).for_each(|row| row.state = State::Unused);
        }
        Self {
            target: target.name.clone(),
            decision: decision(&context, index, &rows, verdict),
            environment: examination.report.environment.clone(),
            verdict,
            rows,
            reference,
            findings: examination.report.findings.iter().filter(|finding| finding.is_about(index)).cloned().collect(),
        }
    }

    /// The word for the verdict.
    pub(super) const fn verdict_name(&self) -> &'static str {
        match self.verdict {
            Some(KeyVerdict::Ok) => "ok",
            Some(KeyVerdict::Bad) => "bad",
            Some(KeyVerdict::Missing) => "missing",
            Some(KeyVerdict::NotCheckable) => "not checkable here",
            None => "not looked for",
        }
    }
}

impl Reference {
    fn of(reference: &SecretRef, asks: bool, environment: Option<Environment>) -> Self {
        let shown = |text: &str| Shown::of(text).as_str().to_owned();
        Self {
            text: shown(reference.as_str()),
            scheme: reference.scheme(),
            path: shown(reference.path()),
            field: reference.field().map(shown),
            id: shown(&reference.id()),
            is_reached: providers::schemes().contains(&reference.scheme()),
            needs: permission(reference),
            answer: asks.then(|| answer(reference, environment)),
        }
    }
}

/// What the manager says of a reference.
fn answer(reference: &SecretRef, environment: Option<Environment>) -> String {
    let inquiry = inquiry::ask(std::slice::from_ref(reference), environment, inquiry::USUAL_DEADLINE);
    let Some(answer) = inquiry.answer(reference) else { return "nobody was asked".to_owned() };
    match (answer.failure(), answer) {
        (Some((kind, reason)), _) => reason.map_or_else(|| kind.name().to_owned(), |reason| format!("{}: {}", kind.name(), reason.message)),
        (None, Answer::Asked(probed)) => {
            let state = match &probed.probe.access {
                Access::Allowed(reason) => reason.message.clone(),
                _ => "it can be read".to_owned(),
            };
            probed.probe.version.as_ref().map_or_else(|| state.clone(), |version| format!("{state}, version {version}"))
        }
        (None, Answer::Refused(kind, _)) => kind.name().to_owned(),
    }
}

/// Who wins and why, in one sentence.
fn decision(context: &Context<'_>, index: usize, rows: &[Row], verdict: Option<KeyVerdict>) -> String {
    let view = context.key(index);
    let winner = rows.iter().find(|row| row.state == State::Wins);
    let others = rows.iter().filter(|row| row.state == State::Overridden && row.layer != "default").count();
    if let Some(resolved) = view.slot.resolved() {
        let place = winner.map_or_else(|| "the reference".to_owned(), |row| row.place.to_string());
        return match resolved.outcome {
            OutcomeKind::NotFetched => format!("{place} says where the value is; it is not fetched here"),
            OutcomeKind::BadReference => format!("{place} looks like a reference and is not a good one"),
            _ => format!("{place} says where the value is"),
        };
    }
    if verdict.is_none() {
        return "nothing sets the key, nor another of its struct, which may be absent as a whole".to_owned();
    }
    match (winner, view.slot.layer()) {
        (_, Some(Layer::Default)) => "the default decides: no source sets the key".to_owned(),
        (Some(winner), _) if others == 0 => format!("{} decides: no other source sets the key", winner.place),
        (Some(winner), _) => format!("{} decides: it is the highest of the {} that set the key", winner.place, others + 1),
        (None, _) if let Some(row) = rows.iter().find(|row| row.state == State::Unreadable) => {
            format!("{} cannot be read, and nothing else sets the key", row.place)
        }
        (None, _) if verdict == Some(KeyVerdict::Missing) => "nothing sets the key, and a value is required here".to_owned(),
        (None, _) if context.waits_for_environment(&view) => {
            "nothing sets the key; whether a default stands in depends on the environment, which is not known".to_owned()
        }
        (None, _) => "nothing sets the key, and no value is required here".to_owned(),
    }
}
