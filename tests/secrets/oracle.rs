//! The leak oracle of this suite: a subscriber at TRACE for every thread of the process, and a search in whatever a load says.
//!
//! The requests run on a thread of their own, so the subscriber is the whole process's. It looks through each line as it comes and keeps
//! only those with a piece of a secret, so that thousands of loads can be listened to.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, Once, PoisonError};

use configcheck::{Error, render};

use super::managers::SECRETS;
use super::search::Needles;

static NEEDLES: LazyLock<Vec<Needles>> = LazyLock::new(|| SECRETS.iter().map(|secret| Needles::of(secret.as_bytes())).collect());
static LEAKED: Mutex<Vec<String>> = Mutex::new(Vec::new());
static HEARD: AtomicUsize = AtomicUsize::new(0);

/// The hashes of texts that were looked through: a thousand equal starts say the same, and one look is enough.
static CLEAN: LazyLock<Mutex<HashSet<u64>>> = LazyLock::new(Mutex::default);

/// Whether a piece of a secret is in a text, in any encoding.
pub(crate) fn leaks(text: &str) -> bool {
    static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    let hash = HASHER.hash_one(text);
    let clean = || CLEAN.lock().unwrap_or_else(PoisonError::into_inner);
    if clean().contains(&hash) {
        return false;
    }
    let found = search(text);
    if !found {
        clean().insert(hash);
    }
    found
}

fn search(text: &str) -> bool {
    NEEDLES.iter().any(|needles| !needles.hits(text.as_bytes(), b"").is_empty())
}

struct Ear;

impl Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        HEARD.fetch_add(1, Ordering::Relaxed);
        let line = String::from_utf8_lossy(bytes);
        if leaks(&line) {
            LEAKED.lock().unwrap_or_else(PoisonError::into_inner).push(line.into_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Listens to every event and span of every crate from now on.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let spans = tracing_subscriber::fmt::format::FmtSpan::FULL;
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(spans)
            .with_ansi(false)
            .without_time()
            .with_writer(|| Ear)
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

/// Holds that something was traced, and nothing of a secret.
pub(crate) fn assert_nothing_was_traced() {
    assert!(HEARD.load(Ordering::Relaxed) > 0, "the subscriber heard nothing, so it proves nothing");
    let leaked = LEAKED.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(leaked.is_empty(), "traced with a secret in it:\n{}", leaked.join("\n"));
}

/// Holds that an error tells nothing of a secret in any form, and gives its plain report.
pub(crate) fn told(error: &Error) -> String {
    let report = error.report();
    let forms = [
        error.to_string(),
        format!("{error:?}"),
        format!("{error:#?}"),
        render::plain(report),
        render::terminal(report, render::Style::default()),
        render::terminal(report, render::Style::default().color(true).width(60)),
        render::json(report),
        format!("{report:?}"),
        format!("{report:#?}"),
    ];
    for form in &forms {
        assert!(!leaks(form), "a secret is in this:\n{form}");
    }
    render::plain(report)
}

#[test]
fn a_secret_that_is_told_is_found() {
    for secret in SECRETS {
        for text in [secret.to_owned(), secret.to_lowercase(), format!("error: {:?}", &secret.as_bytes()[3..]), secret[..9].to_owned()] {
            assert!(leaks(&text), "{text}");
        }
    }
    assert!(!leaks("error: vault does not know the token of VAULT_TOKEN: it has expired, was revoked or is used up (403)"));
}
