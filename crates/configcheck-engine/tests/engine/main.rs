//! The engine with managers in memory and a clock of its own: a start of thirty seconds takes none.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod leases;
mod resolving;
mod virtual_clock;
