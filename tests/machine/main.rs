//! Files that are not what they should be, and machines that fail: every source that reads a file, before every trap and every fault.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "figures, and what a second process tells the first")]

mod child;
mod clock;
mod faults;
mod sources;
mod stops;
mod traps;
mod writers;
