//! The secret variables of a service, taken out of the process environment before its threads start.
//!
//! What the kernel handed to the process stays in its memory, and in `/proc/PID/environ`, whatever is removed from the environment later.
//! So the bytes are overwritten where they stand.

use std::collections::BTreeSet;
use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::vec;

use configcheck_core::AppConfig;
use zeroize::Zeroizing;

use crate::system;

mod block;

/// Names and values of variables.
pub(crate) type Values = Vec<(OsString, Zeroizing<Vec<u8>>)>;

pub(crate) use block::{Block, Variables};

/// The variables whose values the providers of Configcheck log in with. The values of others that they read, such as `VAULT_ADDR`, are no
/// secrets.
pub const CREDENTIALS: &[&str] = &[
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "BAO_JWT",
    "BAO_PASSWORD",
    "BAO_SECRET_ID",
    "BAO_TOKEN",
    "CONFIGCHECK_AGE_IDENTITY",
    "ETCDCTL_PASSWORD",
    "ETCDCTL_USER",
    "SOPS_AGE_KEY",
    "VAULT_JWT",
    "VAULT_PASSWORD",
    "VAULT_SECRET_ID",
    "VAULT_TOKEN",
];

/// Variables that were taken out of the process environment, for `Loader::taken`. Their values are overwritten when they are dropped.
#[must_use = "the values are nowhere else any more"]
pub struct Taken(Values);

impl Taken {
    /// The names of the variables that were there, in the order of the environment.
    pub fn names(&self) -> impl Iterator<Item = &OsString> {
        self.0.iter().map(|(name, _)| name)
    }
}

impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Taken(…)")
    }
}

impl IntoIterator for Taken {
    type Item = (OsString, Zeroizing<Vec<u8>>);
    type IntoIter = vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Why nothing was taken. The environment is as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TakeError {
    /// This system does not say how many threads a process has, or where its environment began.
    Unavailable,
    /// Other threads run, which may be reading the environment.
    NotAlone {
        /// How many threads the process has.
        threads: usize,
    },
    /// The system did not say what has to be known first. The text names what was asked.
    Unknown(&'static str),
    /// The variable lies in memory that may not be written to, as when a library put a constant there.
    NotWritable {
        /// The variable.
        name: OsString,
    },
}

impl fmt::Display for TakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the secrets stay in the process environment: ")?;
        match self {
            Self::Unavailable => f.write_str("taking them out is not available on this system"),
            Self::NotAlone { threads } => write!(
                f,
                "the process has {threads} threads, and others may be reading it; take them first in main, before a runtime or any other \
                 thread is started"
            ),
            Self::Unknown(what) => write!(f, "{what} cannot be read; is /proc mounted?"),
            Self::NotWritable { name } => write!(f, "{} stands in memory that may not be written to", name.display()),
        }
    }
}

impl Error for TakeError {}

/// Takes the secret variables of a service out of the process environment: those of its secret fields, by every name that they have. The
/// values are overwritten where they stand, so that `/proc/PID/environ` and the memory of the process hold them no more, and neither do
/// programs that it starts. `KEY_FILE` variables stay: they name files.
///
/// Call it first in `main`, and hand the result to `Loader::taken`, which then loads what it would have loaded.
///
/// # Errors
///
/// When other threads run, or the system does not say whether. Nothing was changed then, and a load reads the environment as ever.
pub fn take_secrets<T: AppConfig>() -> Result<Taken, TakeError> {
    take_secrets_and::<T>(&[])
}

/// Takes other variables too, such as [`CREDENTIALS`]: those that providers log in with. Another library of the process that reads these does
/// not find them any more.
///
/// # Errors
///
/// As for [`take_secrets`].
pub fn take_secrets_and<T: AppConfig>(more: &[&str]) -> Result<Taken, TakeError> {
    let secret = T::layout().keys().iter().filter(|key| key.spec.hides_value());
    let names = secret.flat_map(|key| std::iter::once(&*key.variable).chain(key.spec.aliases.iter().copied()));
    let names: BTreeSet<OsString> = names.chain(more.iter().copied()).filter(|name| is_name(name)).map(OsString::from).collect();
    system::take_variables(&names).map(Taken)
}

/// Whether a variable can have this name.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['=', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_to_do() {
        let text = TakeError::NotAlone { threads: 3 }.to_string();
        assert!(text.contains("3 threads") && text.contains("first in main"), "{text}");
        assert!(TakeError::NotWritable { name: "DB".into() }.to_string().contains("DB stands in"));
        assert!(TakeError::Unknown("/proc/self/task").to_string().contains("/proc/self/task"));
    }

    #[test]
    fn what_was_taken_prints_nothing() {
        let taken = Taken(vec![("KEY".into(), Zeroizing::new(b"not-a-real-key".to_vec()))]);
        assert_eq!(format!("{taken:?}"), "Taken(…)");
        assert_eq!(taken.names().collect::<Vec<_>>(), ["KEY"]);
        assert_eq!(taken.into_iter().next().map(|(_, value)| value.to_vec()), Some(b"not-a-real-key".to_vec()));
    }

    #[test]
    fn names_that_no_variable_can_have_are_left_out() {
        assert!(is_name("KEY") && !is_name("") && !is_name("A=B") && !is_name("A\0"));
    }
}
