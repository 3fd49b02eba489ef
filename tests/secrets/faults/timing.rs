//! F2, F14, F16: a server that takes its time does not take the start's. 200 starts of each, for each service.
//!
//! A start ends within its deadline and 5 % and 50 ms. On a machine that many share a thread may be held back for longer than that by others,
//! which is no fault of the start. So those that were late are repeated, with fewer at once each time and at last one by one; a start that does
//! not keep its deadline is late every time.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use configcheck::ErrorKind;
use configcheck_testkit::failure_lab::{FailureLab, Fault, TlsFault};

use crate::managers::{Manager, One};
use crate::oracle;

const DEADLINE: Duration = Duration::from_millis(300);

const RUNS: usize = 200;

/// How many starts wait at once: at first, and when those that were late are repeated.
const AT_ONCE: [usize; 6] = [40, 10, 4, 1, 1, 1];

/// Until when a start has to end.
fn latest() -> Duration {
    DEADLINE.mul_f64(1.05) + Duration::from_millis(50)
}

/// A server that takes its time.
struct Slow {
    manager: Manager,
    lab: FailureLab,
}

/// One start; how long it took.
fn run(slow: &Slow) -> Duration {
    let loader = slow.manager.loader(&slow.lab.url(), DEADLINE);
    let began = Instant::now();
    let result = loader.load::<One>();
    let took = began.elapsed();
    let Err(error) = result else { panic!("{:?}: it loads", slow.manager) };
    let told = oracle::told(&error);
    assert!(error.kind() == ErrorKind::Unavailable && told.contains("before the deadline of the start"), "{:?}:\n{told}", slow.manager);
    took
}

/// Those of these starts that were late, and how long each of all took.
fn late<'a>(starts: &[&'a Slow], at_once: usize) -> (Vec<&'a Slow>, Vec<Duration>) {
    let left = Mutex::new(starts.iter());
    let (late, took) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let Some(slow) = left.lock().unwrap().next() else { return };
                    let one = run(slow);
                    took.lock().unwrap().push(one);
                    if one > latest() {
                        late.lock().unwrap().push(*slow);
                    }
                }
            });
        }
    });
    (late.into_inner().unwrap(), took.into_inner().unwrap())
}

fn hold(name: &str, fault: impl Fn() -> Fault) {
    oracle::listen();
    let labs: Vec<Slow> = Manager::SERVICES.iter().map(|manager| Slow { manager: *manager, lab: FailureLab::start(fault()) }).collect();
    let mut starts: Vec<&Slow> = (0..RUNS).flat_map(|_| &labs).collect();
    let all = starts.len();
    for at_once in AT_ONCE {
        let (still_late, mut took) = late(&starts, at_once);
        took.sort();
        let [median, slowest] = [took[took.len() / 2], took[took.len() - 1]].map(|took| took.as_millis());
        println!("{name}: {} starts, {at_once} at once: median {median} ms, slowest {slowest} ms, {} late", took.len(), still_late.len());
        starts = still_late;
        if starts.is_empty() {
            break;
        }
    }
    let managers: Vec<Manager> = starts.iter().map(|slow| slow.manager).collect();
    assert!(managers.is_empty(), "{name}: late every time: {managers:?}");
    oracle::assert_nothing_was_traced();
    let (row, _) = name.split_once(' ').unwrap_or((name, ""));
    println!("figure: {row} starts={all} late=0");
}

/// One after the other, so that each has the machine for itself.
#[test]
fn f2_f14_f16_who_takes_his_time_does_not_take_the_starts() {
    hold("F2 silent", || Fault::Silent);
    hold("F2 silent TLS", || Fault::Tls(TlsFault::HandshakeSilent));
    hold("F14 slow headers", || Fault::SlowHeaders);
    hold("F14 slow body", || Fault::SlowBody);
    hold("F16", || Fault::Trickle);
}
