//! What the allocator leaves behind: an inner allocator looks at all memory that it gets back.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::*;

/// Gives memory full of letters, and counts the bytes of what comes back that are neither zero nor such a letter.
#[derive(Debug, Default)]
struct Watching {
    left_behind: Mutex<Vec<usize>>,
    is_used_up: bool,
}

const FRESH: u8 = b'.';

// SAFETY: all is handed on to the system's allocator.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.is_used_up {
            return ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract.
        let memory = unsafe { System.alloc(layout) };
        assert!(!memory.is_null());
        // SAFETY: the memory was just made, with this size.
        unsafe { memory.write_bytes(FRESH, layout.size()) };
        memory
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the memory was filled when it was made.
        let bytes = unsafe { std::slice::from_raw_parts(memory, layout.size()) };
        let left = bytes.iter().filter(|byte| ![0, FRESH].contains(*byte)).count();
        self.left_behind.lock().unwrap_or_else(PoisonError::into_inner).push(left);
        // SAFETY: the caller keeps the contract.
        unsafe { System.dealloc(memory, layout) };
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller keeps the contract.
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// The guard is the process's, so that tests which rely on its absence go one after the other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).expect("a good layout")
}

/// Allocates, fills, changes the size if one is given, and frees. What was left behind in each piece of memory that was given back, in order.
fn left_behind(allocator: WipingAllocator<Watching>, size: usize, align: usize, new_size: Option<usize>) -> Vec<usize> {
    let first = layout(size, align);
    // SAFETY: the layout has a size.
    let memory = unsafe { allocator.alloc(first) };
    // SAFETY: the memory has this size.
    unsafe { memory.write_bytes(b's', size) };
    let (memory, last) = match new_size {
        None => (memory, first),
        Some(new_size) => {
            // SAFETY: the memory is of this layout, and the new size is a good one.
            let moved = unsafe { allocator.realloc(memory, first, new_size) };
            // SAFETY: the smaller of both sizes was copied.
            let kept = unsafe { std::slice::from_raw_parts(moved, size.min(new_size)) };
            assert!(kept.iter().all(|byte| *byte == b's'), "what was there is kept");
            (moved, layout(new_size, align))
        }
    };
    // SAFETY: the memory is of this layout, and nobody uses it any more.
    unsafe { allocator.dealloc(memory, last) };
    allocator.inner.left_behind.into_inner().unwrap_or_else(PoisonError::into_inner)
}

const SIZES: [(usize, usize); 6] = [(1, 1), (7, 1), (8, 8), (66, 1), (1024, 16), (5000, 4096)];

#[test]
fn whatever_is_freed_was_overwritten() {
    for (size, align) in SIZES {
        assert_eq!(left_behind(WipingAllocator::always_over(Watching::default()), size, align, None), [0]);
    }
}

#[test]
fn whatever_moves_or_shrinks_leaves_nothing_behind() {
    for (size, align) in SIZES {
        for new_size in [1, size, size + 1, size * 3] {
            assert_eq!(left_behind(WipingAllocator::always_over(Watching::default()), size, align, Some(new_size)), [0, 0]);
        }
    }
}

#[test]
fn while_loading_means_while_a_guard_lives() {
    let _alone = alone();
    let of = |new_size| left_behind(WipingAllocator::while_loading_over(Watching::default()), 66, 1, new_size);
    // Without a guard the inner allocator moves the memory by itself, and what is freed is what was in it.
    assert_eq!(of(None), [66]);
    assert_eq!(of(Some(66)), [66]);
    let outer = Wiping::begin();
    drop(Wiping::begin());
    assert_eq!(of(None), [0]);
    assert_eq!(of(Some(132)), [0, 0]);
    drop(outer);
    assert_eq!(of(None), [66]);
}

#[test]
fn memory_that_cannot_grow_stays_as_it_is() {
    let mut allocator = WipingAllocator::always_over(Watching::default());
    let layout = layout(66, 1);
    // SAFETY: the layout has a size.
    let memory = unsafe { allocator.alloc(layout) };
    // SAFETY: the memory has this size.
    unsafe { memory.write_bytes(b's', 66) };
    allocator.inner.is_used_up = true;
    // SAFETY: the memory is of this layout, and the new size is a good one.
    assert!(unsafe { allocator.realloc(memory, layout, 132) }.is_null());
    // SAFETY: the memory has this size, and was filled.
    assert!(unsafe { std::slice::from_raw_parts(memory, 66) }.iter().all(|byte| *byte == b's'));
    // SAFETY: the memory is of this layout, and nobody uses it any more.
    unsafe { allocator.dealloc(memory, layout) };
}
