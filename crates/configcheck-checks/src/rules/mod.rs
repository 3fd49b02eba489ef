//! The rules, one file and one page each. [`ALL`] is the only list of them.

use configcheck_core::{Diagnostic, RuleInfo};

use crate::context::Context;

mod conflicting_keys;
mod constraint_violated;
mod debug_in_production;
mod default_in_production;
mod deprecated_key;
mod duplicate_key;
mod empty_required;
mod ignored_dotenv;
mod insecure_url;
mod invalid_policy;
mod invalid_value;
mod localhost_in_production;
mod missing_required;
mod placeholder_value;
mod plaintext_secret;
mod requires;
mod unknown_key;
mod unreadable_source;
mod unresolved_reference;
mod weak_secret;
mod wildcard_origin;

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

    /// Adds what it finds.
    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>);
}

/// Every rule. The order is that of the findings of one key: what stops a value from being there, then which of several values it is,
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
    &insecure_url::InsecureUrl,
    &localhost_in_production::LocalhostInProduction,
    &wildcard_origin::WildcardOrigin,
    &debug_in_production::DebugInProduction,
    &deprecated_key::DeprecatedKey,
    // What is wrong with what was decided about the rules.
    &invalid_policy::InvalidPolicy,
];

/// A rule by its name or code.
pub fn by_name(name: &str) -> Option<&'static dyn Rule> {
    ALL.iter().copied().find(|rule| rule.info().name == name || rule.info().code == name)
}
