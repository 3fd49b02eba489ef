//! HTTP/2: one connection for all, and faults of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use configcheck_core::Outcome;
use configcheck_core::provider::Retry;
use configcheck_http::{Client, ClientSettings, FailureKind, Roots, Usage, runtime};
use http::Method;

use crate::http2_server::Http2Server;
use crate::world::{PATIENCE, client, failure, get, kind, request, run};

fn trusting(server: &Http2Server) -> Client {
    let settings = ClientSettings::new().roots(Roots::Only(server.authority.clone().into())).connect_timeout(Duration::from_secs(20));
    Client::new(settings).unwrap()
}

/// The outcomes of so many requests at once.
fn at_once(client: &Client, url: &str, count: usize) -> Vec<Result<u16, FailureKind>> {
    let (client, url) = (client.clone(), url.to_owned());
    run(async move {
        let one = |_| {
            let (client, asked) = (client.clone(), request(Method::GET, &url, ""));
            tokio::spawn(async move { client.send(asked).await.map(|response| response.status.as_u16()).map_err(|failure| failure.kind()) })
        };
        let mut outcomes = Vec::new();
        for one in (0..count).map(one).collect::<Vec<_>>() {
            outcomes.push(one.await.unwrap());
        }
        outcomes
    })
}

#[test]
fn requests_at_once_share_one_connection_from_the_first_on() {
    let server = Http2Server::start();
    let client = trusting(&server);
    assert_eq!(at_once(&client, &server.url("/ok"), 50), [Ok(200); 50]);
    assert_eq!(at_once(&client, &server.url("/ok"), 50), [Ok(200); 50]);
    assert_eq!((server.connections(), server.requests()), (1, 100));
    assert_eq!(client.usage(), Usage { connections: 1, requests: 100 });
    assert_eq!(client.peer().unwrap().tls, Some("1.3"));
}

#[test]
fn the_version_of_tls_is_told() {
    let server = Http2Server::with_versions(&[&rustls::version::TLS12]);
    let client = trusting(&server);
    assert_eq!(client.peer(), None);
    assert_eq!(get(&client, &server.url("/ok")).unwrap().status, 200);
    assert_eq!(client.peer().unwrap().tls, Some("1.2"));
}

#[test]
fn http1_is_all_that_is_offered_where_that_was_said() {
    let server = Http2Server::start();
    let settings = ClientSettings::new().roots(Roots::Only(server.authority.clone().into())).http2(false);
    // This server speaks HTTP/2 alone.
    assert_eq!(kind(&Client::new(settings).unwrap(), &server.url("/ok")), FailureKind::Tls);
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_failure_to_connect_is_that_of_all_who_waited() {
    let server = Http2Server::start();
    let stranger = client();
    assert_eq!(at_once(&stranger, &server.url("/ok"), 20), [Err(FailureKind::Tls); 20]);
    assert_eq!((server.connections(), server.requests()), (1, 0));
}

#[test]
fn bodies_and_headers_are_bounded() {
    let server = Http2Server::start();
    let client = trusting(&server);
    for (path, expected) in [
        ("/huge", FailureKind::TooLarge),
        ("/huge-declared", FailureKind::TooLarge),
        ("/many-headers", FailureKind::HeadersTooLarge),
        ("/compressed", FailureKind::Encoded),
    ] {
        let failure = failure(&client, &server.url(path));
        assert_eq!(failure.kind(), expected, "{path}");
        assert!(matches!(failure.outcome("Vault"), Outcome::Malformed(_)), "{path}");
    }
    // One header alone breaks the rules of the connection, which the library says in no other way.
    let failure = failure(&client, &server.url("/long-header"));
    assert!(matches!(failure.outcome("Vault"), Outcome::Malformed(_)), "{failure:?}");
    assert_eq!(get(&client, &server.url("/ok")).unwrap().status, 200);
}

#[test]
fn a_part_is_never_taken_for_the_whole() {
    let server = Http2Server::start();
    let client = trusting(&server);
    for (path, expected) in [("/short", FailureKind::Truncated), ("/reset", FailureKind::Reset), ("/reset-early", FailureKind::Reset)] {
        let failure = failure(&client, &server.url(path));
        assert_eq!((failure.kind(), failure.retry()), (expected, Retry::Few), "{path}");
    }
    assert_eq!(server.connections(), 1, "the others on the connection are not disturbed");
    assert_eq!(kind(&client, &server.url("/break-off")), FailureKind::Truncated);
}

#[test]
fn whoever_stops_waiting_resets_the_stream_alone() {
    let server = Http2Server::start();
    let client = trusting(&server);
    let (asking, asked) = (client.clone(), request(Method::GET, &server.url("/silent"), ""));
    let running = runtime::spawn(async move { asking.send(asked).await.map(|_| ()) });
    server.begun.recv_timeout(PATIENCE).unwrap();
    drop(running);
    server.reset.recv_timeout(PATIENCE).unwrap();
    assert_eq!(get(&client, &server.url("/ok")).unwrap().status, 200);
    assert_eq!(server.connections(), 1);
}

#[test]
fn the_connection_ends_with_the_client() {
    let server = Http2Server::start();
    let client = trusting(&server);
    assert_eq!(get(&client, &server.url("/ok")).unwrap().status, 200);
    assert!(server.closed.recv_timeout(Duration::from_millis(50)).is_err());
    drop(client);
    server.closed.recv_timeout(PATIENCE).unwrap();
}

#[test]
fn a_connection_that_the_server_ended_is_replaced() {
    let server = Http2Server::start();
    let client = trusting(&server);
    // The answer comes with the end of the connection.
    assert_eq!(get(&client, &server.url("/last")).unwrap().status, 200);
    server.closed.recv_timeout(PATIENCE).unwrap();
    assert_eq!(at_once(&client, &server.url("/ok"), 10), [Ok(200); 10]);
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_server_that_closes_every_connection_is_not_asked_for_ever() {
    let server = Http2Server::start();
    server.turn_away();
    let client = trusting(&server);
    for outcome in at_once(&client, &server.url("/ok"), 20) {
        assert!(matches!(outcome, Err(FailureKind::Closed | FailureKind::Reset)), "{outcome:?}");
    }
    assert!((1..=20).contains(&server.connections()), "{}", server.connections());
}

#[test]
fn a_connection_that_went_dead_is_found_out_and_replaced() {
    let server = Http2Server::start();
    let client = trusting(&server);
    let failure = failure(&client, &server.url("/dead"));
    assert_eq!((failure.kind(), failure.retry()), (FailureKind::Stalled, Retry::Few));
    assert_eq!(get(&client, &server.url("/ok")).unwrap().status, 200);
    assert_eq!(server.connections(), 2);
}
