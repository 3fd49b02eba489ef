//! F12: a body of 1 GiB costs a start no memory.

#![cfg(target_os = "linux")]

use std::fs;
use std::time::Duration;

use configcheck_testkit::failure_lab::{FailureLab, Fault};

use crate::alone::passes_alone;
use crate::managers::{Ended, Manager, load};

/// The most memory that this process has ever held, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn f12_a_body_of_1_gib_costs_less_than_8_mib() {
    if passes_alone("faults::memory::f12_a_body_of_1_gib_costs_less_than_8_mib", &[]) {
        return;
    }
    let mut most = 0;
    for manager in Manager::ALL {
        // What code and tables take is taken once, and not for the body.
        let good = manager.works();
        assert!(matches!(load(&manager.loader(&good.url(), Duration::from_secs(20))), Ended::Loaded));
        let before = peak();
        for declared in [true, false] {
            let huge = || Fault::HugeBody { declared, bytes: 1 << 30 };
            for fault in [huge(), manager.behind_login(huge())] {
                let lab = FailureLab::start(fault);
                let ended = load(&manager.loader(&lab.url(), Duration::from_secs(20)));
                assert!(matches!(&ended, Ended::Refused(_, told) if told.contains("cannot be used")), "{manager:?}: {ended:?}");
                let grown = peak() - before;
                assert!(grown < 8 << 10, "{manager:?}, declared {declared}: {grown} KiB");
                most = most.max(grown);
            }
        }
    }
    println!("figure: F12 body-mib=1024 grown-kib={most}");
}
