//! F18: an address that is not spoken to is refused before anybody is connected to.

use std::time::Duration;

use configcheck::ErrorKind;
use configcheck_testkit::failure_lab::FailureLab;

use crate::managers::{Ended, Manager, PASSWORD, load};
use crate::oracle;

#[test]
fn f18_a_bad_address_is_refused_before_a_connection() {
    let witness = FailureLab::witness();
    let there = witness.address();
    let bad = [
        "http://169.254.169.254/".to_owned(),
        "https://169.254.169.254/".to_owned(),
        "http://[fe80::1]/".to_owned(),
        "https://[::ffff:169.254.169.254]/".to_owned(),
        "file:///etc/passwd".to_owned(),
        format!("ftp://{there}"),
        format!("gopher://{there}"),
        "http://vault.example.com:8200".to_owned(),
        "http://10.0.0.7:8200".to_owned(),
        "http://127.0.0.1.example.com".to_owned(),
        "http://localhost.example.com".to_owned(),
        "http://0.0.0.0:1".to_owned(),
        format!("http://joe:{PASSWORD}@{there}"),
        format!("http://{PASSWORD}@{there}"),
        format!("http://{there}/?token={PASSWORD}"),
        format!("http://{there}/#{PASSWORD}"),
        "https://vault.example.com:99999".to_owned(),
        "http://".to_owned(),
        PASSWORD.to_owned() + "://x",
    ];
    for manager in Manager::ALL {
        for address in &bad {
            let ended = load(&manager.loader(address, Duration::from_secs(20)));
            let Ended::Refused(kind, told) = &ended else { panic!("{manager:?} {address}: {ended:?}") };
            assert!(*kind == ErrorKind::Invalid && told.contains(manager.address()), "{manager:?} {address}: {kind:?}\n{told}");
        }
    }
    witness.assert_untouched();
    oracle::assert_nothing_was_traced();
}
