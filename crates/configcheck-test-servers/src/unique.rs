//! Names that no other test uses.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A name that no other test uses, of this process or another: the prefix, and numbers behind it. Fit for a mount, a secret, a policy and a key.
pub fn unique(prefix: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("{prefix}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_names_differ() {
        let (one, other) = (unique("kv"), unique("kv"));
        assert!(one.starts_with("kv-"));
        assert_ne!(one, other);
    }
}
