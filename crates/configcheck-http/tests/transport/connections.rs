//! How many connections there are over HTTP/1.1, and what becomes of those that have gone stale.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use configcheck_http::{Client, ClientSettings, FailureKind, Roots, Usage};
use configcheck_testkit::failure_lab::{FailureLab, Fault};
use http::Method;

use crate::world::{TOKEN, client, get, request, run};

#[test]
fn requests_one_after_another_share_a_connection() {
    let plain = FailureLab::start(Fault::ok("{}"));
    let tls = FailureLab::start_tls(Fault::ok("{}"));
    let trusting = Client::new(ClientSettings::new().roots(Roots::Only(tls.ca_pem().into()))).unwrap();
    for (lab, client) in [(&plain, client()), (&tls, trusting)] {
        for number in 0..50 {
            assert_eq!(get(&client, &format!("{}/v1/{number}?list=true", lab.url())).unwrap().status, 200);
        }
        assert_eq!((lab.connections(), lab.requests()), (1, 50));
        assert_eq!(client.usage(), Usage { connections: 1, requests: 50 });
        assert_eq!(lab.requests_log()[7], "GET /v1/7?list=true");
        assert_eq!(lab.requests_seen()[7].header("x-vault-token"), Some(TOKEN));
        assert_eq!(lab.requests_seen()[7].header("host"), Some(lab.address().to_string().as_str()));
    }
}

#[test]
fn requests_at_once_have_a_connection_each_and_leave_it_to_the_next() {
    let plain = FailureLab::start(Fault::ok("{}"));
    let tls = FailureLab::start_tls(Fault::ok("{}"));
    let settings = ClientSettings::new().roots(Roots::Only(tls.ca_pem().into())).connect_timeout(Duration::from_secs(20));
    for (lab, client) in [(&plain, client()), (&tls, Client::new(settings).unwrap())] {
        let (asking, url) = (client.clone(), lab.url());
        run(async move {
            for _ in 0..2 {
                let one = |_| {
                    let (client, asked) = (asking.clone(), request(Method::GET, &url, ""));
                    tokio::spawn(async move { client.send(asked).await.map(|response| response.status) })
                };
                let all: Vec<_> = (0..20).map(one).collect();
                for one in all {
                    assert_eq!(one.await.unwrap().unwrap(), 200);
                }
            }
        });
        assert_eq!(lab.requests(), 40);
        assert_eq!(u64::try_from(lab.connections()).unwrap(), client.usage().connections);
        assert!((1..=20).contains(&lab.connections()), "{} connections", lab.connections());
    }
}

#[test]
fn a_stale_connection_is_replaced_once_for_a_request_without_effect() {
    // The second request finds its connection closed without an answer.
    let lab = FailureLab::start(Fault::Script(vec![Fault::ok("1"), Fault::CloseAtOnce, Fault::ok("2")]));
    let client = client();
    assert_eq!(*get(&client, &lab.url()).unwrap().body, b"1");
    assert_eq!(*get(&client, &lab.url()).unwrap().body, b"2");
    assert_eq!((lab.connections(), lab.requests()), (2, 3));
    assert_eq!(client.usage(), Usage { connections: 2, requests: 3 });
}

#[test]
fn a_connection_that_was_closed_in_order_is_left_for_a_new_one() {
    let closing = Fault::StatusWith { status: 200, headers: vec![("connection".to_owned(), "close".to_owned())], body: b"{}".to_vec() };
    let lab = FailureLab::start(closing);
    let client = client();
    for _ in 0..3 {
        let (asking, asked) = (client.clone(), request(Method::POST, &lab.url(), "{}"));
        assert_eq!(run(async move { asking.send(asked).await }).unwrap().status, 200);
    }
    assert_eq!((lab.connections(), lab.requests()), (3, 3));
}

#[test]
fn a_request_with_an_effect_is_not_sent_twice() {
    let lab = FailureLab::start(Fault::Script(vec![Fault::ok("1"), Fault::CloseAtOnce, Fault::ok("2")]));
    let client = client();
    assert!(get(&client, &lab.url()).is_ok());
    let (asking, asked) = (client.clone(), request(Method::POST, &lab.url(), "{}"));
    assert_eq!(run(async move { asking.send(asked).await }).unwrap_err().kind(), FailureKind::Closed);
    assert_eq!(lab.requests(), 2);
}

#[test]
fn a_second_try_that_fails_is_the_last() {
    let lab = FailureLab::start(Fault::Script(vec![Fault::ok("1"), Fault::CloseAtOnce, Fault::CloseAtOnce, Fault::ok("2")]));
    let client = client();
    assert!(get(&client, &lab.url()).is_ok());
    assert_eq!(get(&client, &lab.url()).unwrap_err().kind(), FailureKind::Closed);
    assert_eq!(lab.requests(), 3);
}

#[test]
fn bodies_arrive_as_they_were_sent() {
    let lab = FailureLab::start(Fault::ok("{}"));
    let (client, asked) = (client(), request(Method::PUT, &lab.url(), r#"{"data":{"password":"hunter2-fake"}}"#));
    assert_eq!(run(async move { client.send(asked).await }).unwrap().status, 200);
    let seen = &lab.requests_seen()[0];
    assert!(lab.saw(br#"{"data":{"password":"hunter2-fake"}}"#));
    assert_eq!((seen.method.as_str(), seen.header("content-length")), ("PUT", Some("36")));
}
