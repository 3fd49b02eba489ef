//! F1, F5, F6, F10: what may help a little later is tried again, as often as it may help, and no partial value is taken.

use std::time::{Duration, Instant, SystemTime};

use configcheck::ExposeSecret as _;
use configcheck_test_servers::{OpenBao, unique};
use configcheck_testkit::failure_lab::{FailureLab, Fault, RetryAfter};

use super::table::{Line, all, hold};
use crate::alone::alone;
use crate::managers::{Ended, Manager, One, load};

#[test]
fn f1_f5_f6_f10_what_passes_is_tried_again() {
    let broke = ["broke off", "broke off", "broke off"];
    let failed = ["answers with a failure of its own", "answers with a failure of its own", "failed with the status"];
    hold(
        &[
            Line::passing("F1 refused", |_| Fault::Refuse, all("cannot be reached")).within(400).requests(0..=0),
            Line::passing(
                "F5 no time",
                |_| Fault::RetryAfter { status: 429, after: RetryAfter::Unsaid },
                all("so it stayed until the deadline"),
            )
            .within(1_000)
            .requests(2..=60),
            Line::passing(
                "F5 too late",
                |_| Fault::RetryAfter { status: 429, after: RetryAfter::Seconds(3_600) },
                all("so it stayed until the deadline"),
            ),
            Line::passing("F6 500", |_| Fault::Status(500), failed).requests(4..=4),
            Line::passing("F6 502", |_| Fault::Status(502), failed).requests(4..=4),
            Line::passing("F6 503", |_| Fault::Status(503), failed).requests(4..=4),
            Line::passing("F10 truncated", |_| Fault::Truncated, broke).requests(4..=4),
            Line::passing("F10 chunk", |_| Fault::ChunkedTruncated, broke).requests(4..=4),
            Line::passing("F10 reset", |_| Fault::ResetMidBody, broke).requests(4..=4),
            Line::passing("F10 closed", |_| Fault::Script(vec![Fault::Status(500), Fault::CloseAtOnce]), broke).requests(1..=4),
            Line::passing("echo", |_| Fault::Echo, all("API_KEY")).requests(4..=4),
        ],
        &Manager::ALL,
    );
}

#[test]
fn f1_a_name_that_nobody_knows_is_told() {
    for manager in Manager::SERVICES {
        let Ended::Refused(kind, told) = load(&manager.loader("https://no-such-host.invalid:8200", Duration::from_millis(500))) else {
            panic!()
        };
        assert_eq!(kind, configcheck::ErrorKind::Unavailable, "{told}");
        // A resolver that does not answer at all is as good a way not to know a name.
        assert!(told.contains("no-such-host.invalid") || told.contains("before the deadline"), "{told}");
    }
}

#[test]
fn f1_a_manager_that_is_away_is_the_exit_status_69() {
    let name = "faults::retries::f1_a_manager_that_is_away_is_the_exit_status_69";
    let lab = FailureLab::start(Fault::Refuse);
    match alone(name, &[]) {
        None => drop(Manager::Vault.loader(&lab.url(), Duration::from_millis(300)).load_or_exit::<One>()),
        Some(output) => assert_eq!(output.status.code(), Some(69), "{}", String::from_utf8_lossy(&output.stderr)),
    }
}

#[test]
fn f5_a_time_to_come_back_is_kept() {
    for manager in Manager::SERVICES {
        let in_two_seconds: fn() -> RetryAfter = || RetryAfter::At(SystemTime::now() + Duration::from_secs(2));
        for after in [|| RetryAfter::Seconds(1), in_two_seconds] {
            let after = after();
            let lab = FailureLab::start(Fault::Script(vec![Fault::RetryAfter { status: 429, after }, manager.good()]));
            let began = Instant::now();
            assert!(matches!(load(&manager.loader(&lab.url(), Duration::from_secs(30))), Ended::Loaded), "{manager:?}");
            assert_eq!(lab.requests(), 2, "{manager:?}");
            // A date has whole seconds, so that two of them may be little more than one; and the request comes a little after it was made.
            assert!(began.elapsed() >= Duration::from_millis(500), "{manager:?}: {:?}", began.elapsed());
        }
    }
}

#[test]
fn f6_f10_what_works_again_is_whole() {
    for manager in Manager::SERVICES {
        for fault in
            [Fault::Status(500), Fault::Status(502), Fault::Status(503), Fault::Truncated, Fault::ChunkedTruncated, Fault::ResetMidBody]
        {
            let told = format!("{manager:?} {fault:?}");
            let lab = FailureLab::start(Fault::Script(vec![fault.clone(), fault.clone(), fault, manager.good()]));
            assert!(matches!(load(&manager.loader(&lab.url(), Duration::from_secs(20))), Ended::Loaded), "{told}");
            assert_eq!(lab.requests(), 4, "{told}");
        }
    }
}

/// Wherever the answer of a real server breaks off: the value comes whole with the next try, or not at all.
#[test]
fn f10_a_real_answer_that_breaks_off_anywhere_gives_no_piece_of_a_value() {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    bao.enable(&mount, "kv", r#"{"version":"1"}"#);
    bao.write(&format!("{mount}/app"), r#"{"k":"not-a-real-key-of-some-length"}"#);
    let settings = |lab: &FailureLab| vec![("VAULT_ADDR", lab.url()), ("VAULT_TOKEN", bao.root_token().to_owned())];
    let loader = |lab: &FailureLab, deadline| {
        let all = settings(lab).into_iter().chain([("API_KEY", format!("vault:{mount}/app#k"))]);
        configcheck::Loader::new().no_dotenv().no_standard_mounts().environment("development").deadline(deadline).vars(all)
    };
    let patient = Duration::from_secs(30);
    let whole = FailureLab::in_front_of(bao.address());
    loader(&whole, patient).load::<One>().unwrap();
    let cut = (0..).step_by(45).take_while(|bytes| {
        let cut = FailureLab::in_front_of(bao.address()).cut_after(*bytes);
        match loader(&cut, Duration::from_millis(300)).load::<One>() {
            // The whole answer fits.
            Ok(settings) => {
                assert_eq!(settings.api_key.expose_secret(), "not-a-real-key-of-some-length");
                false
            }
            Err(error) => {
                assert_eq!(error.kind(), configcheck::ErrorKind::Unavailable, "{bytes}: {error}");
                true
            }
        }
    });
    assert!(cut.count() >= 6);
    let once = FailureLab::in_front_of(bao.address()).fault_on(1, Fault::ResetMidBody);
    loader(&once, patient).load::<One>().unwrap();
    assert_eq!(once.requests(), 2);
}
