//! What is fetched, how often, and what is said of what did not come.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use configcheck_core::provider::{Batch, Fetched, Outcome, OutcomeKind, Reason, Retry};
use configcheck_core::{Provider, SecretRef};
use configcheck_engine::{Clock as _, Engine, Resolution, Surroundings};
use configcheck_testkit::{FakeLog, FakeProvider};
use proptest::prelude::*;

use super::virtual_clock::VirtualClock;

const DEADLINE: Duration = Duration::from_secs(30);

fn reference(text: &str) -> SecretRef {
    SecretRef::parse(text).unwrap().unwrap()
}

fn paths(count: usize) -> Vec<SecretRef> {
    (0..count).map(|number| reference(&format!("vault:secret/data/a{number}#k"))).collect()
}

struct Run {
    resolution: Resolution,
    log: FakeLog,
    elapsed: Duration,
}

impl Run {
    fn of(provider: FakeProvider, references: &[SecretRef]) -> Self {
        let log = provider.log();
        let (resolution, elapsed) = resolve(vec![Arc::new(provider)], references);
        Self { resolution, log, elapsed }
    }

    fn kinds(&self) -> BTreeMap<OutcomeKind, usize> {
        let mut kinds = BTreeMap::new();
        self.resolution.outcomes.values().for_each(|outcome| *kinds.entry(outcome.kind()).or_default() += 1);
        kinds
    }

    fn message(&self) -> &str {
        &self.resolution.outcomes.values().find_map(Outcome::reason).unwrap().message
    }
}

fn resolve(providers: Vec<Arc<dyn Provider>>, references: &[SecretRef]) -> (Resolution, Duration) {
    let clock = VirtualClock::new();
    let surroundings = Surroundings { deadline: clock.now() + DEADLINE, environment: None, settings: Vec::new() };
    let engine = Engine::new(providers).clock(clock.clone());
    let resolution = clock.run(engine.resolve(references, &surroundings));
    (resolution, clock.elapsed())
}

fn found() -> Outcome {
    Outcome::Found(Fetched::value("not-a-real-value"))
}

fn refused() -> Outcome {
    Outcome::Unavailable { retry: Retry::UntilDeadline, reason: Reason::new("nothing listens there") }
}

fn throttled(retry_after: Option<u64>) -> Outcome {
    Outcome::Throttled { retry_after: retry_after.map(Duration::from_secs), reason: Reason::new("too many requests") }
}

/// Answers by the number of the request, from 1.
fn by_number(answer: impl Fn(usize, &Batch) -> Vec<Outcome> + Send + Sync + 'static) -> FakeProvider {
    let count = AtomicUsize::new(0);
    FakeProvider::new("vault", move |batch| Some(answer(count.fetch_add(1, Ordering::SeqCst) + 1, batch)))
}

fn each(batch: &Batch, outcome: impl Fn() -> Outcome) -> Vec<Outcome> {
    batch.references.iter().map(|_| outcome()).collect()
}

#[test]
fn equal_references_are_fetched_once_in_batches_after_one_login() {
    let mut wanted = paths(50);
    wanted.extend(paths(50));
    wanted.push(reference("vault:secret/data/a7#another"));
    let run = Run::of(FakeProvider::answering("vault", |_| found()).batches_of(20), &wanted);
    assert_eq!(run.kinds(), BTreeMap::from([(OutcomeKind::Found, 50)]));
    assert_eq!(run.log.logins(), 1);
    assert_eq!(run.log.batches().iter().map(|batch| batch.references.len()).collect::<Vec<_>>(), [20, 20, 10]);
    assert_eq!(run.elapsed, Duration::ZERO);
    assert_eq!(run.resolution.accesses.len(), 50);
    assert!(run.resolution.accesses.iter().all(|access| access.tries == 1 && access.identity.as_deref() == Some("the identity of a test")));
}

#[test]
fn one_failure_is_one_items_own() {
    let run = Run::of(
        FakeProvider::answering("vault", |reference| match reference.path() {
            "secret/data/a3" => Outcome::Denied(Reason::new("no right")),
            "secret/data/a9" => Outcome::Absent(Reason::new("not there")),
            _ => found(),
        })
        .batches_of(50),
        &paths(50),
    );
    assert_eq!(run.kinds(), BTreeMap::from([(OutcomeKind::Found, 48), (OutcomeKind::Denied, 1), (OutcomeKind::Absent, 1)]));
    assert_eq!(run.log.batches().len(), 1);
}

#[test]
fn what_may_help_is_tried_again_and_what_cannot_is_not() {
    let tries = |outcome: fn() -> Outcome| Run::of(FakeProvider::answering("vault", move |_| outcome()), &paths(1)).log.batches().len();
    assert_eq!(tries(|| Outcome::unavailable(Reason::new("its disk is full"))), 4);
    assert_eq!(tries(|| Outcome::Unavailable { retry: Retry::Never, reason: Reason::new("its certificate is another's") }), 1);
    assert_eq!(tries(|| Outcome::Denied(Reason::new("no right"))), 1);
    assert_eq!(tries(|| Outcome::Absent(Reason::new("not there"))), 1);
    assert_eq!(tries(|| Outcome::Malformed(Reason::new("no secret"))), 1);
    assert!(tries(refused) > 8);
    let third = |number, batch: &Batch| each(batch, || if number < 3 { refused() } else { found() });
    let run = Run::of(by_number(third), &paths(1));
    assert_eq!((run.kinds(), run.log.batches().len()), (BTreeMap::from([(OutcomeKind::Found, 1)]), 3));
}

#[test]
fn until_the_deadline_and_no_longer() {
    let run = Run::of(FakeProvider::answering("vault", |_| refused()), &paths(3));
    assert!(run.elapsed <= DEADLINE && run.elapsed > Duration::from_secs(24), "{:?}", run.elapsed);
    assert_eq!(run.kinds(), BTreeMap::from([(OutcomeKind::Unavailable, 3)]));
    assert!(run.message().starts_with("nothing listens there"), "{}", run.message());
    let silent = Run::of(FakeProvider::silent("vault"), &paths(3));
    assert_eq!(silent.elapsed, DEADLINE);
    assert_eq!(silent.message(), "it did not answer within 5 seconds, and so it stayed until the deadline of the start");
    let clock = VirtualClock::new();
    let engine = Engine::new(vec![Arc::new(FakeProvider::silent("vault"))]).clock(clock.clone()).attempt(Duration::MAX);
    let surroundings = Surroundings { deadline: clock.now() + DEADLINE, environment: None, settings: Vec::new() };
    let resolution = clock.run(engine.resolve(&paths(1), &surroundings));
    let reason = resolution.outcomes.values().find_map(Outcome::reason).unwrap();
    assert_eq!(reason.message, "it did not answer before the deadline of the start");
    assert_eq!(clock.elapsed(), DEADLINE);
}

#[test]
fn a_silent_manager_takes_no_other_with_it() {
    let wanted = [reference("vault:a#b"), reference("op://a/b/c")];
    let (resolution, _) =
        resolve(vec![Arc::new(FakeProvider::silent("vault")), Arc::new(FakeProvider::answering("op", |_| found()))], &wanted);
    let kinds: Vec<_> = wanted.iter().map(|reference| resolution.outcomes[&reference.without_field()].kind()).collect();
    assert_eq!(kinds, [OutcomeKind::Unavailable, OutcomeKind::Found]);
}

#[test]
fn a_throttled_batch_goes_one_by_one_and_fewer_at_once() {
    let singles = |_, batch: &Batch| each(batch, || if batch.references.len() > 1 { throttled(None) } else { found() });
    let run = Run::of(by_number(singles).batches_of(20), &paths(40));
    assert_eq!(run.kinds(), BTreeMap::from([(OutcomeKind::Found, 40)]));
    let sizes: Vec<_> = run.log.batches().iter().map(|batch| batch.references.len()).collect();
    assert_eq!(sizes[..2], [20, 20]);
    assert!(sizes[2..].iter().all(|size| *size == 1) && sizes.len() == 42, "{sizes:?}");
}

#[test]
fn the_managers_own_word_for_when_is_honoured_up_to_the_deadline() {
    let later = |number, batch: &Batch| each(batch, || if number == 1 { throttled(Some(7)) } else { found() });
    let run = Run::of(by_number(later), &paths(1));
    assert_eq!(run.kinds(), BTreeMap::from([(OutcomeKind::Found, 1)]));
    assert!(run.elapsed >= Duration::from_secs(7) && run.elapsed < Duration::from_secs(8), "{:?}", run.elapsed);
    let too_late = Run::of(FakeProvider::answering("vault", |_| throttled(Some(60))), &paths(1));
    assert_eq!((too_late.elapsed, too_late.log.batches().len()), (Duration::ZERO, 1));
    assert_eq!(too_late.kinds(), BTreeMap::from([(OutcomeKind::Throttled, 1)]));
}

#[test]
fn a_failed_login_is_the_outcome_of_all_that_waited_for_it() {
    let login = |_| Err(Outcome::AuthFailed(Reason::new("the token has expired")));
    let run = Run::of(FakeProvider::answering("vault", |_| found()).login(login), &paths(15));
    assert_eq!(run.kinds(), BTreeMap::from([(OutcomeKind::AuthFailed, 15)]));
    assert_eq!((run.log.logins(), run.log.batches().len()), (1, 0));
    let flaky = |number| if number < 3 { Err(refused()) } else { Ok(()) };
    let run = Run::of(FakeProvider::answering("vault", |_| found()).login(flaky), &paths(15));
    assert_eq!((run.kinds(), run.log.logins()), (BTreeMap::from([(OutcomeKind::Found, 15)]), 3));
    let hopeless = Run::of(FakeProvider::silent("vault").login(|_| Err(refused())), &paths(15));
    assert!(hopeless.elapsed <= DEADLINE);
    assert_eq!(hopeless.kinds(), BTreeMap::from([(OutcomeKind::Unavailable, 15)]));
}

#[test]
fn a_session_that_ends_in_the_middle_is_begun_once_more() {
    let expired = || Outcome::AuthFailed(Reason::new("the token has expired"));
    let ends = move |number, batch: &Batch| each(batch, || if (20..40).contains(&number) { expired() } else { found() });
    let run = Run::of(by_number(ends), &paths(50));
    assert_eq!((run.kinds(), run.log.logins()), (BTreeMap::from([(OutcomeKind::Found, 50)]), 2));
    // A manager that never knows us is not asked fifty times: accounts are locked for less.
    let run = Run::of(FakeProvider::answering("vault", move |_| expired()), &paths(200));
    assert_eq!((run.kinds(), run.log.logins()), (BTreeMap::from([(OutcomeKind::AuthFailed, 200)]), 2));
    assert!(run.log.batches().len() < 200, "{}", run.log.batches().len());
    let lost = FakeProvider::answering("vault", move |_| expired()).login(move |number| if number == 1 { Ok(()) } else { Err(expired()) });
    let run = Run::of(lost, &paths(3));
    assert_eq!((run.kinds(), run.log.logins()), (BTreeMap::from([(OutcomeKind::AuthFailed, 3)]), 2));
}

#[test]
fn a_provider_with_a_mistake_harms_its_own_items_only() {
    let run = Run::of(FakeProvider::new("vault", |_| Some(Vec::new())), &paths(2));
    assert_eq!(run.kinds(), BTreeMap::from([(OutcomeKind::Malformed, 2)]));
    assert!(run.message().contains("another number of answers"), "{}", run.message());
    let panics = |number, batch: &Batch| if number == 1 { panic!("a provider's own mistake") } else { each(batch, found) };
    let run = Run::of(by_number(panics), &paths(3));
    assert_eq!(run.kinds(), BTreeMap::from([(OutcomeKind::Found, 2), (OutcomeKind::Malformed, 1)]));
}

#[test]
fn what_nobody_reads_is_left_out() {
    let (resolution, _) = resolve(vec![Arc::new(FakeProvider::silent("op"))], &paths(3));
    assert!(resolution.outcomes.is_empty() && resolution.accesses.is_empty());
    let (resolution, _) = resolve(Vec::new(), &[]);
    assert!(resolution.outcomes.is_empty());
}

/// What a manager may answer to one item.
fn answer(choice: u8) -> Outcome {
    match choice {
        0 => Outcome::Absent(Reason::new("not there")),
        1 => Outcome::Denied(Reason::new("no right")),
        2 => throttled(None),
        3 => throttled(Some(3)),
        4 => refused(),
        5 => Outcome::unavailable(Reason::new("its disk is full")),
        6 => Outcome::Malformed(Reason::new("no secret")),
        7 => Outcome::AuthFailed(Reason::new("the token has expired")),
        _ => found(),
    }
}

proptest! {
    #[test]
    fn whatever_a_manager_does_each_item_has_an_outcome_in_time(
        answers in proptest::collection::vec(0_u8..14, 1..60),
        logins in proptest::collection::vec(0_u8..40, 1..4),
        count in 1_usize..40,
        size in 1_usize..12,
    ) {
        let asked = AtomicUsize::new(0);
        let provider = by_number(move |_, batch| {
            let next = || answer(answers[asked.fetch_add(1, Ordering::SeqCst) % answers.len()]);
            each(batch, next)
        });
        let provider = provider.batches_of(size).login(move |number| match logins[(number - 1) % logins.len()] {
            choice @ (2..=5 | 7) => Err(answer(choice)),
            _ => Ok(()),
        });
        let run = Run::of(provider, &paths(count));
        prop_assert_eq!(run.resolution.outcomes.len(), count);
        prop_assert!(run.elapsed <= DEADLINE);
        prop_assert!(run.log.logins() >= 1);
        let tries: u32 = run.resolution.accesses.iter().map(|access| access.tries).sum();
        let sent: usize = run.log.batches().iter().map(|batch| batch.references.len()).sum();
        prop_assert_eq!(usize::try_from(tries).unwrap(), sent);
    }
}
