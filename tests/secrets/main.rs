//! Loads from real secret managers: how many requests they take, and what a report says when one of them fails.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking, and prints what is worth reading")]

mod alone;
mod counts;
mod faults;
mod fifty;
mod managers;
mod oracle;
#[path = "../leaks/search.rs"]
mod search;
mod vault_states;
