//! The same probe with the allocator that overwrites what is freed while configuration is loaded.

#[path = "probe.rs"]
mod probe;

use configcheck::memory::WipingAllocator;

#[global_allocator]
static ALLOCATOR: WipingAllocator = WipingAllocator::while_loading();

fn main() {
    probe::main();
}
