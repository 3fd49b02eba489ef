//! Overwrites memory so that the compiler cannot leave it out.
#![expect(unsafe_code, reason = "it writes through pointers")]

use std::slice;

use zeroize::optimization_barrier;

/// Writes zeros over memory that is about to be given back.
///
/// # Safety
///
/// `length` bytes from `start` are one allocation's, may be written to, and nobody else reads or writes them meanwhile. They need not
/// hold anything yet.
pub(crate) unsafe fn overwrite(start: *mut u8, length: usize) {
    // SAFETY: the caller says that these bytes may be written to.
    unsafe { start.write_bytes(0, length) };
    // SAFETY: all of them were written a line above, and nobody else touches them.
    let written = unsafe { slice::from_raw_parts(start, length) };
    // Whoever frees the memory makes what was written to it useless, and a compiler leaves out useless writes; but not those that are looked at.
    optimization_barrier(written);
}
