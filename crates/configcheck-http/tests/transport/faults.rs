//! Faults of the network and of servers, over plain HTTP/1.1.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use configcheck_core::Outcome;
use configcheck_core::provider::Retry;
use configcheck_http::{ClientSettings, FailureKind, retry_after, runtime};
use configcheck_testkit::failure_lab::{FailureLab, Fault, RetryAfter};
use http::Method;

use crate::world::{PATIENCE, TOKEN, Watch, block_on, client, failure, get, kind, request, run};

#[test]
fn f1_nobody_listens() {
    let lab = FailureLab::start(Fault::Refuse);
    let failure = failure(&client(), &lab.url());
    assert_eq!((failure.kind(), failure.retry()), (FailureKind::Refused, Retry::UntilDeadline));
    let Outcome::Unavailable { retry: Retry::UntilDeadline, reason } = failure.outcome("Vault") else { panic!("{failure}") };
    assert_eq!(reason.message, format!("Vault cannot be reached: nothing listens at {}", lab.address()));
    assert_eq!(reason.help, ["is the server up, and is the address right?"]);
}

#[test]
fn f1_the_name_is_not_known() {
    let failure = failure(&client(), "https://nowhere.invalid:8200/");
    assert_eq!((failure.kind(), failure.retry()), (FailureKind::NameUnknown, Retry::UntilDeadline));
    assert_eq!(failure.to_string(), "the name in nowhere.invalid:8200 could not be resolved");
    assert_eq!(failure.help(), "is the name spelled right, and does this machine know it (`getent hosts nowhere.invalid`)?");
}

#[test]
fn f2_f14_f16_whoever_stops_waiting_closes_the_connection() {
    for says in [
        "",
        "HTTP/1.1 2",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n",
    ] {
        let (watch, client) = (Watch::start(says.as_bytes()), client());
        let asked = request(Method::GET, &watch.url(), "");
        let running = runtime::spawn(async move { client.send(asked).await.map(|_| ()) });
        // The answer has begun, and will not end.
        assert!(watch.read.recv_timeout(PATIENCE).unwrap().starts_with(b"GET / HTTP/1.1\r\n"));
        assert!(watch.gone.recv_timeout(Duration::from_millis(50)).is_err(), "{says}");
        drop(running);
        watch.gone.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("the connection stays open: {says}"));
    }
}

#[test]
fn whoever_stops_waiting_for_a_connection_closes_it() {
    let watch = Watch::start(b"");
    let client = configcheck_http::Client::new(ClientSettings::new().connect_timeout(PATIENCE * 2)).unwrap();
    let asked = request(Method::GET, &watch.url().replace("http", "https"), "");
    let running = runtime::spawn(async move { client.send(asked).await.map(|_| ()) });
    // The first message of TLS has come, and nobody answers.
    watch.read.recv_timeout(PATIENCE).unwrap();
    drop(running);
    watch.gone.recv_timeout(PATIENCE).unwrap();
}

#[test]
fn f2_f14_f16_a_deadline_around_a_request_is_kept() {
    for fault in [Fault::Silent, Fault::SlowHeaders, Fault::SlowBody, Fault::Trickle] {
        let name = format!("{fault:?}");
        let (lab, client) = (FailureLab::start(fault), client());
        let asked = request(Method::GET, &lab.url(), "");
        let answer = run(async move { tokio::time::timeout(Duration::from_millis(300), client.send(asked)).await.map(|_| ()) });
        assert!(answer.is_err(), "{name}");
        assert_eq!(lab.requests(), 1, "{name}");
    }
}

#[test]
fn f5_a_server_says_when_to_come_back() {
    for (after, expected) in [
        (RetryAfter::Seconds(7), Some(Duration::from_secs(7))),
        (RetryAfter::Seconds(1_000_000), Some(Duration::from_hours(1))),
        (RetryAfter::Unsaid, None),
        (RetryAfter::Text("soon".to_owned()), None),
    ] {
        let lab = FailureLab::start(Fault::RetryAfter { status: 429, after });
        let response = get(&client(), &lab.url()).unwrap();
        assert_eq!((response.status.as_u16(), retry_after(&response.headers)), (429, expected));
        assert_eq!(lab.requests(), 1);
    }
}

#[test]
fn f6_statuses_are_responses_and_are_not_asked_for_again() {
    for status in [400, 401, 403, 404, 429, 500, 502, 503] {
        let lab = FailureLab::start(Fault::Status(status));
        assert_eq!(get(&client(), &lab.url()).unwrap().status.as_u16(), status);
        assert_eq!(lab.requests(), 1);
    }
}

#[test]
fn f10_a_part_is_never_taken_for_the_whole() {
    for (fault, expected) in [
        (Fault::Truncated, FailureKind::Truncated),
        (Fault::ChunkedTruncated, FailureKind::Truncated),
        (Fault::ResetMidBody, FailureKind::Reset),
        (Fault::CloseAtOnce, FailureKind::Closed),
    ] {
        let name = format!("{fault:?}");
        let lab = FailureLab::start(fault);
        let failure = failure(&client(), &lab.url());
        let reset_early = name == "CloseAtOnce" && failure.kind() == FailureKind::Reset;
        assert!(failure.kind() == expected || reset_early, "{name}: {failure:?}");
        assert!(matches!(failure.outcome("Vault"), Outcome::Unavailable { retry: Retry::Few, .. }), "{name}");
        assert!(lab.connections() == 1, "{name}: it is asked once");
    }
}

#[test]
fn f10_an_answer_has_to_say_where_it_ends() {
    let watch = Watch::start(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"data\":");
    assert_eq!(kind(&client(), &watch.url()), FailureKind::Unframed);
    let watch = Watch::start(b"HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(get(&client(), &watch.url()).unwrap().status, 204);
}

#[test]
fn f11_redirects_are_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let witness = FailureLab::witness();
        let lab = FailureLab::start(Fault::Redirect { status, to: witness.url() });
        let response = get(&client(), &lab.url()).unwrap();
        assert_eq!(response.status.as_u16(), status);
        assert!(lab.saw(TOKEN.as_bytes()));
        witness.assert_untouched();
    }
}

#[test]
fn f12_f13_what_is_too_large_or_compressed_is_refused() {
    let small = || configcheck_http::Client::new(ClientSettings::new().body_limit(1000)).unwrap();
    for (fault, expected) in [
        (Fault::HugeBody { declared: true, bytes: 1001 }, FailureKind::TooLarge),
        (Fault::HugeBody { declared: false, bytes: 1001 }, FailureKind::TooLarge),
        (Fault::HugeBody { declared: true, bytes: 1 << 40 }, FailureKind::TooLarge),
        (Fault::GzipBomb, FailureKind::Encoded),
    ] {
        let name = format!("{fault:?}");
        let lab = FailureLab::start(fault);
        let failure = failure(&small(), &lab.url());
        assert_eq!((failure.kind(), failure.retry()), (expected, Retry::Never), "{name}");
        assert!(matches!(failure.outcome("Vault"), Outcome::Malformed(_)), "{name}");
    }
    for declared in [true, false] {
        let lab = FailureLab::start(Fault::HugeBody { declared, bytes: 1000 });
        assert_eq!(*get(&small(), &lab.url()).unwrap().body, [b' '; 1000]);
        assert_eq!(lab.requests_seen()[0].header("accept-encoding"), Some("identity"));
    }
}

#[test]
fn f15_headers_are_bounded() {
    for (fault, expected) in [
        (Fault::ManyHeaders(100_000), FailureKind::HeadersTooLarge),
        (Fault::ManyHeaders(101), FailureKind::HeadersTooLarge),
        (Fault::LongHeader(1 << 20), FailureKind::HeadersTooLarge),
        (Fault::NotHttp, FailureKind::NotHttp),
    ] {
        let name = format!("{fault:?}");
        let lab = FailureLab::start(fault);
        let failure = failure(&client(), &lab.url());
        assert_eq!(failure.kind(), expected, "{name}");
        assert!(matches!(failure.outcome("Vault"), Outcome::Malformed(_)), "{name}");
    }
    assert_eq!(get(&client(), &FailureLab::start(Fault::LongHeader(30_000)).url()).unwrap().status, 200);
}

#[test]
fn broken_frames_are_not_http() {
    for says in [
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}",
        "HTTP/3.0 200 OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
    ] {
        assert_eq!(kind(&client(), &Watch::start(says.as_bytes()).url()), FailureKind::NotHttp, "{says}");
    }
}

#[test]
fn a_request_below_no_server_is_refused() {
    let asked = http::Request::get("/v1/secret").body(zeroize::Zeroizing::new(Vec::new())).unwrap();
    let client = client();
    assert_eq!(block_on(runtime::spawn(async move { client.send(asked).await })).unwrap().unwrap_err().kind(), FailureKind::BadRequest);
}
