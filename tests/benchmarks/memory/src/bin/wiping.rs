//! The work with the allocator that wipes while loading: nobody loads at first, and then somebody does all the time.

use configcheck::memory::{WipingAllocator, Wiping};
use configcheck_benchmark_memory::{allocate, run, tell};

#[global_allocator]
static ALLOCATOR: WipingAllocator = WipingAllocator::while_loading();

const SIZES: [usize; 3] = [64, 1024, 16384];

fn main() {
    run(&SIZES);
    let _wiping = Wiping::begin();
    for size in SIZES {
        tell(&format!("wipe {size}"), || allocate(size));
    }
}
