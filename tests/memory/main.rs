//! What a process leaves in its memory, looked at from outside.
//!
//! How many copies of a secret it holds is proven for each source, while the secret is alive and when it has been dropped; nothing happens
//! between the load and the look that could overwrite a copy by chance. Of the feature `memory` a program is started, made to do something, and its
//! memory, its environment, its core file and its children are searched for the secret that it was given.
//!
//! What needs another user is run as `nobody` where the tests run as root, since root may look into every process. Where the kernel lets
//! nobody read the memory of a child, the tests fail and say why.
#![cfg(target_os = "linux")]
#![allow(unreachable_pub)]
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking, and prints what is worth reading")]

mod allocator;
mod environment;
mod hardened;
mod managers;
mod pages;
mod probed;
mod scan;
mod source;
mod sources;
mod subject_process;
mod taken;
