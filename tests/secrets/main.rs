//! Loads from real secret managers: how many requests they take, and what a report says when one of them fails.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod counts;
mod fifty;
