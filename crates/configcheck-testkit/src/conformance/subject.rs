//! `Subject`: what is examined, and what it can do.

use std::sync::Arc;

use configcheck_core::Provider;

/// What a provider or its manager can do beyond values at references.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Capability {
    /// Several named values stand at one reference: [`Subject::store_map`].
    Maps,
    /// Older versions can be asked for: [`Subject::store_version`].
    Versions,
    /// Values need not be text.
    Binary,
    /// A value may be empty.
    EmptyValues,
    /// Values can be removed: [`Subject::remove`].
    Removal,
    /// Reading can be forbidden for one reference: [`Subject::deny`].
    Denial,
    /// A probe tells whether a reference could be read without its value: [`Subject::values_handed_out`].
    ProbeWithoutValue,
    /// There is a login, and it can be wrong: [`Subject::stranger`].
    Login,
    /// A login can end while it is used: [`Subject::end_sessions`].
    SessionEnd,
}

impl Capability {
    /// The words for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Maps => "maps",
            Self::Versions => "versions",
            Self::Binary => "binary values",
            Self::EmptyValues => "empty values",
            Self::Removal => "removal",
            Self::Denial => "denial",
            Self::ProbeWithoutValue => "probes without a value",
            Self::Login => "a login",
            Self::SessionEnd => "the end of a session",
        }
    }
}

/// A provider together with the manager that it reads from.
///
/// Names are lower-case letters, digits and hyphens, and unique within one examination. Where several examinations share a manager, a
/// subject puts something of its own before them.
pub trait Subject: Sync {
    /// The provider, as a service makes it. It is made several times.
    fn provider(&self) -> Arc<dyn Provider>;

    /// A variable of the environment that the provider asks for.
    fn setting(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }

    /// What it can do.
    fn capabilities(&self) -> Vec<Capability>;

    /// Stores a value, in place of one that has this name. Its reference, with a `#field` where the value is one of several.
    fn store(&self, name: &str, value: &[u8]) -> String;

    /// The reference of a name under which nothing is stored.
    fn absent(&self, name: &str) -> String;

    /// The longest value that can be stored, in bytes. It is tried up to 64 KiB.
    fn longest_value(&self) -> usize {
        64 * 1024
    }

    /// Whether the manager can hold this value at all. It is about the manager and not about the provider: a value that only the provider
    /// would change is a failure.
    fn can_hold(&self, value: &[u8]) -> bool {
        let _ = value;
        true
    }

    /// References that have the form of one and that the provider must refuse without asking anybody.
    fn malformed(&self) -> Vec<String> {
        Vec::new()
    }

    /// Credentials that nothing may show, nor six bytes of one in a row. Give what is random in them: a prefix that all have, or a word such as
    /// `secret`, stands in honest texts too. Those below 12 bytes are not looked for.
    fn credentials(&self) -> Vec<String> {
        Vec::new()
    }

    /// Stores named values at one reference, which has no field. For [`Capability::Maps`].
    fn store_map(&self, name: &str, fields: &[(&str, &[u8])]) -> String {
        let _ = (name, fields);
        missing(Capability::Maps)
    }

    /// Stores a value as [`store`](Self::store) does, and says the reference of this version alone. For [`Capability::Versions`].
    fn store_version(&self, name: &str, value: &[u8]) -> String {
        let _ = (name, value);
        missing(Capability::Versions)
    }

    /// Removes what was stored under a name. For [`Capability::Removal`].
    fn remove(&self, name: &str) {
        let _ = name;
        missing::<()>(Capability::Removal);
    }

    /// Stores a value that the provider's identity may not read. For [`Capability::Denial`].
    fn deny(&self, name: &str) -> String {
        let _ = name;
        missing(Capability::Denial)
    }

    /// How often the manager has handed a value out. For [`Capability::ProbeWithoutValue`].
    fn values_handed_out(&self) -> usize {
        missing(Capability::ProbeWithoutValue)
    }

    /// The provider of somebody whom the manager does not know, and the variables it asks for, by name. Its credentials are among
    /// [`credentials`](Self::credentials) too. For [`Capability::Login`].
    fn stranger(&self) -> (Arc<dyn Provider>, Vec<(String, String)>) {
        missing(Capability::Login)
    }

    /// Makes all logins invalid that were made until now. For [`Capability::SessionEnd`]; nothing is stored or fetched with success afterwards.
    fn end_sessions(&self) {
        missing::<()>(Capability::SessionEnd);
    }
}

fn missing<T>(capability: Capability) -> T {
    panic!("a subject that has the capability `{}` says how", capability.name())
}
