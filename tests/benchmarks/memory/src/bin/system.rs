//! The work with the system's allocator.

use configcheck_benchmark_memory::{run, run_once};

fn main() {
    run(&[64, 1024, 16384]);
    run_once();
}
