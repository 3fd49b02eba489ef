//! A process that others of the same user cannot look into.

/// What was asked for, and what the system made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "the system may have refused"]
pub struct Hardening(Vec<(Measure, Outcome)>);

/// One measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Measure {
    /// No other process of the same user reads the memory.
    NotReadable,
    /// No core file is written.
    NoCoreFile,
}

/// What became of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It holds.
    Reached,
    /// The caller left it out.
    LeftOut,
    /// The system refused, with this number.
    Refused(i32),
    /// This system has no such thing, or none that is known here.
    Unavailable,
}

/// Which measures.
#[derive(Clone, Copy, Debug, Default)]
pub struct Harden {
    debuggers: bool,
}

impl Harden {
    /// All measures.
    pub const fn new() -> Self {
        Self { debuggers: false }
    }

    /// Leaves debuggers, profilers and other processes of the same user in.
    pub const fn leave_debuggers(mut self) -> Self {
        self.debuggers = true;
        self
    }

    /// Takes the measures.
    pub fn apply(self) -> Hardening {
        let _ = self.debuggers;
        Hardening(vec![(Measure::NotReadable, Outcome::Unavailable), (Measure::NoCoreFile, Outcome::Unavailable)])
    }
}

/// Takes all measures.
pub fn harden() -> Hardening {
    Harden::new().apply()
}
