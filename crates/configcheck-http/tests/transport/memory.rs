//! F12: what a body of 1 GiB costs.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use configcheck_http::{Client, ClientSettings, FailureKind, Roots};
use configcheck_testkit::failure_lab::{FailureLab, Fault};

use crate::http2_server::Http2Server;
use crate::world::{alone, client, get, kind};

/// The most memory that this process has ever held, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// 1 GiB.
const BYTES: u64 = 1 << 30;

#[test]
fn f12_a_body_without_end_takes_no_memory() {
    if alone("memory::f12_a_body_without_end_takes_no_memory", &[]).is_some() {
        return;
    }
    let chunked = || Fault::HugeBody { declared: false, bytes: BYTES };
    let (plain, declared) = (FailureLab::start(chunked()), FailureLab::start(Fault::HugeBody { declared: true, bytes: BYTES }));
    let (tls, http2) = (FailureLab::start_tls(chunked()), Http2Server::start());
    let trusting = |pem: &str| Client::new(ClientSettings::new().roots(Roots::Only(pem.into()))).unwrap();
    let (over_tls, over_http2) = (trusting(tls.ca_pem()), trusting(&http2.authority));
    // What code and tables take is taken once, and not for the body.
    assert_eq!(get(&over_http2, &http2.url("/ok")).unwrap().status, 200);
    let before = peak();
    for (client, url) in [
        (client(), plain.url()),
        (client(), declared.url()),
        (over_tls, tls.url()),
        (over_http2.clone(), http2.url("/huge")),
        (over_http2, http2.url("/huge-declared")),
    ] {
        assert_eq!(kind(&client, &url), FailureKind::TooLarge, "{url}");
        let grown = peak() - before;
        assert!(grown < 8 << 10, "{url}: {grown} KiB");
    }
}
