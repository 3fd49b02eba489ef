//! F18 and F19: where the client does not go.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use configcheck_core::provider::Retry;
use configcheck_http::FailureKind;
use configcheck_testkit::failure_lab::FailureLab;

use crate::world::{alone, client, failure, get};

#[test]
fn f18_addresses_out_of_reach_are_refused_before_anything_connects() {
    let client = client();
    for url in [
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/",
        "https://[fe80::1]:8200/",
        "https://[fd00:ec2::254]/",
        "http://10.0.0.1:8200/",
        "http://vault.internal:8200/",
        "https://user:hunter2-fake@vault.internal/",
        "ftp://127.0.0.1/",
        "file://localhost/etc/passwd",
    ] {
        let failure = failure(&client, url);
        assert_eq!((failure.kind(), failure.retry()), (FailureKind::AddressRefused, Retry::Never), "{url}");
    }
    assert_eq!((client.usage().connections, client.usage().requests), (0, 0));
}

const TARGET: &str = "CONFIGCHECK_TEST_TARGET";

#[test]
fn f19_proxies_of_the_environment_are_not_used() {
    let (lab, proxy) = (FailureLab::witness(), FailureLab::witness());
    let (url, proxy_url) = (lab.url(), proxy.url());
    let names = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
    let variables: Vec<_> =
        names.map(|name| (name, proxy_url.as_str())).into_iter().chain([(TARGET, url.as_str()), ("NO_PROXY", "")]).collect();
    if alone("addresses::f19_proxies_of_the_environment_are_not_used", &variables).is_none() {
        assert_eq!(get(&client(), &std::env::var(TARGET).unwrap()).unwrap().status, 200);
        return;
    }
    assert_eq!(lab.requests(), 1);
    proxy.assert_untouched();
}
