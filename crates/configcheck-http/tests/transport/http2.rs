//! HTTP/2: one connection for all, and faults of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
