//! What the managers' answers mean for the keys: what is readable, and what is wrong, each cause once.

use std::time::{Duration, SystemTime};

use configcheck_core::provider::{Access, OutcomeKind, Reason, Trust};
use configcheck_core::{Environment, Provider as _, SecretRef};

use crate::exit::Exit;
use crate::inquiry::{Answer, Inquiry};
use crate::providers;
use crate::references::KeyReferences;

/// So soon before its end somebody should look at a secret or a login.
const SOON: Duration = Duration::from_hours(7 * 24);

/// Everything that was found.
#[derive(Debug)]
pub(super) struct Diagnosis {
    /// What a person calls the target.
    pub(super) target: String,
    /// The environment, when it is known.
    pub(super) environment: Option<String>,
    /// The managers, each with its references.
    pub(super) managers: Vec<Manager>,
    /// What is wrong, the worst first.
    pub(super) findings: Vec<Finding>,
    /// When the managers were asked.
    pub(super) now: SystemTime,
}

/// One manager.
#[derive(Debug)]
pub(super) struct Manager {
    pub(super) scheme: &'static str,
    /// As whom it was asked; `None` when the login failed.
    pub(super) login: Option<String>,
    /// How long the login took; `None` for files, where that tells nothing.
    pub(super) took: Option<Duration>,
    /// Who the manager takes this process for.
    pub(super) identity: Option<String>,
    /// What else is known of the login, as label and text.
    pub(super) details: Vec<(String, String)>,
    /// Until when the login holds.
    pub(super) expires: Option<SystemTime>,
    pub(super) references: Vec<Line>,
}

/// One reference.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) reference: String,
    pub(super) variables: Vec<String>,
    pub(super) state: State,
    pub(super) version: Option<String>,
    pub(super) created: Option<SystemTime>,
    pub(super) not_after: Option<SystemTime>,
    pub(super) took: Option<Duration>,
    /// What the manager says beside it.
    pub(super) note: Option<String>,
}

/// What is known of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It can be read; its value was not asked for.
    Readable,
    /// It was read, and the value dropped.
    Read,
    /// It may be read if it is there.
    Allowed,
    /// It is absent, and nobody needs it.
    Spared,
    /// It cannot be read.
    Failed(OutcomeKind),
}

impl State {
    /// The word for it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Readable => "readable",
            Self::Read => "read",
            Self::Allowed => "allowed",
            Self::Spared => "spared",
            Self::Failed(kind) => kind.name(),
        }
    }
}

/// One cause and all that it keeps from being read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) is_error: bool,
    /// What became of the references; `None` for what is about to end.
    pub(super) kind: Option<OutcomeKind>,
    pub(super) message: String,
    pub(super) help: Vec<String>,
    pub(super) variables: Vec<String>,
}

impl Diagnosis {
    /// Puts the answers together.
    pub(super) fn of(target: &str, environment: Option<&Environment>, keys: &[KeyReferences], inquiry: &Inquiry) -> Self {
        let now = SystemTime::now();
        let mut diagnosis = Self {
            target: target.to_owned(),
            environment: environment.map(|environment| environment.name().to_owned()),
            managers: Vec::new(),
            findings: Vec::new(),
            now,
        };
        for key in keys {
            for reason in &key.bad {
                diagnosis.add(OutcomeKind::BadReference, &Reason::new(reason.clone()), std::slice::from_ref(&key.variable));
            }
        }
        for provider in &inquiry.providers {
            // Of files, and of a login that failed, the time tells nothing.
            let is_timed = provider.login.is_ok()
                && providers::all().iter().any(|own| own.schemes().contains(&provider.scheme) && own.trust() == Trust::Managed);
            let identity = provider.identity.as_ref().and_then(|identity| identity.as_ref().ok());
            let mut manager = Manager {
                scheme: provider.scheme,
                login: provider.login.as_ref().ok().cloned(),
                took: is_timed.then_some(provider.took),
                identity: identity.map(|identity| identity.name.clone()).filter(|name| Some(name) != provider.login.as_ref().ok()),
                details: identity.map(|identity| identity.details.clone()).unwrap_or_default(),
                expires: identity.and_then(|identity| identity.expires),
                references: Vec::new(),
            };
            if let Some(Err(outcome)) = &provider.identity
                && let Some(reason) = outcome.reason()
            {
                manager.details.push(("identity".to_owned(), format!("not known: {}", reason.message)));
            }
            for probed in &provider.references {
                let users = users(keys, &probed.reference);
                let line = line(is_timed.then_some(probed.took), Answer::Asked(probed), &probed.reference, &users, inquiry);
                diagnosis.note(&line, Answer::Asked(probed));
                manager.references.push(line);
            }
            diagnosis.managers.push(manager);
        }
        for (reference, kind, reason) in &inquiry.refused {
            let variables: Vec<String> = users(keys, reference).iter().map(|key| key.variable.clone()).collect();
            diagnosis.add(*kind, reason, &variables);
        }
        diagnosis.findings.sort_by_key(|finding| !finding.is_error);
        diagnosis
    }

    /// How the command ends: a manager that did not answer leaves open what the others' answers do not.
    pub(super) fn exit(&self) -> Exit {
        let is_open = |finding: &Finding| matches!(finding.kind, Some(OutcomeKind::Unavailable | OutcomeKind::Throttled));
        if self.findings.iter().any(is_open) {
            Exit::Incomplete
        } else if self.findings.iter().any(|finding| finding.is_error) {
            Exit::Findings
        } else {
            Exit::Clean
        }
    }

    /// How many references there are of each state: readable, allowed, not readable.
    pub(super) fn counts(&self) -> (usize, usize, usize) {
        let lines = || self.managers.iter().flat_map(|manager| &manager.references);
        let count = |wanted: fn(State) -> bool| lines().filter(|line| wanted(line.state)).count();
        let readable = count(|state| matches!(state, State::Readable | State::Read));
        (readable, count(|state| state == State::Allowed), count(|state| matches!(state, State::Failed(_))))
    }

    /// Notes what is wrong with a reference, and what is about to end.
    fn note(&mut self, line: &Line, answer: Answer<'_>) {
        if let (State::Failed(kind), Some((_, reason))) = (line.state, answer.failure()) {
            let reason = reason.cloned().unwrap_or_else(|| Reason::new(kind.name()));
            self.add(kind, &reason, &line.variables);
        }
        if let Some(left) = line.not_after.map(|end| end.duration_since(self.now)) {
            let (is_error, message) = match left {
                Err(_) => (true, format!("{} has expired", line.reference)),
                // A secret that the manager makes for each process always ends soon.
                Ok(left) if left < SOON && line.created.is_some() => (false, format!("{} expires soon", line.reference)),
                Ok(_) => return,
            };
            let kind = is_error.then_some(OutcomeKind::Absent);
            let help = vec!["put a new version into the secret manager, and start the services anew".to_owned()];
            self.findings.push(Finding { is_error, kind, message, help, variables: line.variables.clone() });
        }
    }

    fn add(&mut self, kind: OutcomeKind, reason: &Reason, variables: &[String]) {
        let same = |finding: &&mut Finding| finding.kind == Some(kind) && finding.message == reason.message && finding.help == reason.help;
        match self.findings.iter_mut().find(same) {
            Some(finding) => {
                let new = variables.iter().filter(|name| !finding.variables.contains(name)).cloned().collect::<Vec<_>>();
                finding.variables.extend(new);
            }
            None => self.findings.push(Finding {
                is_error: true,
                kind: Some(kind),
                message: reason.message.clone(),
                help: reason.help.clone(),
                variables: variables.to_vec(),
            }),
        }
    }
}

/// The keys that a reference is for.
fn users<'k>(keys: &'k [KeyReferences], reference: &SecretRef) -> Vec<&'k KeyReferences> {
    let is_of = |key: &&KeyReferences| key.references.iter().any(|other| other.without_field() == *reference);
    keys.iter().filter(is_of).collect()
}

fn line(took: Option<Duration>, answer: Answer<'_>, reference: &SecretRef, users: &[&KeyReferences], inquiry: &Inquiry) -> Line {
    let mut line = Line {
        reference: reference.to_string(),
        variables: users.iter().map(|key| key.variable.clone()).collect(),
        state: State::Failed(OutcomeKind::NotFetched),
        version: None,
        created: None,
        not_after: None,
        took,
        note: None,
    };
    if let Answer::Asked(probed) = answer {
        let probe = &probed.probe;
        line.state = match &probe.access {
            Access::Readable => State::Readable,
            Access::Read => State::Read,
            Access::Allowed(reason) => {
                line.note = Some(reason.message.clone());
                State::Allowed
            }
            Access::Failed(outcome)
                if outcome.kind() == OutcomeKind::Absent && users.iter().all(|key| is_spared(key, reference, inquiry)) =>
            {
                State::Spared
            }
            Access::Failed(outcome) => State::Failed(outcome.kind()),
            _ => State::Failed(OutcomeKind::Malformed),
        };
        line.version.clone_from(&probe.version);
        (line.created, line.not_after) = (probe.created, probe.not_after);
    }
    line
}

/// Whether a key does without a reference that is absent: another one of its references can be read, or it needs none.
fn is_spared(key: &KeyReferences, absent: &SecretRef, inquiry: &Inquiry) -> bool {
    let after = key.references.iter().skip_while(|reference| reference.without_field() != *absent).skip(1);
    let mut answers = after.filter_map(|reference| inquiry.answer(reference));
    key.spares || answers.any(|answer| answer.failure().is_none())
}
