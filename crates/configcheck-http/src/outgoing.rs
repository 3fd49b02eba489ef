//! A request as it goes out: checked, with the headers that are ours to say, and with nothing in it that a log would show.

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING, UPGRADE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, Version};
use http_body_util::Full;
use zeroize::Zeroizing;

use crate::address::{Address, Reach};

/// Headers whose values may be seen. All others are marked as sensitive: `Debug` does not show them, and HTTP/2 does not keep them in its tables.
const OPEN: [HeaderName; 6] = [ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT];

/// Headers about the connection, which is ours.
const OURS: [HeaderName; 5] = [ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE];

const AGENT: &str = concat!("configcheck/", env!("CARGO_PKG_VERSION"));

/// A request that can be sent more than once.
pub(crate) struct Outgoing {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Outgoing {
    pub(crate) fn new(request: Request<Zeroizing<Vec<u8>>>) -> Self {
        let (parts, body) = request.into_parts();
        let mut headers = parts.headers;
        for name in OURS {
            headers.remove(name);
        }
        for (name, value) in &mut headers {
            value.set_sensitive(!OPEN.contains(name));
        }
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(AGENT));
        // The bytes stay where they are, and are overwritten when the last that sends them is done.
        Self { method: parts.method, uri: parts.uri, headers, body: Bytes::from_owner(body) }
    }

    /// The server that it goes to; `None` when it names none.
    pub(crate) fn server(uri: &Uri, reach: Reach) -> Option<Result<Address, crate::AddressProblem>> {
        Some(Address::parse(&format!("{}://{}", uri.scheme_str()?, uri.authority()?), reach))
    }

    pub(crate) fn is_get(&self) -> bool {
        self.method == Method::GET
    }

    pub(crate) fn is_head(&self) -> bool {
        self.method == Method::HEAD
    }

    /// For HTTP/1.1: the path alone, and the host as a header.
    pub(crate) fn for_http1(&self, authority: &str) -> Option<Request<Full<Bytes>>> {
        let mut request = self.request(self.path().parse().ok()?, Version::HTTP_11);
        let host = HeaderValue::from_str(authority).ok()?;
        request.headers_mut().insert(HOST, host);
        Some(request)
    }

    /// For HTTP/2: the whole address, and no header for the host.
    pub(crate) fn for_http2(&self, authority: &str) -> Option<Request<Full<Bytes>>> {
        let uri = Uri::builder().scheme("https").authority(authority).path_and_query(self.path()).build().ok()?;
        let mut request = self.request(uri, Version::HTTP_2);
        request.headers_mut().remove(HOST);
        Some(request)
    }

    fn path(&self) -> &str {
        self.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
    }

    fn request(&self, uri: Uri, version: Version) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        *request.version_mut() = version;
        request.headers_mut().clone_from(&self.headers);
        request
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn outgoing(headers: &[(&'static str, &'static str)]) -> Outgoing {
        let mut request = Request::post("https://vault.internal:8200/v1/secret?version=3");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Outgoing::new(request.body(Zeroizing::new(b"hunter2-fake".to_vec())).unwrap())
    }

    fn both(outgoing: &Outgoing) -> [Request<Full<Bytes>>; 2] {
        let authority = "vault.internal:8200";
        [outgoing.for_http1(authority).unwrap(), outgoing.for_http2(authority).unwrap()]
    }

    #[test]
    fn headers_that_could_be_secrets_are_marked_and_their_debug_shows_nothing() {
        let secrets = [
            ("x-vault-token", "hunter2-a"),
            ("authorization", "Bearer hunter2-b"),
            ("x-amz-security-token", "hunter2-c"),
            ("x-aws-ec2-metadata-token", "hunter2-d"),
            ("cookie", "hunter2-e"),
            ("x-of-tomorrow", "hunter2-f"),
        ];
        let outgoing = outgoing(&[secrets.as_slice(), &[("content-type", "application/json")]].concat());
        for request in both(&outgoing) {
            for (name, _) in secrets {
                assert!(request.headers()[name].is_sensitive(), "{name}");
            }
            let debug = format!("{:?}", request.headers());
            assert!(!debug.contains("hunter2") && debug.contains("application/json"), "{debug}");
        }
    }

    #[test]
    fn headers_about_the_connection_are_ours() {
        let outgoing = outgoing(&[
            ("connection", "upgrade"),
            ("upgrade", "h2c"),
            ("transfer-encoding", "chunked"),
            ("content-length", "7"),
            ("accept-encoding", "gzip"),
            ("host", "gateway.example"),
        ]);
        let [first, second] = both(&outgoing);
        let names = |request: &Request<Full<Bytes>>| {
            let mut names: Vec<String> = request.headers().keys().map(ToString::to_string).collect();
            names.sort();
            names
        };
        assert_eq!(names(&first), ["accept-encoding", "host", "user-agent"]);
        assert_eq!(names(&second), ["accept-encoding", "user-agent"]);
        assert_eq!(first.headers()["accept-encoding"], "identity");
        assert_eq!(first.headers()["host"], "vault.internal:8200");
        assert_eq!(first.uri().to_string(), "/v1/secret?version=3");
        assert_eq!(second.uri().to_string(), "https://vault.internal:8200/v1/secret?version=3");
    }
}
