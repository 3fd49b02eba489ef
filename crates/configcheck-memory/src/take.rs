//! The secret variables, out of the process environment.

use std::ffi::OsString;
use std::fmt;

use configcheck_core::AppConfig;
use zeroize::Zeroizing;

/// The variables with which the providers of Configcheck log in, and whose values are secret.
pub const CREDENTIALS: &[&str] = &[];

/// Variables that were taken out of the process environment. Their values are overwritten when this is dropped.
pub struct Taken(Vec<(OsString, Zeroizing<Vec<u8>>)>);

impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Taken(…)")
    }
}

impl IntoIterator for Taken {
    type Item = (OsString, Zeroizing<Vec<u8>>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Why nothing was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TakeError {
    /// Not available on this system.
    Unavailable,
}

/// Takes the secret variables of a service out of the process environment.
///
/// # Errors
///
/// Why nothing was taken.
pub fn take_secrets<T: AppConfig>() -> Result<Taken, TakeError> {
    take_secrets_and::<T>(&[])
}

/// Takes other variables too.
///
/// # Errors
///
/// Why nothing was taken.
pub fn take_secrets_and<T: AppConfig>(_more: &[&str]) -> Result<Taken, TakeError> {
    let _ = T::layout();
    Err(TakeError::Unavailable)
}
