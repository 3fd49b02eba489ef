//! The provider against the real server, and against one that plays faults.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::doc_markdown, reason = "OpenBao and the names of variables are names")]

#[path = "../../../../tests/traced.rs"]
mod all_traces;
mod conforms;
mod faults;
mod harness;
mod kv;
mod lease;
mod login;
mod probe;
mod starts;
mod states;
