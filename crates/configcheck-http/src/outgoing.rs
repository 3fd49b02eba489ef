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
        let path = self.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let mut request = self.request(path.parse().ok()?, Version::HTTP_11);
        let host = HeaderValue::from_str(authority).ok()?;
        request.headers_mut().entry(HOST).or_insert(host);
        Some(request)
    }

    /// For HTTP/2: the whole address, and no header for the host.
    pub(crate) fn for_http2(&self) -> Request<Full<Bytes>> {
        let mut request = self.request(self.uri.clone(), Version::HTTP_2);
        request.headers_mut().remove(HOST);
        request
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
