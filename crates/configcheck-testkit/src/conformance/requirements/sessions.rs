//! A login can be used by several at once, left in the middle, and ended.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use configcheck_core::SecretRef;
use configcheck_core::provider::{OutcomeKind, Session};

use super::super::drive::{block_on, block_on_until};
use super::super::run::{self, Run, Verdict};
use super::super::subject::Capability;
use super::Requirement;

pub(super) const ALL: &[Requirement] = &[
    Requirement::new("identity-has-a-name", "a session says who it is, also without asking", identity_has_a_name),
    Requirement::new("session-serves-many-at-once", "fetches of one session at the same time have their own outcomes", session_serves_many),
    Requirement::new(
        "sessions-are-apart",
        "two sessions work at the same time, and one goes on when the other is closed",
        sessions_are_apart,
    ),
    Requirement::new(
        "dropped-fetch-does-no-harm",
        "a session works on when a fetch was dropped in the middle, and so does a provider when a login was",
        dropped_fetch_does_no_harm,
    ),
    Requirement::new("stranger-is-auth-failed", "who is not known to the manager is told so, and not that items are absent", stranger)
        .needs(Capability::Login),
    Requirement::new("ended-session-is-auth-failed", "every item of a session that has ended is `auth failed`", ended_session)
        .needs(Capability::SessionEnd),
];

fn identity_has_a_name(run: &Run<'_>) -> Verdict {
    let session = run.session()?;
    if session.describe().trim().is_empty() {
        run.problem("`describe` says nothing");
    }
    run.show("Debug of the lease of a login", &session.lease());
    match block_on(session.identity()) {
        Ok(identity) => {
            run.show("Debug of an identity", &identity);
            if identity.name.trim().is_empty() {
                run.problem("the identity has no name");
            }
            Ok(())
        }
        Err(outcome) => {
            run.show_outcome("an identity", &outcome);
            Err(format!("the identity cannot be told: {}", run::of(&outcome)))
        }
    }
}

/// Fetches each stored value on a thread of its own; the sessions take turns.
fn fetch_at_once(run: &Run<'_>, sessions: &[&dyn Session], stored: &[(SecretRef, String)]) {
    thread::scope(|scope| {
        for (number, (reference, mark)) in stored.iter().enumerate() {
            let session = sessions[number % sessions.len()];
            scope.spawn(move || match run.fetch_one(session, reference) {
                Ok(outcome) => run.expect_value(&format!("{reference}, one of many at once"), reference, &outcome, mark.as_bytes()),
                Err(problem) => run.problem(problem),
            });
        }
    });
}

fn session_serves_many(run: &Run<'_>) -> Verdict {
    let stored: Vec<_> = (0..16).map(|number| run.store_mark(&format!("at-once-{number}"))).collect();
    let session = run.session()?;
    fetch_at_once(run, &[session.as_ref()], &stored);
    Ok(())
}

fn sessions_are_apart(run: &Run<'_>) -> Verdict {
    let stored: Vec<_> = (0..8).map(|number| run.store_mark(&format!("apart-{number}"))).collect();
    let (one, other) = (run.session()?, run.session()?);
    fetch_at_once(run, &[one.as_ref(), other.as_ref()], &stored);
    block_on(one.close());
    let (reference, mark) = &stored[0];
    run.expect_value("after the other was closed", reference, &*run.fetch_one(other.as_ref(), reference)?, mark.as_bytes());
    Ok(())
}

/// After how long a future is dropped; the first has been polled once.
const MOMENTS: [Duration; 5] =
    [Duration::ZERO, Duration::from_micros(200), Duration::from_millis(1), Duration::from_millis(3), Duration::from_millis(10)];

fn dropped_fetch_does_no_harm(run: &Run<'_>) -> Verdict {
    let stored: Vec<_> = (0..5).map(|number| run.store_mark(&format!("dropped-{number}"))).collect();
    let references: Vec<SecretRef> = stored.iter().map(|(reference, _)| reference.without_field()).collect();
    let context = run.context(run.provider.as_ref(), |name| run.subject.setting(name));
    let session: Arc<dyn Session> = run.session()?;
    let batches = run.provider.plan(&references);
    for moment in MOMENTS {
        drop(run.provider.connect(&context));
        let _ = block_on_until(run.provider.connect(&context), Instant::now() + moment);
        for batch in &batches {
            drop(session.fetch(batch));
            let _ = block_on_until(session.fetch(batch), Instant::now() + moment);
            let _ = block_on_until(session.probe(batch), Instant::now() + moment);
        }
    }
    let references: Vec<SecretRef> = stored.iter().map(|(reference, _)| reference.clone()).collect();
    for (what, session) in [("the session", session), ("a new session", run.session()?)] {
        let outcomes = run.fetch(session.as_ref(), &references)?;
        for ((reference, mark), outcome) in stored.iter().zip(&outcomes) {
            run.expect_value(&format!("{reference}, by {what} after dropped futures"), reference, outcome, mark.as_bytes());
        }
    }
    Ok(())
}

fn stranger(run: &Run<'_>) -> Verdict {
    let (reference, _) = run.store_mark("stranger");
    let (provider, settings) = run.subject.stranger();
    let setting = |name: &str| settings.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
    run.show("Debug of a stranger's provider", &provider);
    let context = run.context(provider.as_ref(), setting);
    let session = match block_on(provider.connect(&context)) {
        Err(outcome) => {
            run.show_outcome("a stranger's login", &outcome);
            run.expect_kind("a stranger's login", &outcome, OutcomeKind::AuthFailed);
            return Ok(());
        }
        Ok(session) => session,
    };
    run.show_text("what a stranger's session says it is", session.describe());
    let outcome = run.fetch_one(session.as_ref(), &reference)?;
    run.expect_kind("a stranger's fetch", &outcome, OutcomeKind::AuthFailed);
    Ok(())
}

fn ended_session(run: &Run<'_>) -> Verdict {
    let stored: Vec<_> = (0..3).map(|number| run.store_mark(&format!("ended-{number}"))).collect();
    let references: Vec<SecretRef> = stored.iter().map(|(reference, _)| reference.clone()).collect();
    let session = run.session()?;
    for ((reference, mark), outcome) in stored.iter().zip(run.fetch(session.as_ref(), &references)?) {
        run.expect_value("before the end", reference, &outcome, mark.as_bytes());
    }
    run.subject.end_sessions();
    for outcome in run.fetch(session.as_ref(), &references)? {
        run.expect_kind("an item of a session that has ended", &outcome, OutcomeKind::AuthFailed);
    }
    Ok(())
}
