//! Providers that keep every requirement, and broken ones that do not: each is caught by the requirement that is about it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod broken;
mod good;
mod memory;
