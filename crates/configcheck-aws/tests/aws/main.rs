//! AWS references against moto, and against servers that play faults.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod conformance;
mod credentials;
mod faults;
mod parameters;
mod secrets;
mod server;
mod signatures;
