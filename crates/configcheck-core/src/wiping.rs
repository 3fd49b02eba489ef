//! Whether memory that is given back has to be overwritten. Whoever handles secrets says so for as long as it does; the allocator of
//! `configcheck-memory`, in the programs that chose it, asks.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How many guards there are in the process.
static GUARDS: AtomicUsize = AtomicUsize::new(0);

/// As long as one of these lives anywhere in the process, an allocator that wipes while loading overwrites everything that is freed, by
/// whatever thread. A load has one from its beginning to its end; so has the thread of the HTTP client whenever it works, and that of leases.
///
/// Without such an allocator it counts and has no effect.
#[derive(Debug)]
#[must_use = "memory is overwritten as long as this lives"]
pub struct Wiping(());

impl Wiping {
    /// Begins to overwrite what is freed.
    pub fn begin() -> Self {
        GUARDS.fetch_add(1, Ordering::SeqCst);
        Self(())
    }

    /// Whether a guard lives anywhere in the process.
    #[inline]
    pub fn is_on() -> bool {
        GUARDS.load(Ordering::Relaxed) != 0
    }
}

impl Drop for Wiping {
    fn drop(&mut self) {
        GUARDS.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::Wiping;

    #[test]
    fn it_is_on_as_long_as_one_guard_lives() {
        let first = Wiping::begin();
        let second = Wiping::begin();
        drop(first);
        assert!(Wiping::is_on());
        drop(second);
    }
}
