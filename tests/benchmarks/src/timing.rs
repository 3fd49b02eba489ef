//! CPU time per load. The peers of a group take turns in one process, so that a busy machine disturbs all of them
//! alike, and the fastest batch of each is what counts.

use std::path::Path;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::peer::Peer;

/// Prints `peer<TAB>nanoseconds per load` for every peer.
pub fn run(peers: &[&Peer], dir: &Path, rounds: u64, batch_microseconds: u64) {
    let batch = Duration::from_micros(batch_microseconds);
    let counts: Vec<u64> = peers.iter().map(|peer| loads_that_fill(peer, dir, batch)).collect();
    let mut best = vec![f64::INFINITY; peers.len()];
    for round in 0..rounds as usize {
        for turn in 0..peers.len() {
            // Nobody is always first after the clock ticks or the cache is cold.
            let who = (round + turn) % peers.len();
            best[who] = best[who].min(nanoseconds_per_load(peers[who], dir, counts[who]));
        }
    }
    for (peer, nanoseconds) in peers.iter().zip(best) {
        println!("{}\t{nanoseconds:.1}", peer.name);
    }
}

fn loads_that_fill(peer: &Peer, dir: &Path, batch: Duration) -> u64 {
    let mut count = 1;
    loop {
        let spent = cpu_time_of(peer, dir, count);
        if spent >= batch {
            return count;
        }
        let missing = batch.as_secs_f64() / spent.as_secs_f64().max(1e-7);
        count = (count as f64 * missing.clamp(1.2, 10.0)).ceil() as u64;
    }
}

fn nanoseconds_per_load(peer: &Peer, dir: &Path, count: u64) -> f64 {
    cpu_time_of(peer, dir, count).as_secs_f64() * 1e9 / count as f64
}

fn cpu_time_of(peer: &Peer, dir: &Path, count: u64) -> Duration {
    let before = thread_cpu_time();
    (peer.repeat)(dir, count);
    thread_cpu_time().saturating_sub(before)
}

fn thread_cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec.unsigned_abs() as u32)
}
