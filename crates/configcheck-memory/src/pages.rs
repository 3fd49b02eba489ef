//! Pages of one's own: filled once, read, overwritten, given back. Where they come from is the system's business.
#![expect(unsafe_code, reason = "it reads and writes through pointers")]

use std::process;
use std::ptr::{self, NonNull};
use std::slice;

use crate::overwrite::overwrite;

/// Memory that somebody gave, and the way to give it back.
#[derive(Debug)]
pub(crate) struct Region {
    start: NonNull<u8>,
    length: usize,
    give_back: unsafe fn(NonNull<u8>, usize),
}

impl Region {
    /// # Safety
    ///
    /// `length` bytes from `start` may be read and written, all hold something, and they are nobody else's until `give_back` is called with
    /// both. That call is sound once.
    pub(crate) unsafe fn new(start: NonNull<u8>, length: usize, give_back: unsafe fn(NonNull<u8>, usize)) -> Self {
        Self { start, length, give_back }
    }

    /// Gives it back as it is.
    pub(crate) fn unused(self) {
        // SAFETY: nothing was made of it, and it is given back once, since it is gone then.
        unsafe { (self.give_back)(self.start, self.length) };
    }
}

/// Bytes in a region. Overwritten, and the region given back, when they are dropped.
#[derive(Debug)]
pub(crate) struct Pages {
    region: Region,
    filled: usize,
    /// The process that filled them. A copy of it that was made by `fork` has other pages in this place, or none.
    process: u32,
}

// SAFETY: the region is nobody else's, and belongs to no thread.
unsafe impl Send for Pages {}

// SAFETY: through a shared reference the bytes are only read.
unsafe impl Sync for Pages {}

impl Pages {
    /// Copies bytes into a region; `None` where they do not fit.
    pub(crate) fn filled(region: Region, bytes: &[u8]) -> Option<Self> {
        let pages = Self { region, filled: bytes.len(), process: process::id() };
        if pages.filled > pages.region.length {
            return None;
        }
        // SAFETY: the region is at least as long, may be written to, and lies apart from all that safe code can borrow.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), pages.region.start.as_ptr(), bytes.len()) };
        Some(pages)
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: so many bytes were filled, and nobody writes to them as long as this is borrowed.
        unsafe { slice::from_raw_parts(self.region.start.as_ptr(), self.filled) }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        if process::id() != self.process {
            // In a copy of the process the pages are empty or not there at all, and something else may be in their place.
            return;
        }
        // SAFETY: the region may be written to, and what is dropped is borrowed by nobody.
        unsafe { overwrite(self.region.start.as_ptr(), self.region.length) };
        // SAFETY: it is given back once, here.
        unsafe { (self.region.give_back)(self.region.start, self.region.length) };
    }
}

#[cfg(test)]
mod tests {
    use std::alloc::{Layout, alloc_zeroed, dealloc};
    use std::cell::Cell;
    use std::thread;

    use super::*;

    const LENGTH: usize = 64;

    thread_local! {
        /// How many regions were given back on this thread, each of which held nothing but zeros by then.
        static GIVEN_BACK: Cell<usize> = const { Cell::new(0) };
    }

    fn layout(length: usize) -> Layout {
        Layout::from_size_align(length, 16).expect("a good layout")
    }

    unsafe fn give_back(start: NonNull<u8>, length: usize) {
        // SAFETY: the region is still the test's.
        let bytes = unsafe { slice::from_raw_parts(start.as_ptr(), length) };
        assert!(bytes.iter().all(|byte| *byte == 0), "it was not overwritten before it was given back");
        GIVEN_BACK.set(GIVEN_BACK.get() + 1);
        // SAFETY: it was allocated with this layout, and is given back once.
        unsafe { dealloc(start.as_ptr(), layout(length)) };
    }

    fn region() -> Region {
        // SAFETY: the layout has a size.
        let start = unsafe { alloc_zeroed(layout(LENGTH)) };
        let start = NonNull::new(start).expect("there is memory");
        // SAFETY: the memory was just made, holds zeros, and `give_back` frees it.
        unsafe { Region::new(start, LENGTH, give_back) }
    }

    #[test]
    fn what_was_filled_in_is_read_and_then_overwritten() {
        for length in [0, 1, 63, 64] {
            let bytes = vec![b'x'; length];
            let pages = Pages::filled(region(), &bytes).expect("it fits");
            assert_eq!(pages.bytes(), bytes);
            let before = GIVEN_BACK.get();
            drop(pages);
            assert_eq!(GIVEN_BACK.get(), before + 1);
        }
    }

    #[test]
    fn what_does_not_fit_is_not_kept_and_the_region_is_given_back() {
        let before = GIVEN_BACK.get();
        assert!(Pages::filled(region(), &[b'x'; 65]).is_none());
        assert_eq!(GIVEN_BACK.get(), before + 1);
    }

    #[test]
    fn pages_are_read_from_other_threads_and_dropped_there() {
        let pages = Pages::filled(region(), b"not-a-real-secret").expect("it fits");
        thread::scope(|scope| {
            scope.spawn(|| assert_eq!(pages.bytes(), b"not-a-real-secret"));
        });
        thread::spawn(move || drop(pages)).join().expect("it is dropped there");
    }

    #[test]
    fn a_copy_of_the_process_touches_nothing() {
        let mut pages = Pages::filled(region(), b"not-a-real-secret").expect("it fits");
        let (before, own) = (GIVEN_BACK.get(), pages.process);
        pages.process = own.wrapping_add(1);
        let (start, length) = (pages.region.start, pages.region.length);
        drop(pages);
        assert_eq!(GIVEN_BACK.get(), before);
        // SAFETY: nobody gave it back, and nobody knows of it any more.
        unsafe { overwrite(start.as_ptr(), length) };
        // SAFETY: as above.
        unsafe { give_back(start, length) };
    }
}
