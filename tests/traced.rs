//! Listens to a whole test program at TRACE when it is asked to, and writes what it hears to a file. `tests/security/trace_scan.py` asks, and
//! looks through the file for every secret of the tests.
//!
//! The module that this file is has the name `all_traces`, which is before every other: where tests run one after another, this one runs first.

use std::fs::OpenOptions;
use std::path::PathBuf;
use std::sync::Mutex;

/// Names the file.
const FILE: &str = "CONFIGCHECK_TEST_TRACES";

/// What the scan has to find in every file: it shows that the subscriber was heard and that the scan sees a secret.
const PLANTED: &str = "not-a-real-planted-one";

#[test]
fn are_heard() {
    let Some(path) = std::env::var_os(FILE).map(PathBuf::from) else { return };
    let file = OpenOptions::new().create(true).append(true).open(path).expect("the file for the traces can be written");
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("nobody else listens to the whole process");
    tracing::trace!(value = PLANTED, "planted");
}
