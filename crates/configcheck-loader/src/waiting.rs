//! The line that a terminal shows while a start waits for its secrets.

use std::io::{Write as _, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use configcheck_engine::{Observer, Progress};

/// Before it nobody wonders what a start waits for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows on the standard error, in one line that is written over, how far a resolution is. For terminals only.
#[derive(Debug, Default)]
pub struct Waiting {
    is_shown: AtomicBool,
}

impl Waiting {
    /// Takes the line away, if it was shown.
    pub fn clear(&self) {
        if self.is_shown.swap(false, Ordering::SeqCst) {
            write("");
        }
    }
}

impl Observer for Waiting {
    fn progress(&self, progress: &Progress) {
        if progress.elapsed >= PATIENCE {
            self.is_shown.store(true, Ordering::SeqCst);
            write(&line(progress));
        }
    }
}

/// How far it is, in one line.
fn line(progress: &Progress) -> String {
    let Progress { done, total, waiting, elapsed, .. } = progress;
    format!("waiting for {}: {done} of {total} secrets are here, {} s", waiting.join(", "), elapsed.as_secs())
}

/// Writes over the line. Where nobody can be told, the start goes on.
fn write(text: &str) {
    stderr().write_all(format!("\r{text}\u{1b}[K").as_bytes()).ok();
}
