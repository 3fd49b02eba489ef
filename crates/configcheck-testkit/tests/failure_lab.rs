//! What the failure lab sends, seen from a client.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::panic::AssertUnwindSafe;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

use configcheck_testkit::failure_lab::{FailureLab, Fault, RetryAfter};

/// How long a test waits for what has to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a test waits for what must not come.
const A_WHILE: Duration = Duration::from_millis(300);

const ASK_ONCE: &[u8] = b"GET /v1/secret?version=3 HTTP/1.1\r\nhost: a\r\nx-vault-token: hunter2-fake\r\nconnection: close\r\n\r\n";
const ASK: &[u8] = b"GET /v1/secret?version=3 HTTP/1.1\r\nhost: a\r\nx-vault-token: hunter2-fake\r\n\r\n";

/// What comes in answer to a request, until the end or until nothing comes for so long.
fn ask_for(address: SocketAddr, request: &[u8], patience: Duration) -> (Vec<u8>, io::Result<()>) {
    let mut client = TcpStream::connect(address).unwrap();
    client.write_all(request).unwrap();
    client.set_read_timeout(Some(patience)).unwrap();
    let (mut bytes, mut piece) = (Vec::new(), vec![0; 65_536]);
    loop {
        match client.read(&mut piece) {
            Ok(0) => return (bytes, Ok(())),
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
            Err(error) => return (bytes, Err(error)),
        }
    }
}

fn ask(lab: &FailureLab) -> (Vec<u8>, io::Result<()>) {
    ask_for(lab.address(), ASK_ONCE, PATIENCE)
}

/// The text of an answer that ends in order.
fn text(lab: &FailureLab) -> String {
    let (bytes, end) = ask(lab);
    end.unwrap();
    String::from_utf8(bytes).unwrap()
}

/// A client that has asked.
fn asking(lab: &FailureLab) -> TcpStream {
    let mut client = TcpStream::connect(lab.address()).unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    client.write_all(ASK).unwrap();
    client
}

/// Waits until something is so.
fn until(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "it is not so after a long time");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Status line, headers and body.
fn check(fault: Fault, expected: &str) {
    let name = format!("{fault:?}");
    assert_eq!(text(&FailureLab::start(fault)).replace("\r\n", "\n"), expected, "{name}");
}

#[test]
fn a_refused_connection_is_refused_for_as_long_as_the_lab_stands() {
    let lab = FailureLab::start(Fault::Refuse);
    for _ in 0..3 {
        assert_eq!(TcpStream::connect(lab.address()).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    }
    assert_eq!(lab.connections(), 0);
}

#[test]
fn answers_have_what_they_are_told_and_what_is_missing() {
    let body = r#"{"errors":["a fault of the failure lab"],"message":"a fault of the failure lab"}"#;
    check(Fault::Status(403), &format!("HTTP/1.1 403 Forbidden\nContent-Type: application/json\nContent-Length: {}\n\n{body}", body.len()));
    check(Fault::Status(204), "HTTP/1.1 204 No Content\n\n");
    check(Fault::ok("{}"), "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 2\n\n{}");
    let headers = [("content-type", "text/html"), ("X-A", "b")].map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    check(
        Fault::StatusWith { status: 418, headers, body: b"<p>".to_vec() },
        "HTTP/1.1 418 Status\ncontent-type: text/html\nX-A: b\nContent-Length: 3\n\n<p>",
    );
    check(
        Fault::Redirect { status: 307, to: "http://other.example".to_owned() },
        "HTTP/1.1 307 Temporary Redirect\nLocation: http://other.example/v1/secret?version=3\nContent-Type: application/json\nContent-Length: 0\n\n",
    );
}

#[test]
fn a_client_is_asked_to_come_back_later() {
    let check = |after, expected: Option<&str>| {
        let text = text(&FailureLab::start(Fault::RetryAfter { status: 429, after }));
        assert!(text.starts_with("HTTP/1.1 429 Too Many Requests\r\n"), "{text}");
        let header = text.lines().find_map(|line| line.strip_prefix("Retry-After: "));
        assert_eq!(header, expected);
    };
    check(RetryAfter::Seconds(7), Some("7"));
    check(RetryAfter::At(UNIX_EPOCH + Duration::from_secs(784_111_777)), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    check(RetryAfter::Text("soon".to_owned()), Some("soon"));
    check(RetryAfter::Unsaid, None);
}

#[test]
fn a_silent_server_takes_the_request_and_says_nothing() {
    let lab = FailureLab::start(Fault::Silent);
    let (bytes, end) = ask_for(lab.address(), ASK, A_WHILE);
    assert_eq!((bytes.len(), end.unwrap_err().kind()), (0, ErrorKind::WouldBlock));
    until(|| lab.requests() == 1);
    assert_eq!((lab.connections(), lab.requests_log()), (1, vec!["GET /v1/secret?version=3".to_owned()]));
    assert!(lab.saw(b"hunter2-fake") && !lab.saw(b"hunter3-fake"));
    assert_eq!(lab.received(), ASK);
}

#[test]
fn bodies_break_off_in_their_middle() {
    for (fault, declares) in [(Fault::Truncated, "Content-Length: 80"), (Fault::ChunkedTruncated, "Transfer-Encoding: chunked")] {
        let (bytes, end) = ask(&FailureLab::start(fault));
        let text = String::from_utf8(bytes).unwrap();
        assert!(end.is_ok() && text.contains(declares), "{end:?} {text}");
        assert!(text.contains(r#"{"errors":["#) && !text.contains('}'), "{text}");
    }
    let (bytes, end) = ask(&FailureLab::start(Fault::ResetMidBody));
    assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert!(String::from_utf8(bytes).unwrap().contains(r#"{"errors":["#));
}

#[test]
fn a_connection_is_closed_before_anything_is_read() {
    let lab = FailureLab::start(Fault::CloseAtOnce);
    let mut client = TcpStream::connect(lab.address()).unwrap();
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
    assert_eq!((lab.connections(), lab.requests()), (1, 0));
}

#[test]
fn a_script_plays_one_fault_for_each_request_over_all_connections() {
    let lab = FailureLab::start(Fault::Script(vec![Fault::Status(503), Fault::CloseAtOnce, Fault::ok("{}")]));
    assert!(text(&lab).starts_with("HTTP/1.1 503"));
    assert!(matches!(ask(&lab), (bytes, Ok(())) if bytes.is_empty()));
    assert!(text(&lab).starts_with("HTTP/1.1 200"));
    assert!(text(&lab).starts_with("HTTP/1.1 200"));
    lab.switch_to(Fault::Status(404));
    assert!(text(&lab).starts_with("HTTP/1.1 404"));
    assert_eq!((lab.connections(), lab.requests()), (5, 5));
}

#[test]
fn several_requests_go_over_one_connection() {
    let lab = FailureLab::start(Fault::by(|request| Fault::Status(if request.body == b"abc" { 200 } else { 404 })));
    let put = b"PUT /a HTTP/1.1\r\ncontent-length: 3\r\nconnection: close\r\n\r\nabc";
    let (bytes, end) = ask_for(lab.address(), &[ASK, put].concat(), PATIENCE);
    let text = String::from_utf8(bytes).unwrap();
    end.unwrap();
    assert!(text.starts_with("HTTP/1.1 404") && text.contains("HTTP/1.1 200"), "{text}");
    assert_eq!((lab.connections(), lab.requests_log()), (1, vec!["GET /v1/secret?version=3".to_owned(), "PUT /a".to_owned()]));
    assert_eq!(lab.received(), [ASK, put].concat());
    assert_eq!(lab.requests_seen()[0].header("X-Vault-Token"), Some("hunter2-fake"));
}

#[test]
fn the_request_is_echoed_whole() {
    let text = text(&FailureLab::start(Fault::Echo));
    assert!(text.starts_with("HTTP/1.1 500") && text.as_bytes().ends_with(ASK_ONCE), "{text}");
}

#[test]
fn huge_bodies_have_the_length_they_say() {
    let (bytes, _) = ask(&FailureLab::start(Fault::HugeBody { declared: true, bytes: 3_000_000 }));
    assert!(bytes.windows(23).any(|window| window == b"Content-Length: 3000000"));
    assert_eq!(String::from_utf8(bytes).unwrap().matches(' ').count(), 3_000_000 + 4);
    let (bytes, _) = ask(&FailureLab::start(Fault::HugeBody { declared: false, bytes: 100_000 }));
    assert!(bytes.ends_with(b"\r\n0\r\n\r\n"));
    assert_eq!(String::from_utf8(bytes).unwrap().matches(' ').count(), 100_000 + 4);
}

#[test]
fn a_huge_body_ends_with_its_client_or_its_lab() {
    let endless = || FailureLab::start(Fault::HugeBody { declared: false, bytes: u64::MAX });
    let lab = endless();
    let client = TcpStream::connect(lab.address()).unwrap();
    (&client).write_all(ASK).unwrap();
    drop(lab);
    let lab = endless();
    let mut client = TcpStream::connect(lab.address()).unwrap();
    client.write_all(ASK).unwrap();
    client.read_exact(&mut vec![0; 100_000]).unwrap();
    drop(client);
    drop(lab);
}

#[test]
fn headers_are_many_or_long() {
    let many = text(&FailureLab::start(Fault::ManyHeaders(1_000)));
    assert_eq!(many.matches("X-Filler-").count(), 1_000);
    let long = text(&FailureLab::start(Fault::LongHeader(1 << 20)));
    assert!(long.contains(&"a".repeat(1 << 20)) && long.ends_with("{}"));
}

#[test]
fn a_bomb_says_that_it_is_gzip() {
    let (bytes, _) = ask(&FailureLab::start(Fault::GzipBomb));
    let head = String::from_utf8_lossy(&bytes[..100]).into_owned();
    assert!(head.contains("Content-Encoding: gzip"), "{head}");
    assert!(bytes.len() > 800_000 && bytes.len() < 1 << 20);
}

#[test]
fn slow_answers_come_byte_by_byte() {
    // The first byte comes at once, and each of the others a second later.
    let lab = FailureLab::start(Fault::SlowHeaders);
    let (mut client, start) = (asking(&lab), Instant::now());
    let mut bytes = [0; 3];
    client.read_exact(&mut bytes).unwrap();
    assert!(bytes == *b"HTT" && start.elapsed() > Duration::from_millis(1_500), "{:?}", start.elapsed());
    let lab = FailureLab::start(Fault::SlowBody);
    let (mut client, start) = (asking(&lab), Instant::now());
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n{\"e") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        bytes.extend(byte);
    }
    assert!(start.elapsed() > Duration::from_millis(1_500), "{:?}", start.elapsed());
    let lab = FailureLab::start(Fault::Trickle);
    let mut client = asking(&lab);
    let mut bytes = [0; 150];
    client.read_exact(&mut bytes).unwrap();
    assert!(bytes.windows(12).any(|window| window == b"1\r\n \r\n1\r\n \r\n"));
}

#[test]
fn what_is_no_http_is_none() {
    let (bytes, end) = ask(&FailureLab::start(Fault::NotHttp));
    assert!(end.is_ok() && !bytes.starts_with(b"HTTP"));
}

#[test]
fn everything_ends_with_the_lab() {
    for fault in [Fault::Silent, Fault::SlowHeaders, Fault::SlowBody, Fault::Trickle, Fault::ok("{}"), Fault::Status(500)] {
        let name = format!("{fault:?}");
        let lab = FailureLab::start(fault);
        let address = lab.address();
        let mut clients: Vec<TcpStream> = (0..60).map(|_| asking(&lab)).collect();
        until(|| lab.requests() == 60);
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || {
            drop(lab);
            done.send(()).unwrap();
        });
        is_done.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{name} does not end"));
        assert!(TcpStream::connect(address).is_err(), "{name}");
        for client in &mut clients {
            let end = client.read_to_end(&mut Vec::new());
            assert!(!end.is_err_and(|error| error.kind() == ErrorKind::WouldBlock), "{name}: the connection is open");
        }
    }
}

#[test]
fn a_witness_tells_whether_somebody_came() {
    let witness = FailureLab::witness();
    witness.assert_untouched();
    ask(&witness).1.unwrap();
    let said = std::panic::catch_unwind(AssertUnwindSafe(|| witness.assert_untouched())).unwrap_err();
    let said = said.downcast_ref::<String>().unwrap();
    assert!(said.contains("GET /v1/secret?version=3") && !said.contains("hunter2"), "{said}");
}
