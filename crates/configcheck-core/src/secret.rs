//! `Secret<T>`: a value that is wiped when dropped, compared in constant time and never printed.

use std::fmt;

pub use secrecy::ExposeSecret;
use secrecy::SecretBox;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::wipe::{self, Wiper};

/// A value that must never reach an output.
///
/// It has no `Display`, no `Serialize`, no `Deref` and no `Clone`; its `Debug` says only that something is there. The value is
/// reached with [`ExposeSecret::expose_secret`], which can be searched for. It is overwritten when dropped: text, bytes, paths,
/// numbers and URLs by their own buffer, other types as far as they give theirs back.
///
/// ```
/// use configcheck_core::Secret;
/// use configcheck_core::secret::ExposeSecret;
///
/// let key = Secret::new(String::from("not-a-real-key"));
/// assert_eq!(format!("{key:?}"), "Secret(…)");
/// assert_eq!(key.expose_secret(), "not-a-real-key");
/// assert!(key == Secret::new(String::from("not-a-real-key")));
/// ```
///
/// ```compile_fail
/// let key = configcheck_core::Secret::new(String::from("not-a-real-key"));
/// println!("{key}");
/// ```
pub struct Secret<T: 'static> {
    cell: SecretBox<Cell<T>>,
}

/// What stands on the heap: the value and the way to wipe it.
struct Cell<T> {
    value: Option<T>,
    wiper: Wiper<T>,
}

impl<T> Zeroize for Cell<T> {
    fn zeroize(&mut self) {
        (self.wiper)(&mut self.value);
    }
}

impl<T: 'static> Secret<T> {
    /// Takes a value into keeping.
    pub fn new(value: T) -> Self {
        Self::with_wiper(value, wipe::by_type::<T>)
    }

    /// Takes a value into keeping together with the way to wipe it; the derive chooses it by the field's type.
    #[doc(hidden)]
    pub fn with_wiper(value: T, wiper: Wiper<T>) -> Self {
        Self { cell: SecretBox::new(Box::new(Cell { value: Some(value), wiper })) }
    }
}

impl<T: 'static> ExposeSecret<T> for Secret<T> {
    fn expose_secret(&self) -> &T {
        // The value leaves its cell only in `zeroize`, which runs when the last owner drops it.
        self.cell.expose_secret().value.as_ref().expect("a secret is present until it is dropped")
    }
}

impl<T: 'static> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: 'static> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Types whose secrets can be compared in constant time, byte by byte. Only the lengths are compared first.
pub trait SecretBytes {
    /// Compares two values without an early end at the first difference.
    fn same_bytes(&self, other: &Self) -> bool;
}

impl<T: SecretBytes + 'static> PartialEq for Secret<T> {
    fn eq(&self, other: &Self) -> bool {
        self.expose_secret().same_bytes(other.expose_secret())
    }
}

impl<T: SecretBytes + 'static> Eq for Secret<T> {}

fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

impl SecretBytes for String {
    fn same_bytes(&self, other: &Self) -> bool {
        same(self.as_bytes(), other.as_bytes())
    }
}

impl SecretBytes for Vec<u8> {
    fn same_bytes(&self, other: &Self) -> bool {
        same(self, other)
    }
}

impl SecretBytes for std::path::PathBuf {
    fn same_bytes(&self, other: &Self) -> bool {
        same(self.as_os_str().as_encoded_bytes(), other.as_os_str().as_encoded_bytes())
    }
}

#[cfg(feature = "url")]
impl SecretBytes for url::Url {
    fn same_bytes(&self, other: &Self) -> bool {
        same(self.as_str().as_bytes(), other.as_str().as_bytes())
    }
}

macro_rules! secret_numbers {
    ($($number:ty)*) => {$(
        impl SecretBytes for $number {
            fn same_bytes(&self, other: &Self) -> bool {
                same(&self.to_le_bytes(), &other.to_le_bytes())
            }
        }
    )*};
}

secret_numbers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

#[cfg(feature = "validator")]
mod validator_traits {
    //! validator's traits, so that a struct that derives both compiles and both agree.

    use std::borrow::Cow;

    use super::{ExposeSecret, Secret};

    impl<T: validator::ValidateLength<u64>> validator::ValidateLength<u64> for Secret<T> {
        fn length(&self) -> Option<u64> {
            self.expose_secret().length()
        }
    }

    impl<T: validator::ValidateEmail> validator::ValidateEmail for Secret<T> {
        fn as_email_string(&self) -> Option<Cow<'_, str>> {
            self.expose_secret().as_email_string()
        }
    }

    impl<T: validator::ValidateUrl> validator::ValidateUrl for Secret<T> {
        fn as_url_string(&self) -> Option<Cow<'_, str>> {
            self.expose_secret().as_url_string()
        }
    }

    impl<T: validator::ValidateContains> validator::ValidateContains for Secret<T> {
        fn validate_contains(&self, needle: &str) -> bool {
            self.expose_secret().validate_contains(needle)
        }
    }

    impl<T: validator::ValidateRegex> validator::ValidateRegex for Secret<T> {
        fn validate_regex(&self, regex: impl validator::AsRegex) -> bool {
            self.expose_secret().validate_regex(regex)
        }
    }

    impl<T: validator::ValidateNonControlCharacter> validator::ValidateNonControlCharacter for Secret<T> {
        fn as_non_control_character_iterator(&self) -> Box<dyn Iterator<Item = char> + '_> {
            self.expose_secret().as_non_control_character_iterator()
        }
    }

    impl<T: validator::ValidateRange<T>> validator::ValidateRange<T> for Secret<T> {
        fn greater_than(&self, max: T) -> Option<bool> {
            self.expose_secret().greater_than(max)
        }

        fn less_than(&self, min: T) -> Option<bool> {
            self.expose_secret().less_than(min)
        }
    }
}

#[cfg(test)]
mod tests;
