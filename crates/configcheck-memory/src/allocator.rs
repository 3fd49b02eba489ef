//! The allocator that overwrites memory when it is freed.
#![expect(unsafe_code, reason = "an allocator is unsafe to implement")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;

use configcheck_core::wiping::Wiping;

use crate::overwrite::overwrite;

/// An allocator that overwrites memory with zeros before it is freed, and when it moves or shrinks: what libraries of others copied a secret
/// into is gone with their buffers. It hands the work on to another allocator, that of the system unless said otherwise.
///
/// ```
/// use configcheck_memory::WipingAllocator;
///
/// #[global_allocator]
/// static ALLOCATOR: WipingAllocator = WipingAllocator::while_loading();
/// # fn main() {
/// #     assert_eq!(vec![7; 1000].iter().sum::<i32>(), 7000);
/// # }
/// ```
#[derive(Debug)]
pub struct WipingAllocator<A = System> {
    inner: A,
    always: bool,
}

impl WipingAllocator {
    /// Overwrites whatever is freed, for as long as the process runs.
    pub const fn always() -> Self {
        Self::always_over(System)
    }

    /// Overwrites whatever is freed while a [`Wiping`] lives anywhere in the process, as in every load. At other times it only looks whether one
    /// does.
    pub const fn while_loading() -> Self {
        Self::while_loading_over(System)
    }
}

impl<A> WipingAllocator<A> {
    /// As [`WipingAllocator::always`], over another allocator.
    pub const fn always_over(inner: A) -> Self {
        Self { inner, always: true }
    }

    /// As [`WipingAllocator::while_loading`], over another allocator.
    pub const fn while_loading_over(inner: A) -> Self {
        Self { inner, always: false }
    }

    #[inline]
    fn wipes(&self) -> bool {
        self.always || Wiping::is_on()
    }
}

// SAFETY: memory comes from the inner allocator and goes back to it with the layout that it was asked for with; what is written to it is
// written while it is still the caller's.
unsafe impl<A: GlobalAlloc> GlobalAlloc for WipingAllocator<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { self.inner.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { self.inner.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        if self.wipes() {
            // SAFETY: the memory is the caller's for its whole size, and the caller gives it up.
            unsafe { overwrite(memory, layout.size()) };
        }
        // SAFETY: the memory came from the inner allocator with this layout.
        unsafe { self.inner.dealloc(memory, layout) };
    }

    /// While it wipes, memory always moves: an allocator that made it larger or smaller in place would not say what it left behind.
    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !self.wipes() {
            // SAFETY: the caller keeps the contract, which is the same.
            return unsafe { self.inner.realloc(memory, layout, size) };
        }
        // SAFETY: the caller sees to it that the size, rounded up to the alignment, does not overflow and is not zero.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        // SAFETY: the layout has a size, as the caller promised.
        let moved = unsafe { self.inner.alloc(wanted) };
        if !moved.is_null() {
            // SAFETY: both are allocations of at least this size, and the new one lies apart from the old.
            unsafe { ptr::copy_nonoverlapping(memory, moved, layout.size().min(size)) };
            // SAFETY: what is kept has been copied; the caller has given the old memory up.
            unsafe { overwrite(memory, layout.size()) };
            // SAFETY: the memory came from the inner allocator with this layout.
            unsafe { self.inner.dealloc(memory, layout) };
        }
        moved
    }
}

#[cfg(test)]
mod tests;
