//! What keeps the secrets of a process in as few places of its memory as can be, each by itself and each chosen by the service:
//!
//! - [`WipingAllocator`] overwrites memory when it is freed, always or while configuration is loaded;
//! - [`take_secrets`] takes the secret variables out of the process environment, bytes and all;
//! - [`harden`] keeps other processes of the same user out, and core files from being written;
//! - [`LockedString`] is text in pages of its own, which are not swapped, not dumped and, where the kernel can, not readable from outside.
//!
//! This is the one crate of Configcheck with `unsafe` in it. Pointers are handled apart from system calls, so that Miri runs the former.

#![cfg_attr(any(not(target_os = "linux"), miri), allow(dead_code, unused_imports, reason = "only Linux has what they are for"))]
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks, clippy::multiple_unsafe_ops_per_block)]

mod allocator;
mod harden;
mod locked;
mod overwrite;
mod pages;
mod system;
mod take;

pub use allocator::WipingAllocator;
pub use configcheck_core::wiping::Wiping;
pub use harden::{Harden, Hardening, Measure, Outcome, harden};
pub use locked::{Keeping, LockedString, NotLocked};
pub use take::{CREDENTIALS, TakeError, Taken, take_secrets, take_secrets_and};
