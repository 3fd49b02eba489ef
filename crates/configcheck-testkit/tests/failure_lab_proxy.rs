//! The failure lab in front of a server.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use configcheck_testkit::failure_lab::{FailureLab, Fault};

const ASK: &[u8] = b"GET /v1/secret HTTP/1.1\r\nhost: a\r\n\r\n";
const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

fn connect(lab: &FailureLab) -> TcpStream {
    let client = TcpStream::connect(lab.address()).unwrap();
    client.set_nodelay(true).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    client
}

/// One request and its answer, which has this length.
fn ask(client: &mut TcpStream, length: usize) -> String {
    client.write_all(ASK).unwrap();
    let mut answer = vec![0; length];
    client.read_exact(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

#[test]
fn requests_and_answers_go_through_as_they_are() {
    let server = FailureLab::start(Fault::ok("{}"));
    let proxy = FailureLab::in_front_of(server.url());
    let mut client = connect(&proxy);
    for _ in 0..3 {
        assert_eq!(ask(&mut client, ANSWER.len()), ANSWER);
    }
    assert_eq!((proxy.connections(), proxy.requests(), server.connections(), server.requests()), (1, 3, 1, 3));
    assert_eq!((proxy.received(), server.received()), (ASK.repeat(3), ASK.repeat(3)));
    assert_eq!(proxy.requests_log()[2], "GET /v1/secret");
}

#[test]
fn large_bodies_go_through_whole_in_both_directions() {
    let body = "abcdefgh".repeat(200_000);
    let server = FailureLab::start(Fault::Echo);
    let proxy = FailureLab::in_front_of(server.address()).delay(Duration::from_millis(1));
    let mut client = connect(&proxy);
    let request = format!("PUT / HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    client.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with(&request) && server.received() == request.as_bytes());
}

#[test]
fn bytes_are_late_and_not_throttled() {
    let server = FailureLab::start(Fault::ok("{}"));
    let each_way = Duration::from_millis(50);
    let proxy = FailureLab::in_front_of(server.url()).delay(each_way);
    // A connection costs a round trip, and so does a request.
    let start = Instant::now();
    let mut client = connect(&proxy);
    ask(&mut client, ANSWER.len());
    let first = start.elapsed();
    assert!(first >= each_way * 4, "{first:?}");
    let mut again = || {
        let start = Instant::now();
        ask(&mut client, ANSWER.len());
        start.elapsed()
    };
    let best = (0..5).map(|_| again()).min().unwrap();
    assert!(best >= each_way * 2 && best < each_way * 4, "{best:?}, after {first:?}");
    // Thirty requests at once are as late as one.
    let start = Instant::now();
    client.write_all(&ASK.repeat(30)).unwrap();
    client.read_exact(&mut vec![0; ANSWER.len() * 30]).unwrap();
    let thirty = start.elapsed();
    assert!(thirty >= each_way * 2 && thirty < each_way * 60, "{thirty:?}");
}

#[test]
fn fifty_connections_wait_at_the_same_time() {
    let server = FailureLab::start(Fault::ok("{}"));
    let proxy = FailureLab::in_front_of(server.url()).delay(Duration::from_millis(50));
    let start = Instant::now();
    let clients: Vec<_> = (0..50)
        .map(|_| {
            let mut client = connect(&proxy);
            thread::spawn(move || ask(&mut client, ANSWER.len()))
        })
        .collect();
    for client in clients {
        assert_eq!(client.join().unwrap(), ANSWER);
    }
    assert!(start.elapsed() < Duration::from_millis(50) * 4 * 40, "{:?}", start.elapsed());
    assert_eq!((proxy.connections(), proxy.requests(), server.requests()), (50, 50, 50));
}

#[test]
fn one_request_has_a_fault_and_the_others_go_through() {
    let server = FailureLab::start(Fault::ok("{}"));
    let proxy = FailureLab::in_front_of(server.url()).fault_on(2, Fault::Status(204)).fault_on(4, Fault::ResetMidBody);
    let mut client = connect(&proxy);
    assert_eq!(ask(&mut client, ANSWER.len()), ANSWER);
    assert_eq!(ask(&mut client, 27), "HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(ask(&mut client, ANSWER.len()), ANSWER);
    client.write_all(ASK).unwrap();
    let mut rest = Vec::new();
    let error = client.read_to_end(&mut rest).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{}", String::from_utf8_lossy(&rest));
    assert_eq!(ask(&mut connect(&proxy), ANSWER.len()), ANSWER);
    assert_eq!((proxy.requests(), server.requests()), (5, 3));
}

#[test]
fn answers_are_cut() {
    let server = FailureLab::start(Fault::ok("{}"));
    let proxy = FailureLab::in_front_of(server.url()).cut_after(20);
    let mut client = connect(&proxy);
    client.write_all(ASK).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, ANSWER[..20]);
}

#[test]
fn what_is_no_http_goes_through_too() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = FailureLab::in_front_of(server.local_addr().unwrap()).delay(Duration::from_millis(5));
    let hello = b"\x16\x03\x01\x00\x05hello";
    let mut client = connect(&proxy);
    client.write_all(hello).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    let (mut end, _) = server.accept().unwrap();
    let mut got = Vec::new();
    end.read_to_end(&mut got).unwrap();
    assert_eq!(got, hello);
    assert_eq!((proxy.connections(), proxy.requests(), proxy.saw(b"hello")), (1, 0, true));
}

#[test]
fn a_server_that_is_gone_is_a_connection_that_ends() {
    let gone = FailureLab::start(Fault::Refuse);
    let proxy = FailureLab::in_front_of(gone.url());
    let read = connect(&proxy).read(&mut [0]);
    assert!(matches!(read, Ok(0) | Err(_)));
    // And one that goes away ends the connections that it had.
    let server = FailureLab::start(Fault::ok("{}"));
    let proxy = FailureLab::in_front_of(server.url());
    let mut client = connect(&proxy);
    ask(&mut client, ANSWER.len());
    drop(server);
    assert!(matches!(client.read(&mut [0]), Ok(0) | Err(_)));
}

#[test]
fn a_proxy_ends_while_its_server_is_silent() {
    let server = FailureLab::start(Fault::Silent);
    let proxy = FailureLab::in_front_of(server.url()).delay(Duration::from_hours(1));
    let mut clients: Vec<TcpStream> = (0..20).map(|_| connect(&proxy)).collect();
    for client in &mut clients {
        client.write_all(ASK).unwrap();
    }
    while proxy.requests() < 20 {
        thread::sleep(Duration::from_millis(5));
    }
    let start = Instant::now();
    drop(proxy);
    assert!(start.elapsed() < Duration::from_secs(10));
}
