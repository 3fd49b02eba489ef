//! Z1: reading a `.env` file takes time in proportion to its size, whatever is in it.

use std::fs;

use configcheck_dotenv::{Dialect, parse, quote, read_as};

use crate::dotenv::PIECES;
use crate::pieces;

/// The sizes that are compared: in the larger, four times the work may be done, and twice that is not yet taken for a fault.
const SMALL: usize = 1 << 14;
const LARGE: usize = 4 * SMALL;
const MOST: u64 = 8;

/// What takes less than this says nothing: 20 ms.
const NOISE: u64 = 20_000_000;

/// The time is measured again so often before it counts.
const TRIES: usize = 5;

pub(crate) fn check(bytes: &[u8]) {
    let piece = pieces::read(&bytes[..bytes.len().min(64)], PIECES);
    let (first, piece) = pieces::two(&piece);
    let of_size = |size: usize| [first, &piece.repeat(size / piece.len().max(1))].concat();
    let (small, large) = (of_size(SMALL), of_size(LARGE));
    for dialect in Dialect::ALL {
        check_growth(dialect.name(), &|input| drop(read_as(input, *dialect, &|_| None)), &small, &large);
    }
    check_growth("places", &|input| drop(parse(input).to_bytes()), &small, &large);
    check_growth("quote", &|input| drop(quote(&String::from_utf8_lossy(input)).map(String::from)), &small, &large);
}

fn check_growth(what: &str, read: &dyn Fn(&[u8]), small: &[u8], large: &[u8]) {
    let slow = (0..TRIES).all(|_| {
        let most = MOST * time(read, small).max(NOISE / MOST);
        time(read, large) > most
    });
    assert!(!slow, "{what}: four times the input takes more than {MOST} times as long");
}

/// The CPU time of this thread in nanoseconds, which other processes do not add to.
fn time(read: &dyn Fn(&[u8]), input: &[u8]) -> u64 {
    let now = || fs::read_to_string("/proc/thread-self/schedstat").unwrap().split(' ').next().unwrap().parse::<u64>().unwrap();
    let start = now();
    read(input);
    now() - start
}
