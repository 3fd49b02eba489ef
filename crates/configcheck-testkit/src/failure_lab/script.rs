//! `Script`: which fault is played for the next request.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::fault::Fault;
use super::request::Request;

/// The faults that are still to be played.
#[derive(Debug)]
pub(super) struct Script {
    faults: Mutex<Vec<Fault>>,
}

impl Script {
    pub(super) fn new(fault: Fault) -> Self {
        Self { faults: Mutex::new(in_order(fault)) }
    }

    pub(super) fn replace(&self, fault: Fault) {
        let faults = in_order(fault);
        *self.lock() = faults;
    }

    /// Whether the next connection is closed before anything is read from it.
    pub(super) fn closes_at_once(&self) -> bool {
        matches!(self.lock().as_slice(), [Fault::CloseAtOnce])
    }

    /// The fault for a request; the last one stays.
    pub(super) fn next(&self, request: &Request) -> Fault {
        let fault = {
            let mut faults = self.lock();
            if faults.len() > 1 { faults.remove(0) } else { faults.first().cloned().unwrap_or(Fault::CloseAtOnce) }
        };
        // The choice is made outside the lock: it is the test's own code, and may take its time.
        match fault {
            Fault::By(choose) => match choose(request) {
                Fault::By(_) | Fault::Script(_) => panic!("a fault that is chosen for a request is one fault"),
                chosen => chosen,
            },
            fault => fault,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn in_order(fault: Fault) -> Vec<Fault> {
    match fault {
        Fault::Script(faults) => {
            assert!(!faults.is_empty(), "a script of the failure lab has at least one fault");
            faults.into_iter().flat_map(in_order).collect()
        }
        Fault::Refuse => panic!("refused connections are for a whole lab: `FailureLab::start(Fault::Refuse)`"),
        #[cfg(feature = "lab-tls")]
        Fault::Tls(_) => panic!("a fault of TLS is for a whole lab: `FailureLab::start(Fault::Tls(…))`"),
        fault => vec![fault],
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Request, Script};

    fn played(fault: Fault, count: usize) -> Vec<String> {
        let script = Script::new(fault);
        (0..count).map(|_| format!("{:?}", script.next(&Request::default()))).collect()
    }

    #[test]
    fn the_last_fault_stays() {
        let script = Fault::Script(vec![Fault::Status(503), Fault::Script(vec![Fault::Truncated, Fault::Echo])]);
        assert_eq!(played(script, 5), ["Status(503)", "Truncated", "Echo", "Echo", "Echo"]);
        assert_eq!(played(Fault::Silent, 2), ["Silent", "Silent"]);
    }

    #[test]
    fn a_choice_is_made_for_each_request() {
        let chosen = Fault::by(|request| Fault::Status(if request.target.is_empty() { 404 } else { 200 }));
        assert_eq!(played(chosen, 2), ["Status(404)", "Status(404)"]);
    }

    #[test]
    #[should_panic(expected = "refused connections are for a whole lab")]
    fn what_only_a_whole_lab_can_play_is_refused_in_a_script() {
        Script::new(Fault::Script(vec![Fault::Refuse]));
    }
}
