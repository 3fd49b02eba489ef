//! For tests: looks into memory that was given back, to see that a secret is gone from it. Linux shows a process its own memory as a file.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

/// Where the allocator may write its own notes into a block that was given back.
const NOTES: usize = 32;

/// How many bytes in a row count as a piece of the secret.
const PIECE: usize = 8;

/// A text long enough that most of it lies behind the allocator's notes, and without repetition within a piece.
pub(crate) fn text() -> String {
    (0..60).map(|number| format!("not-a-real-secret-{number}.")).collect()
}

/// Whether a piece of `secret`, which stands at `address`, still stands there when `wipe` has run.
pub(crate) fn remains(address: usize, secret: &[u8], wipe: impl FnOnce()) -> bool {
    let memory = File::open("/proc/self/mem").expect("Linux shows a process its own memory");
    let offset = u64::try_from(address).expect("an address fits");
    let mut bytes = vec![0; secret.len()];
    memory.read_exact_at(&mut bytes, offset).expect("the secret can be read before it is wiped");
    assert_eq!(bytes, secret, "the secret stands where it is looked for");
    // Nothing is allocated between the two looks, so that the block is not used anew.
    wipe();
    match memory.read_exact_at(&mut bytes, offset) {
        Ok(()) => (NOTES..secret.len() - PIECE).any(|at| bytes[at..at + PIECE] == secret[at..at + PIECE]),
        // The block was given back to the system.
        Err(_) => false,
    }
}

#[test]
fn what_is_only_dropped_is_found() {
    let secret = text();
    let copy = secret.clone();
    assert!(remains(secret.as_ptr().addr(), copy.as_bytes(), || drop(secret)));
}
