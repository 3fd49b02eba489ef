//! The rules, one file and one page each. [`ALL`] is the only list of them.

use configcheck_core::schema::Aspect;
use configcheck_core::{Diagnostic, RuleInfo};

use crate::across::Across;
use crate::context::Context;

mod conflicting_keys;
mod constraint_violated;
mod debug_in_production;
mod default_in_production;
mod deprecated_key;
mod dialect_divergence;
mod duplicate_key;
mod empty_required;
mod example_drift;
mod git_tracked_secret;
mod ignored_dotenv;
mod insecure_url;
mod invalid_policy;
mod invalid_value;
mod localhost_in_production;
mod missing_required;
mod placeholder_value;
mod plaintext_secret;
mod requires;
mod same_secret_in_two_environments;
mod unknown_key;
mod unreadable_source;
mod unresolved_reference;
mod unused_ignore;
mod weak_secret;
mod wildcard_origin;
mod writable_by_all;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

/// A rule: what it says of itself, and what it finds.
pub trait Rule: Sync {
    /// Its name, code, severity and page.
    fn info(&self) -> &'static RuleInfo;

    /// Whether it can find anything here at all; a cheap look before the walk.
    fn applies(&self, context: &Context<'_>) -> bool {
        let _ = context;
        true
    }

    /// What of a key its findings rest on. Where the schema only guessed that, they are warnings at most.
    fn rests_on(&self) -> &'static [Aspect] {
        &[]
    }

    /// Adds what it finds.
    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>);

    /// Makes one finding of those that have one cause. It is asked when it is known which of the findings are accepted.
    fn gather(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let _ = (context, findings);
    }
}

/// A rule about several environments, or about what checking each of them has found.
pub trait AcrossRule: Sync {
    /// Its name, code, severity and page.
    fn info(&self) -> &'static RuleInfo;

    /// What of a key its findings rest on.
    fn rests_on(&self) -> &'static [Aspect] {
        &[]
    }

    /// Adds what it finds.
    fn check(&self, across: &Across<'_>, findings: &mut Vec<Diagnostic>);
}

/// Every rule about one environment. The order is that of the findings of one key: what stops a value from being there, then which of several values it is,
/// then what is wrong with it, then what is unwise about it.
pub const ALL: &[&dyn Rule] = &[
    // What stops a value from being there.
    &unreadable_source::UnreadableSource,
    &missing_required::MissingRequired,
    &empty_required::EmptyRequired,
    &ignored_dotenv::IgnoredDotenv,
    &unresolved_reference::UnresolvedReference,
    &unknown_key::UnknownKey,
    // Which of several values it is, and what must be there with it.
    &duplicate_key::DuplicateKey,
    &dialect_divergence::DialectDivergence,
    &conflicting_keys::ConflictingKeys,
    &requires::Requires,
    // What is wrong with it.
    &invalid_value::InvalidValue,
    &constraint_violated::ConstraintViolated,
    &default_in_production::DefaultInProduction,
    &placeholder_value::PlaceholderValue,
    // What is unwise about it.
    &weak_secret::WeakSecret,
    &plaintext_secret::PlaintextSecret,
    &git_tracked_secret::GitTrackedSecret,
    &writable_by_all::WritableByAll,
    &insecure_url::InsecureUrl,
    &localhost_in_production::LocalhostInProduction,
    &wildcard_origin::WildcardOrigin,
    &debug_in_production::DebugInProduction,
    &deprecated_key::DeprecatedKey,
    // What tells others wrongly about it.
    &example_drift::ExampleDrift,
    // What is wrong with what was decided about the rules.
    &invalid_policy::InvalidPolicy,
];

/// Every rule across environments. The last of them looks at what all the others found.
pub const ACROSS: &[&dyn AcrossRule] = &[&same_secret_in_two_environments::SameSecretInTwoEnvironments, &unused_ignore::UnusedIgnore];

/// What every rule says of itself, those across environments last.
pub fn infos() -> impl Iterator<Item = &'static RuleInfo> {
    ALL.iter().map(|rule| rule.info()).chain(ACROSS.iter().map(|rule| rule.info()))
}

/// What a rule says of itself, by its name or code.
pub fn info_of(name: &str) -> Option<&'static RuleInfo> {
    infos().find(|info| info.name == name || info.code == name)
}

/// A rule about one environment by its name or code.
pub fn by_name(name: &str) -> Option<&'static dyn Rule> {
    ALL.iter().copied().find(|rule| rule.info().name == name || rule.info().code == name)
}
