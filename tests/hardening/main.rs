//! What a process of the feature `memory` leaves in its memory, looked at from outside: a program is started, made to do something, and its
//! memory, its environment, its core file and its children are searched for the secret that it was given.
//!
//! What needs another user is run as `nobody` where the tests run as root, since root may look into every process.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking, and prints what is worth reading")]

mod allocator;
mod environment;
mod hardened;
mod pages;
mod subject_process;
mod taken;
