//! What a team decides about the rules: how much a finding weighs, and which ones are accepted, each with its reason.

use configcheck_core::Severity;

/// How much the findings of a rule weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The rule does not run.
    Off,
    /// Its findings have this severity.
    At(Severity),
}

/// A finding that the team accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The rule, by name or code.
    pub rule: String,
    /// The variable that it is accepted for; `None` for all.
    pub key: Option<String>,
    /// Why. Without a reason nothing is accepted.
    pub reason: String,
}

/// What a team decides about the rules.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    levels: Vec<(String, Level)>,
    acceptances: Vec<Acceptance>,
}

impl Policy {
    /// Every rule at its own severity, nothing accepted.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how much the findings of a rule weigh; the last word on a rule counts.
    pub fn level(mut self, rule: impl Into<String>, level: Level) -> Self {
        self.levels.push((rule.into(), level));
        self
    }

    /// Accepts the findings of a rule for a variable.
    pub fn accept(mut self, acceptance: Acceptance) -> Self {
        self.acceptances.push(acceptance);
        self
    }

    /// The level that was set for a rule.
    pub fn level_of(&self, rule: &configcheck_core::RuleInfo) -> Option<Level> {
        self.levels.iter().rev().find(|(name, _)| name == rule.name || name == rule.code).map(|(_, level)| *level)
    }

    /// The names of rules in it that do not exist, each once.
    pub fn unknown_rules<'a>(&'a self, known: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = &'a str> {
        let names = move || self.levels.iter().map(|(name, _)| name.as_str()).chain(self.acceptances.iter().map(|a| a.rule.as_str()));
        names()
            .enumerate()
            .filter(move |(at, name)| !known(name) && !names().take(*at).any(|earlier| earlier == *name))
            .map(|(_, name)| name)
    }

    /// Acceptances without a reason. They accept nothing.
    pub fn without_reason(&self) -> impl Iterator<Item = &Acceptance> {
        self.acceptances.iter().filter(|acceptance| acceptance.reason.trim().is_empty())
    }

    /// Whether every rule has its own severity and nothing is accepted.
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty() && self.acceptances.is_empty()
    }

    /// The reason for which a finding is accepted.
    pub(crate) fn accepted(&self, rule: &configcheck_core::RuleInfo, key: Option<&str>) -> Option<&str> {
        self.acceptances
            .iter()
            .find(|acceptance| {
                !acceptance.reason.trim().is_empty()
                    && (acceptance.rule == rule.name || acceptance.rule == rule.code)
                    && acceptance.key.as_deref().is_none_or(|accepted| Some(accepted) == key)
            })
            .map(|acceptance| acceptance.reason.as_str())
    }
}
