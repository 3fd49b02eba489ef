//! How long to wait before the next try: full jitter, so that a fleet that failed together does not come back together.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

/// The longest wait before the second try; it doubles with each further one.
const FIRST: Duration = Duration::from_millis(100);

/// The longest wait at all.
const LONGEST: Duration = Duration::from_secs(5);

/// Random numbers of which nothing is asked but that two processes have others.
#[derive(Clone, Debug)]
pub(crate) struct Jitter {
    state: RandomState,
    count: u64,
}

impl Jitter {
    pub(crate) fn new() -> Self {
        Self { state: RandomState::new(), count: 0 }
    }

    /// A duration from nothing up to this one.
    pub(crate) fn up_to(&mut self, longest: Duration) -> Duration {
        self.count += 1;
        let mut hasher = self.state.build_hasher();
        hasher.write_u64(self.count);
        // 32 bits are a step of a nanosecond in four seconds, which is fine enough.
        let share = f64::from(u32::try_from(hasher.finish() >> 32).unwrap_or(u32::MAX)) / f64::from(u32::MAX);
        longest.mul_f64(share)
    }

    /// How long to wait after so many tries: anything up to a bound that doubles.
    pub(crate) fn after(&mut self, tries: u32) -> Duration {
        let longest = FIRST.saturating_mul(1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX)).min(LONGEST);
        self.up_to(longest)
    }

    /// How long to wait when the manager said for how long: at least so long, and not all at once.
    pub(crate) fn at_least(&mut self, asked: Duration) -> Duration {
        asked.saturating_add(self.up_to((asked / 10).min(LONGEST)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_spread_below_a_bound_that_doubles() {
        let mut jitter = Jitter::new();
        for (tries, bound) in [(1, 100), (2, 200), (3, 400), (7, 5_000), (60, 5_000), (u32::MAX, 5_000)] {
            let bound = Duration::from_millis(bound);
            let waits: Vec<Duration> = (0..400).map(|_| jitter.after(tries)).collect();
            assert!(waits.iter().all(|wait| *wait <= bound));
            let low = waits.iter().filter(|wait| **wait < bound / 2).count();
            assert!((120..280).contains(&low), "{low} of 400 waits are in the lower half");
        }
        let asked = Duration::from_secs(2);
        assert!((0..100).map(|_| jitter.at_least(asked)).all(|wait| wait >= asked && wait <= asked + asked / 10));
    }
}
