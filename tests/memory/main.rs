//! How many copies of a secret a process holds, proven from outside of it: for each source, while the secret is alive and when it has been
//! dropped. Nothing happens between the load and the look that could overwrite a copy by chance.
//!
//! Reading the memory of another process needs Linux and its parent's rights; where the kernel refuses, the tests fail and say why.
#![cfg(target_os = "linux")]
#![allow(missing_docs, unreachable_pub)]
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking, and prints its figures")]

mod managers;
mod probed;
mod scan;
mod source;
mod sources;
