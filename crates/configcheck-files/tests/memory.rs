//! A file takes no more memory than the limit, whatever it says of its size. This test has a process of its own, whose peak it reads.

#![cfg(target_os = "linux")]

use std::fs::{self, File};

use configcheck_files::{DEFAULT_LIMIT, Refusal, read};

#[test]
fn no_file_takes_more_memory_than_the_limit() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let sparse = directory.path().join("sparse");
    let file = File::create(&sparse).expect("the file is made");
    file.set_len(10 << 30).expect("the file takes no room on the disk");
    let before = peak();
    assert_eq!(read(&sparse, DEFAULT_LIMIT).map(drop), Err(Refusal::TooLarge { limit: DEFAULT_LIMIT }));
    file.set_len(DEFAULT_LIMIT).expect("the file takes no room on the disk");
    for _ in 0..100 {
        assert!(read(&sparse, DEFAULT_LIMIT).is_ok());
    }
    let risen = peak() - before;
    assert!(risen < 8 << 10, "the peak rose by {risen} KiB");
}

/// The peak of resident memory in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells it");
    line.trim().trim_end_matches(" kB").parse().expect("it is a number")
}
