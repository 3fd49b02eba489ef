//! A process that others of the same user cannot look into, and that leaves no core file.

use std::fmt;
use std::io;

use crate::system::{self, Refusal};

/// One measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Measure {
    /// Processes of the same user read neither memory nor environment, trace nothing and get no core (`PR_SET_DUMPABLE`). Root still can.
    NotReadable,
    /// No core file is written, neither by this process nor by those that it starts (`RLIMIT_CORE`).
    NoCoreFile,
}

/// What became of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It holds; the system was asked.
    Reached,
    /// The limit holds, but this system hands cores to a program (`|` in `/proc/sys/kernel/core_pattern`), which the limit does not bind.
    Piped,
    /// The service left it out.
    LeftOut,
    /// The system refused, with this error number.
    Refused(i32),
    /// There is no such thing on this system, or none that is known here.
    Unavailable,
}

/// Which measures are taken. [`harden`] takes all.
///
/// ```
/// use configcheck_memory::{Harden, Measure, Outcome};
///
/// let reached = Harden::new().leave_debuggers().apply();
/// assert_eq!(reached.of(Measure::NotReadable), Outcome::LeftOut);
/// println!("{reached}");
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "nothing is taken before `apply`"]
pub struct Harden {
    leaves_debuggers: bool,
}

impl Harden {
    /// All measures.
    pub const fn new() -> Self {
        Self { leaves_debuggers: false }
    }

    /// Leaves debuggers, profilers and other processes of the same user in; only core files are not written.
    pub const fn leave_debuggers(mut self) -> Self {
        self.leaves_debuggers = true;
        self
    }

    /// Takes the measures. None is fatal: the report says what was reached.
    pub fn apply(self) -> Hardening {
        let not_readable = if self.leaves_debuggers { Outcome::LeftOut } else { outcome(system::hide_from_others()) };
        let no_core_file = match outcome(system::write_no_core_file()) {
            // A process that is not readable has no core at all, whoever would get it.
            Outcome::Reached if not_readable != Outcome::Reached && system::core_files_are_piped() => Outcome::Piped,
            other => other,
        };
        Hardening { not_readable, no_core_file }
    }
}

/// Takes all measures: other processes of the same user cannot look into this one, and no core file is written. Call it first in `main`.
///
/// Debuggers, profilers and `/proc/PID` work for root alone afterwards; [`Harden::leave_debuggers`] keeps them. A program that this process
/// starts is readable again, with no core files still.
pub fn harden() -> Hardening {
    Harden::new().apply()
}

fn outcome(result: Result<(), Refusal>) -> Outcome {
    match result {
        Ok(()) => Outcome::Reached,
        Err(Refusal::Unavailable) => Outcome::Unavailable,
        Err(Refusal::Number(number)) => Outcome::Refused(number),
    }
}

/// What was asked for, and what the system made of it. It displays as a line for each measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the system may have refused"]
pub struct Hardening {
    not_readable: Outcome,
    no_core_file: Outcome,
}

impl Hardening {
    /// What became of a measure.
    pub const fn of(self, measure: Measure) -> Outcome {
        match measure {
            Measure::NotReadable => self.not_readable,
            Measure::NoCoreFile => self.no_core_file,
        }
    }

    /// Every measure, with what became of it.
    pub const fn all(self) -> [(Measure, Outcome); 2] {
        [(Measure::NotReadable, self.not_readable), (Measure::NoCoreFile, self.no_core_file)]
    }

    /// Whether all that was asked for was reached.
    pub const fn is_complete(self) -> bool {
        matches!((self.not_readable, self.no_core_file), (Outcome::Reached | Outcome::LeftOut, Outcome::Reached))
    }
}

impl fmt::Display for Hardening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (measure, outcome)) in self.all().into_iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{measure}: {outcome}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotReadable => "closed to other processes of this user",
            Self::NoCoreFile => "no core files",
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reached => f.write_str("yes"),
            Self::Piped => f.write_str("the limit is 0, but /proc/sys/kernel/core_pattern names a program that gets cores all the same"),
            Self::LeftOut => f.write_str("left out, as this service asked for"),
            Self::Refused(number) => write!(f, "no, the system refused: {}", io::Error::from_raw_os_error(*number)),
            Self::Unavailable => f.write_str("no, not available on this system"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_reads_as_lines() {
        let report = Hardening { not_readable: Outcome::Refused(1), no_core_file: Outcome::Piped };
        let text = report.to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("closed to other processes of this user: no, the system refused: "), "{text}");
        assert!(lines[1].contains("core_pattern"));
        assert!(!report.is_complete());
    }

    #[test]
    fn it_is_complete_with_what_was_left_out() {
        let of = |not_readable, no_core_file| Hardening { not_readable, no_core_file }.is_complete();
        assert!(of(Outcome::Reached, Outcome::Reached));
        assert!(of(Outcome::LeftOut, Outcome::Reached));
        assert!(!of(Outcome::LeftOut, Outcome::Piped));
        assert!(!of(Outcome::Unavailable, Outcome::Unavailable));
    }
}
