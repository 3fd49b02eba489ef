//! `Request`: one request of HTTP/1.1 as it came, and where it ends.

use std::fmt;

/// A request as it came.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Request {
    /// `GET`.
    pub method: String,
    /// The path with its query: `/v1/secret/data/checkout?version=3`.
    pub target: String,
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body; of one that came in chunks, with the chunks' own lines.
    pub body: Vec<u8>,
    /// Everything, byte for byte.
    pub bytes: Vec<u8>,
}

impl Request {
    /// A header, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether the client closes the connection after the answer.
    pub(super) fn is_last(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    /// Reads a request that is whole. Lines that are none are left out.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let head_end = head_end(bytes).unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..head_end]);
        let mut lines = head.split("\r\n");
        let mut first = lines.next().unwrap_or_default().split(' ');
        let (method, target) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
        let headers = lines.filter_map(|line| line.split_once(':'));
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: headers.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect(),
            body: bytes[head_end..].to_vec(),
            bytes: bytes.to_vec(),
        }
    }
}

impl fmt::Debug for Request {
    /// Method and target: headers and body may hold credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {})", self.method, self.target)
    }
}

/// Whether bytes can be the beginning of a request: a method is in capital letters, and `PRI` begins HTTP/2.
pub(super) fn may_be_http(bytes: &[u8]) -> bool {
    bytes.first().is_none_or(u8::is_ascii_uppercase) && !bytes.starts_with(b"PRI ")
}

/// Where the first request ends, once it is whole.
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    let head_end = head_end(bytes)?;
    let head = Request::read(&bytes[..head_end]);
    if head.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked")) {
        return chunks_end(bytes, head_end);
    }
    let length = head.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let end = head_end.checked_add(length)?;
    (end <= bytes.len()).then_some(end)
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

fn chunks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let line = bytes.get(at..)?.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&bytes[at..at + line]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        at = at.checked_add(line + 2)?.checked_add(size)?;
        if size > 0 {
            at = at.checked_add(2)?;
            continue;
        }
        // Trailers, if any, and an empty line.
        let rest = bytes.get(at..)?;
        if rest.starts_with(b"\r\n") {
            return Some(at + 2);
        }
        return rest.windows(4).position(|window| window == b"\r\n\r\n").map(|end| at + end + 4);
    }
}

#[cfg(test)]
mod tests {
    use super::{Request, end};

    #[test]
    fn a_request_ends_where_its_length_or_its_chunks_say() {
        let whole: [&[u8]; 5] = [
            b"GET / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nhost: a\r\n\r\n",
            b"PUT /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
            b"PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            b"PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\na\r\n0\r\nafter: b\r\n\r\n",
        ];
        for request in whole {
            for cut in 0..request.len() {
                assert_eq!(end(&request[..cut]), None, "{cut}");
            }
            assert_eq!(end(request), Some(request.len()));
            assert_eq!(end(&[request, b"GET /next"].concat()), Some(request.len()));
        }
    }

    #[test]
    fn a_request_is_read_in_its_parts_and_shows_no_header() {
        let request = Request::read(b"PUT /a?b=c HTTP/1.1\r\nX-Vault-Token: hunter2-fake\r\n\r\nbody");
        assert_eq!((request.method.as_str(), request.target.as_str()), ("PUT", "/a?b=c"));
        assert_eq!(request.header("x-vault-token"), Some("hunter2-fake"));
        assert_eq!(request.body, b"body");
        assert_eq!(format!("{request:?}"), "Request(PUT /a?b=c)");
    }
}
