//! The list that changes are added to: who they are about, how much a guess lets them weigh, and that of two alike there is one.

use configcheck_core::Severity;
use configcheck_core::schema::{Aspect, Key};

use super::Change;
use super::subject::Subject;

/// The changes so far, and the key that the next ones are about.
#[derive(Default)]
pub(super) struct Changes {
    list: Vec<Change>,
    key: Option<String>,
    /// What of the key is a guess, in the old schema or in the new.
    guessed: Vec<Aspect>,
    environment: Option<String>,
}

impl Changes {
    /// What follows is about a key that both schemas have.
    pub(super) fn about(&mut self, old: &Subject<'_>, new: &Subject<'_>) {
        self.about_new(new);
        self.guessed.extend(old.key().spec.guesses.iter().map(|guess| guess.aspect));
    }

    /// What follows is about a key that only the new schema has.
    pub(super) fn about_new(&mut self, new: &Subject<'_>) {
        self.about_old(new.key());
    }

    /// What follows is about a key that only the old schema has.
    pub(super) fn about_old(&mut self, key: &Key) {
        self.key = Some(key.variable.clone().into_owned());
        self.guessed = key.spec.guesses.iter().map(|guess| guess.aspect).collect();
    }

    /// What follows is about the schema as a whole.
    pub(super) fn about_schema(&mut self) {
        self.key = None;
        self.guessed.clear();
    }

    /// Values that were good no longer are.
    pub(super) fn error(&mut self, rule: &'static str, message: String, next_step: String) {
        self.push(rule, None, Severity::Error, message, next_step);
    }

    /// Something behaves otherwise.
    pub(super) fn warning(&mut self, rule: &'static str, message: String, next_step: String) {
        self.push(rule, None, Severity::Warning, message, next_step);
    }

    /// Nobody has to act.
    pub(super) fn note(&mut self, rule: &'static str, message: String, next_step: String) {
        self.push(rule, None, Severity::Note, message, next_step);
    }

    /// A change that rests on an aspect which may be a guess.
    pub(super) fn push(&mut self, rule: &'static str, aspect: Option<Aspect>, level: Severity, message: String, next_step: String) {
        let is_guess = aspect.is_some_and(|aspect| self.guessed.contains(&aspect));
        let level = if is_guess { level.min(Severity::Warning) } else { level };
        self.list.push(Change { rule, level, key: self.key.clone(), environment: self.environment.clone(), message, next_step });
    }

    /// The same for one environment.
    pub(super) fn in_environment(&mut self, environment: Option<&str>, push: impl FnOnce(&mut Self)) {
        self.environment = environment.map(ToOwned::to_owned);
        push(self);
        self.environment = None;
    }

    /// All changes, the worst first.
    pub(super) fn finish(mut self) -> Vec<Change> {
        self.list.sort_by_key(|change| std::cmp::Reverse(change.level));
        self.list
    }
}
