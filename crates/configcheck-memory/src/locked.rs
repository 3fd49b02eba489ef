//! Text in pages of its own.

use std::fmt;

use zeroize::Zeroizing;

/// Text in pages of its own.
pub struct LockedString(Zeroizing<Box<str>>);

/// How a [`LockedString`] is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Keeping {
    /// In pages that nobody but the process reads (`memfd_secret`).
    SecretPages,
    /// In pages that are not swapped.
    LockedPages,
    /// In pages that may be swapped: the limit of locked memory is used up.
    UnlockedPages,
    /// On the heap.
    Heap,
}

/// The pages could not be locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLocked(pub(crate) Keeping);

impl LockedString {
    /// Keeps a text as well as the system allows now.
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How it is kept.
    pub fn keeping(&self) -> Keeping {
        Keeping::Heap
    }
}

impl fmt::Debug for LockedString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LockedString(…)")
    }
}
