//! F11: nobody is sent to another server, and nobody there sees a request.

use std::time::Duration;

use configcheck::ErrorKind;
use configcheck_testkit::failure_lab::{FailureLab, Fault};

use crate::managers::{Ended, Manager, load};
use crate::oracle;

#[test]
fn f11_a_redirect_is_not_followed() {
    for manager in Manager::ALL {
        for status in [301, 302, 303, 307, 308] {
            let (plain, secure) = (FailureLab::witness(), FailureLab::start_tls(Fault::ok("{}")));
            let elsewhere = [plain.url(), secure.url(), plain.url().replace("127.0.0.1", "localhost"), "/elsewhere".to_owned()];
            for to in elsewhere {
                let redirect = || Fault::Redirect { status, to: to.clone() };
                // A login is redirected as well as what follows one.
                for fault in [redirect(), manager.behind_login(redirect())] {
                    let lab = FailureLab::start(fault);
                    let ended = load(&manager.loader(&lab.url(), Duration::from_secs(20)));
                    let Ended::Refused(kind, told) = &ended else { panic!("{manager:?} {status} {to}: {ended:?}") };
                    // A standby node of Vault may answer so while its cluster chooses the active one, and is asked a few times.
                    let most = if status == 307 { manager.pick(5, 2, 2) } else { 2 };
                    assert!(lab.requests() <= most, "{manager:?} {status} {to}: {:?}\n{told}", lab.requests_log());
                    let (expected, words) = manager.pick(
                        (ErrorKind::Unavailable, "where the token is not sent"),
                        (ErrorKind::Invalid, "and not as AWS does"),
                        (ErrorKind::Invalid, "which is not followed"),
                    );
                    assert!(*kind == expected && told.contains(words), "{manager:?} {status} {to}: {kind:?}\n{told}");
                }
            }
            plain.assert_untouched();
            secure.assert_untouched();
        }
    }
    oracle::assert_nothing_was_traced();
}
