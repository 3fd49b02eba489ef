//! How many requests may be on their way: halved when the manager is throttled, and slowly more again when it answers.

/// A bound on the requests of one provider.
#[derive(Debug)]
pub(crate) struct Limit {
    most: usize,
    now: usize,
    /// Answers since the bound last changed.
    answers: usize,
}

impl Limit {
    pub(crate) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self { most, now: most, answers: 0 }
    }

    pub(crate) fn allows(&self, in_flight: usize) -> bool {
        in_flight < self.now
    }

    /// The manager asked to come back later.
    pub(crate) fn throttled(&mut self) {
        self.now = (self.now / 2).max(1);
        self.answers = 0;
    }

    /// The manager answered; after as many answers as there are requests at once, one more is allowed.
    pub(crate) fn answered(&mut self) {
        self.answers += 1;
        if self.answers >= self.now && self.now < self.most {
            self.now += 1;
            self.answers = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Limit;

    #[test]
    fn halves_and_grows_by_one() {
        let mut limit = Limit::new(8);
        assert!(limit.allows(7) && !limit.allows(8));
        limit.throttled();
        assert!(limit.allows(3) && !limit.allows(4));
        (0..4).for_each(|_| limit.answered());
        assert!(limit.allows(4) && !limit.allows(5));
        (0..9).for_each(|_| limit.throttled());
        assert!(limit.allows(0) && !limit.allows(1));
        (0..1_000).for_each(|_| limit.answered());
        assert!(limit.allows(7) && !limit.allows(8));
        assert!(Limit::new(0).allows(0));
    }
}
