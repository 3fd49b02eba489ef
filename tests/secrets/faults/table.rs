//! One line of the matrix: a fault, and what has to become of it with every manager.

use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use configcheck::ErrorKind;
use configcheck_testkit::failure_lab::{FailureLab, Fault};

use crate::managers::{Ended, Manager, load};
use crate::oracle;

/// A fault, and what has to become of it.
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) fault: Box<dyn Fn(Manager) -> Fault + Sync>,
    pub(super) deadline: Duration,
    pub(super) kind: ErrorKind,
    /// How many requests there are, logins that work left out.
    pub(super) requests: RangeInclusive<usize>,
    /// What the report says of it; by service, where they say it differently.
    pub(super) words: [&'static str; 3],
}

impl Line {
    /// A line for a fault that the configuration has to be changed for, and that one request shows.
    pub(super) fn wrong(name: &'static str, fault: impl Fn(Manager) -> Fault + Sync + 'static, words: [&'static str; 3]) -> Self {
        let deadline = Duration::from_secs(20);
        Self { name, fault: Box::new(fault), deadline, kind: ErrorKind::Invalid, requests: 1..=1, words }
    }

    /// The same for one that goes away by itself.
    pub(super) fn passing(name: &'static str, fault: impl Fn(Manager) -> Fault + Sync + 'static, words: [&'static str; 3]) -> Self {
        Self { kind: ErrorKind::Unavailable, ..Self::wrong(name, fault, words) }
    }

    pub(super) fn requests(self, requests: RangeInclusive<usize>) -> Self {
        Self { requests, ..self }
    }

    pub(super) fn within(self, milliseconds: u64) -> Self {
        Self { deadline: Duration::from_millis(milliseconds), ..self }
    }

    /// What is not as the line says.
    fn check(&self, manager: Manager) -> Option<String> {
        let fault = (self.fault)(manager);
        let lab = FailureLab::start(fault);
        let ended = load(&manager.loader(&lab.url(), self.deadline));
        let requests = lab.requests();
        let words = manager.pick(self.words[0], self.words[1], self.words[2]);
        match &ended {
            Ended::Refused(kind, told) if *kind == self.kind && self.requests.contains(&requests) && told.contains(words) => None,
            Ended::Refused(kind, told) => {
                Some(format!("{} {manager:?}: {kind:?}, {requests} requests, and not `{words}` in\n{told}", self.name))
            }
            Ended::Loaded => Some(format!("{} {manager:?}: it loads, in {requests} requests", self.name)),
        }
    }
}

/// Holds that every line is true of these managers. Lines wait more than they work, so several run at once.
pub(super) fn hold(lines: &[Line], managers: &[Manager]) {
    let cells = Mutex::new(lines.iter().flat_map(|line| managers.iter().map(move |manager| (line, *manager))));
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let Some((line, manager)) = cells.lock().unwrap().next() else { return };
                    if let Some(told) = line.check(manager) {
                        wrong.lock().unwrap().push(told);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} are otherwise:\n\n{}", wrong.len(), wrong.join("\n"));
    oracle::assert_nothing_was_traced();
}

/// The words of all services.
pub(super) const fn all(words: &'static str) -> [&'static str; 3] {
    [words; 3]
}
