//! The requirements, each in the file of its subject and listed there once.

use super::run::{Run, Verdict};
use super::subject::Capability;

mod answers;
mod payloads;
mod probes;
mod references;
mod sessions;
mod silence;

/// One thing that the engine relies on.
pub(super) struct Requirement {
    /// Kebab-case, and never changed once it is published.
    pub(super) name: &'static str,
    /// What is demanded.
    pub(super) sentence: &'static str,
    /// What a subject must be able to do for it.
    pub(super) needs: Option<Capability>,
    /// Looks whether it is kept.
    pub(super) examine: fn(&Run<'_>) -> Verdict,
}

impl Requirement {
    const fn new(name: &'static str, sentence: &'static str, examine: fn(&Run<'_>) -> Verdict) -> Self {
        Self { name, sentence, needs: None, examine }
    }

    const fn needs(self, capability: Capability) -> Self {
        Self { needs: Some(capability), ..self }
    }
}

/// All of them. What ends the logins comes late, and last of all the look at everything that was shown before.
pub(super) fn all() -> impl Iterator<Item = &'static Requirement> {
    [references::ALL, payloads::ALL, answers::ALL, probes::ALL, sessions::ALL, silence::ALL].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn names_are_kebab_case_and_stand_once() {
        let names: Vec<&str> = super::all().map(|requirement| requirement.name).collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        for name in names {
            assert!(name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{name}");
        }
    }

    #[test]
    fn sentences_have_no_capital_and_no_full_stop() {
        for requirement in super::all() {
            let sentence = requirement.sentence;
            assert!(
                sentence.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '`') && !sentence.ends_with('.'),
                "{sentence}"
            );
        }
    }
}
