//! Secrets that a manager made for this process: kept alive, and given back.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use configcheck_core::provider::{Batch, BoxFuture, ConnectContext, Fetched, Lease, Outcome, Reason, Session};
use configcheck_core::{Provider, SecretRef};
use configcheck_engine::{Engine, Leases, Surroundings, block_on};

/// A manager that makes a user for each reference, for a short time.
#[derive(Clone, Default)]
struct Users {
    renewals: Arc<AtomicUsize>,
    logins_renewed: Arc<AtomicUsize>,
    revoked: Arc<Mutex<Vec<String>>>,
    closed: Arc<AtomicBool>,
    refuses: Arc<AtomicBool>,
    /// Answers the third renewal of a lease with one that has no time.
    ends_third: Arc<AtomicBool>,
}

const TIME: Duration = Duration::from_millis(60);

impl Provider for Users {
    fn schemes(&self) -> &'static [&'static str] {
        &["vault"]
    }

    fn connect<'a>(&'a self, _: &'a ConnectContext) -> BoxFuture<'a, Result<Arc<dyn Session>, Outcome>> {
        Box::pin(async { Ok(Arc::new(self.clone()) as Arc<dyn Session>) })
    }
}

impl Users {
    fn prolonged(&self, id: &str, count: &AtomicUsize) -> Result<Lease, Outcome> {
        if self.refuses.load(Ordering::SeqCst) {
            return Err(Outcome::Denied(Reason::new("no right to prolong")));
        }
        let before = count.fetch_add(1, Ordering::SeqCst);
        let ends = before == 2 && self.ends_third.load(Ordering::SeqCst);
        Ok(Lease::new(id, if ends { Duration::ZERO } else { TIME }, true))
    }
}

impl Session for Users {
    fn describe(&self) -> String {
        "a test".to_owned()
    }

    fn fetch<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Outcome>> {
        let one = |reference: &SecretRef| {
            let mut fetched = Fetched::value("not-a-real-user");
            fetched.lease = Some(Lease::new(reference.path(), TIME, true));
            Outcome::Found(fetched)
        };
        Box::pin(async move { batch.references.iter().map(one).collect() })
    }

    fn lease(&self) -> Option<Lease> {
        Some(Lease::new("login", TIME, true))
    }

    fn renew_login(&self) -> BoxFuture<'_, Result<Lease, Outcome>> {
        Box::pin(async { self.prolonged("login", &self.logins_renewed) })
    }

    fn renew<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<Lease, Outcome>> {
        Box::pin(async { self.prolonged(&lease.id, &self.renewals) })
    }

    fn revoke<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), Outcome>> {
        Box::pin(async {
            self.revoked.lock().unwrap().push(lease.id.clone());
            if lease.id == "b" { Err(Outcome::Denied(Reason::new("no right to give back"))) } else { Ok(()) }
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async { self.closed.store(true, Ordering::SeqCst) })
    }
}

fn held(users: &Users) -> Leases {
    let wanted: Vec<SecretRef> = ["vault:a#x", "vault:b#x"].iter().map(|text| SecretRef::parse(text).unwrap().unwrap()).collect();
    let engine = Engine::new(vec![Arc::new(users.clone())]);
    let surroundings = Surroundings { deadline: Instant::now() + Duration::from_secs(30), environment: None, settings: Vec::new() };
    Leases::keep(block_on(engine.resolve(&wanted, &surroundings)).held)
}

/// Waits until something holds; a test fails when it never does.
fn wait_until(holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(20), "it never came to hold");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn leases_are_prolonged_and_given_back() {
    let users = Users::default();
    let leases = held(&users);
    assert_eq!(leases.status().len(), 3);
    wait_until(|| users.renewals.load(Ordering::SeqCst) > 6 && users.logins_renewed.load(Ordering::SeqCst) > 3);
    assert!(leases.status().iter().all(|status| status.failure.is_none() && status.renewable));
    let failed = leases.revoke();
    assert_eq!(*users.revoked.lock().unwrap(), ["a", "b"]);
    assert_eq!(failed.iter().map(|(reference, _)| reference.path()).collect::<Vec<_>>(), ["b"]);
    assert!(users.closed.load(Ordering::SeqCst));
    let renewals = users.renewals.load(Ordering::SeqCst);
    std::thread::sleep(3 * TIME);
    assert_eq!(users.renewals.load(Ordering::SeqCst), renewals);
}

#[test]
fn a_lease_that_is_not_prolonged_ends_and_says_why() {
    let users = Users::default();
    users.refuses.store(true, Ordering::SeqCst);
    let leases = held(&users);
    wait_until(|| leases.status().iter().all(|status| status.is_over() && status.failure.is_some()));
    assert_eq!(leases.status()[1].failure.as_ref().unwrap().message, "no right to prolong");
    assert!(leases.revoke().is_empty() && users.revoked.lock().unwrap().is_empty());
}

#[test]
fn a_lease_without_a_time_is_not_prolonged_without_end() {
    let users = Users::default();
    users.ends_third.store(true, Ordering::SeqCst);
    let leases = held(&users);
    wait_until(|| users.logins_renewed.load(Ordering::SeqCst) >= 3);
    let login = || leases.status().into_iter().find(|status| status.reference.is_none()).unwrap();
    wait_until(|| login().renewals == 3 && login().is_over());
    std::thread::sleep(3 * TIME);
    assert_eq!(login().renewals, 3);
}
