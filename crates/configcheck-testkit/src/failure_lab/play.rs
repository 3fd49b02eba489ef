//! What each fault sends.

use std::io::{self, Write};
use std::time::Duration;

use super::fault::{Fault, RetryAfter};
use super::record::Record;
use super::request::Request;
use super::threads::Running;
use super::wire::Wire;
use super::{as_u64, gzip, http_date};

/// What becomes of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// It takes another request.
    Next,
    /// It ends in order.
    End,
    /// It breaks.
    Break,
}

/// What stands in answers that say nothing.
const BODY: &str = r#"{"errors":["a fault of the failure lab"],"message":"a fault of the failure lab"}"#;

/// How long a byte takes in slow answers.
const SLOW: Duration = Duration::from_secs(1);

/// How long a byte takes that only keeps a connection alive.
const TRICKLE: Duration = Duration::from_millis(100);

/// How long the beginning of an answer has to arrive before the connection is reset.
const BEFORE_RESET: Duration = Duration::from_millis(50);

/// Plays a fault as the answer to a request.
pub(super) fn play(fault: &Fault, request: &Request, wire: &mut Wire, record: &Record, running: &Running) -> After {
    if !matches!(fault, Fault::ResetMidBody) {
        wire.release();
    }
    // A client that goes away in the middle has had enough of the answer.
    answer(fault, request, wire, record, running).unwrap_or(After::Break)
}

fn answer(fault: &Fault, request: &Request, wire: &mut Wire, record: &Record, running: &Running) -> io::Result<After> {
    match fault {
        Fault::Silent => {
            wire.listen(record);
            Ok(After::Break)
        }
        Fault::Status(status) => respond(wire, request, *status, &[], BODY.as_bytes()),
        Fault::StatusWith { status, headers, body } => {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            respond(wire, request, *status, &headers, body)
        }
        Fault::RetryAfter { status, after } => {
            let after = match after {
                RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
                RetryAfter::At(time) => Some(http_date::format(*time)),
                RetryAfter::Text(text) => Some(text.clone()),
                RetryAfter::Unsaid => None,
            };
            let header = after.as_deref().map(|after| ("Retry-After", after));
            respond(wire, request, *status, header.as_slice(), BODY.as_bytes())
        }
        Fault::Redirect { status, to } => {
            let has_path = to.split_once("://").is_none_or(|(_, rest)| rest.contains('/'));
            let to = if has_path { to.clone() } else { format!("{to}{}", request.target) };
            respond(wire, request, *status, &[("Location", &to)], b"")
        }
        Fault::Echo => respond(wire, request, 500, &[("Content-Type", "text/plain")], &request.bytes),
        Fault::ManyHeaders(count) => {
            let names: Vec<String> = (0..*count).map(|number| format!("X-Filler-{number}")).collect();
            let headers: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
            respond(wire, request, 200, &headers, b"{}")
        }
        Fault::LongHeader(bytes) => respond(wire, request, 200, &[("X-Filler", &"a".repeat(*bytes))], b"{}"),
        Fault::GzipBomb => respond(wire, request, 200, &[("Content-Encoding", "gzip")], &gzip::bomb()),
        Fault::Truncated => {
            let head = head(200, &[], Some(as_u64(BODY.len())));
            wire.write_all(&[head.as_bytes(), half(BODY)].concat())?;
            Ok(After::End)
        }
        Fault::ChunkedTruncated => {
            let chunk = format!("{:x}\r\n", BODY.len());
            wire.write_all(&[head(200, &[], None).as_bytes(), chunk.as_bytes(), half(BODY)].concat())?;
            Ok(After::End)
        }
        Fault::ResetMidBody => {
            let head = head(200, &[], Some(as_u64(BODY.len())));
            wire.write_all(&[head.as_bytes(), half(BODY)].concat())?;
            running.pause(BEFORE_RESET);
            Ok(After::Break)
        }
        Fault::HugeBody { declared, bytes } => huge(wire, *declared, *bytes),
        Fault::SlowHeaders => {
            let whole = [head(200, &[], Some(as_u64(BODY.len()))).as_bytes(), BODY.as_bytes()].concat();
            slowly(wire, &whole, running)
        }
        Fault::SlowBody => {
            wire.write_all(head(200, &[], Some(as_u64(BODY.len()))).as_bytes())?;
            slowly(wire, BODY.as_bytes(), running)
        }
        Fault::Trickle => {
            wire.write_all(head(200, &[], None).as_bytes())?;
            while running.pause(TRICKLE) {
                wire.write_all(b"1\r\n \r\n")?;
            }
            Ok(After::Break)
        }
        Fault::NotHttp => {
            wire.write_all(b"\x00\x7f\xfe\xff220 this is no HTTP\r\n\x01\x02")?;
            Ok(After::End)
        }
        Fault::CloseAtOnce | Fault::Refuse => Ok(After::End),
        Fault::Script(_) | Fault::By(_) => unreachable!("a script is played one fault at a time"),
        #[cfg(feature = "lab-tls")]
        Fault::Tls(_) => unreachable!("a fault of TLS is a whole lab"),
    }
}

/// A whole answer, after which the connection takes another request.
fn respond(wire: &mut Wire, request: &Request, status: u16, headers: &[(&str, &str)], body: &[u8]) -> io::Result<After> {
    let has_no_body = status == 204 || status == 304;
    let head = head(status, headers, (!has_no_body).then(|| as_u64(body.len())));
    let body = if has_no_body || request.method == "HEAD" { b"" } else { body };
    wire.write_all(&[head.as_bytes(), body].concat())?;
    Ok(After::Next)
}

/// Status line and headers. Without a length the body comes in chunks, or there is none.
fn head(status: u16, headers: &[(&str, &str)], length: Option<u64>) -> String {
    let has = |name: &str| headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
    let mut head = format!("HTTP/1.1 {status} {}\r\n", phrase(status));
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if status != 204 && status != 304 {
        if !has("content-type") {
            head.push_str("Content-Type: application/json\r\n");
        }
        match length {
            Some(length) if !has("content-length") => head.push_str(&format!("Content-Length: {length}\r\n")),
            Some(_) => {}
            None => head.push_str("Transfer-Encoding: chunked\r\n"),
        }
    }
    head.push_str("\r\n");
    head
}

fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}

fn huge(wire: &mut Wire, declared: bool, bytes: u64) -> io::Result<After> {
    const PIECE: u64 = 64 * 1024;
    wire.write_all(head(200, &[], declared.then_some(bytes)).as_bytes())?;
    let piece = vec![b' '; 64 * 1024];
    let mut left = bytes;
    while left > 0 {
        let count = left.min(PIECE);
        let part = &piece[..usize::try_from(count).unwrap_or(piece.len())];
        if declared {
            wire.write_all(part)?;
        } else {
            wire.write_all(&[format!("{count:x}\r\n").as_bytes(), part, b"\r\n"].concat())?;
        }
        left -= count;
    }
    if !declared {
        wire.write_all(b"0\r\n\r\n")?;
    }
    Ok(After::Next)
}

fn slowly(wire: &mut Wire, bytes: &[u8], running: &Running) -> io::Result<After> {
    for byte in bytes {
        wire.write_all(&[*byte])?;
        wire.flush()?;
        if !running.pause(SLOW) {
            return Ok(After::Break);
        }
    }
    Ok(After::Next)
}

fn half(text: &str) -> &[u8] {
    &text.as_bytes()[..text.len() / 2]
}
