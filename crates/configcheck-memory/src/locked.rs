//! Text in pages of its own: not in the heap, not swapped, not in a core file and, where the kernel can, not readable from outside.

use std::error::Error;
use std::fmt;
use std::str;

use configcheck_core::ConfigValue;
use configcheck_core::from_value::{Input, Mismatch};
use configcheck_core::schema::TypeSpec;
use configcheck_core::secret::SecretBytes;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::pages::Pages;
use crate::system::{self, Want};

/// Text in pages of its own, which nothing else lies in: not swapped, in no core file, and overwritten before they are given back.
///
/// On Linux these are pages that the kernel itself does not read (`memfd_secret`), else locked ones; [`LockedString::keeping`] says which. A
/// text takes at least one page (4 KiB on most machines) of what a process may lock (`ulimit -l`). What is beyond the limit goes into pages that
/// may be swapped; [`LockedString::insist`] refuses it instead. It is made to stand inside a `Secret`, and prints nothing.
///
/// ```
/// use configcheck_core::Secret;
/// use configcheck_core::secret::ExposeSecret;
/// use configcheck_memory::LockedString;
///
/// let key = Secret::new(LockedString::new("not-a-real-key"));
/// assert_eq!(key.expose_secret().as_str(), "not-a-real-key");
/// println!("the key is kept {}", key.expose_secret().keeping());
/// ```
///
/// A copy of the process that `fork` makes without running another program does not have the text: it reads zeros, or stops when it reads.
pub struct LockedString {
    bytes: Bytes,
    keeping: Keeping,
}

/// Bytes of a text.
enum Bytes {
    Pages(Pages),
    Heap(Zeroizing<Box<[u8]>>),
}

/// How a [`LockedString`] is kept, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Keeping {
    /// In pages that only this process reads, not even root or the kernel through `/proc/PID/mem` (`memfd_secret`). They are not swapped and
    /// not in core files.
    SecretPages,
    /// In pages that are not swapped and not in core files.
    LockedPages,
    /// In pages that are not in core files and may be swapped: the system locks no more memory for this process.
    UnlockedPages,
    /// On the heap, as other secrets: this system has no such pages, or none that are known here.
    Heap,
}

impl Keeping {
    /// Whether the text stays in memory: it is never swapped.
    pub const fn is_locked(self) -> bool {
        matches!(self, Self::SecretPages | Self::LockedPages)
    }
}

impl fmt::Display for Keeping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecretPages => "in pages that only this process reads",
            Self::LockedPages => "in locked pages",
            Self::UnlockedPages => "in pages that may be swapped, since the system locks no more memory for this process",
            Self::Heap => "on the heap, since locked pages are not available here",
        })
    }
}

/// Why a text was not kept: it could not have been locked. It holds nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLocked {
    /// How the text would have been kept.
    pub instead: Keeping,
}

impl fmt::Display for NotLocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.instead {
            Keeping::Heap => "locked pages are not available here",
            _ => {
                "the system locks no more memory for this process; raise the limit (`ulimit -l`, `LimitMEMLOCK=` of systemd, `--ulimit memlock` \
                 of a container)"
            }
        })
    }
}

impl Error for NotLocked {}

impl LockedString {
    /// Keeps a copy of a text as well as the system allows now. It never fails: [`LockedString::keeping`] says what was reached.
    pub fn new(text: &str) -> Self {
        let pages = |want, keeping| {
            let pages = Pages::filled(system::map(want, text.len())?, text.as_bytes())?;
            Some(Self { bytes: Bytes::Pages(pages), keeping })
        };
        pages(Want::Secret, Keeping::SecretPages)
            .or_else(|| pages(Want::Locked, Keeping::LockedPages))
            .or_else(|| pages(Want::Any, Keeping::UnlockedPages))
            .unwrap_or_else(|| Self { bytes: Bytes::Heap(Zeroizing::new(text.as_bytes().into())), keeping: Keeping::Heap })
    }

    /// Keeps a copy of a text where it is not swapped, or not at all. A field insists with `#[config(with = LockedString::insist)]`.
    ///
    /// # Errors
    ///
    /// When no more memory may be locked, or none can be locked here.
    pub fn insist(text: &str) -> Result<Self, NotLocked> {
        let kept = Self::new(text);
        if kept.keeping.is_locked() { Ok(kept) } else { Err(NotLocked { instead: kept.keeping }) }
    }

    /// The text. It is a secret: where it goes from here it is not overwritten.
    pub fn as_str(&self) -> &str {
        // A copy of the process reads zeros, which are text; so it is checked, not believed.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// How it is kept.
    pub const fn keeping(&self) -> Keeping {
        self.keeping
    }

    fn as_bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Pages(pages) => pages.bytes(),
            Bytes::Heap(bytes) => bytes,
        }
    }
}

impl AsRef<str> for LockedString {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for LockedString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LockedString(…)")
    }
}

impl ConfigValue for LockedString {
    const TYPE: TypeSpec = TypeSpec::Text;
    const IS_SECRET: bool = true;

    fn from_input(input: Input<'_>) -> Result<Self, Mismatch> {
        input.text().map(Self::new)
    }
}

impl SecretBytes for LockedString {
    fn same_bytes(&self, other: &Self) -> bool {
        self.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use configcheck_core::Secret;

    use super::*;

    #[test]
    fn a_text_is_read_as_it_was_given() {
        for text in ["", "x", "not-a-real-secret: ä ø 秘密", &"not-a-real-key ".repeat(400)] {
            let kept = LockedString::new(text);
            assert_eq!(kept.as_str(), text);
            assert_eq!(kept.as_ref() as &str, text);
        }
    }

    #[test]
    fn it_compares_and_prints_nothing() {
        let of = |text: &str| Secret::new(LockedString::new(text));
        assert!(of("not-a-real-key") == of("not-a-real-key"));
        assert!(of("not-a-real-key") != of("not-a-real-kez"));
        assert_eq!(format!("{:?}", LockedString::new("not-a-real-key")), "LockedString(…)");
    }

    #[test]
    fn insisting_gives_locked_pages_or_says_why_not() {
        match LockedString::insist("not-a-real-key") {
            Ok(kept) => assert!(kept.keeping().is_locked()),
            Err(error) => {
                assert!(!error.instead.is_locked());
                assert!(!error.to_string().contains("not-a-real"));
            }
        }
    }
}
