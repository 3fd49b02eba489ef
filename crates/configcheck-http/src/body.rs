//! The body of a response: read as far as it may go, into a buffer that leaves no copy behind.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use zeroize::{Zeroize, Zeroizing};

use crate::failure::{Cause, Failure, FailureKind, Stage};

/// The first buffer of a body that does not say how long it is.
const FIRST: usize = 4 << 10;

/// Whether a response may be read at all, and how long it says it is.
pub(crate) fn announced(peer: &str, headers: &HeaderMap, limit: usize) -> Result<Option<usize>, Failure> {
    for encoding in headers.get_all(CONTENT_ENCODING) {
        if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") {
            return Err(Failure::plain(peer, FailureKind::Encoded));
        }
    }
    if headers.contains_key(TRANSFER_ENCODING) {
        return Ok(None);
    }
    // More digits than a length has are a length beyond the limit; the library below has refused what is no number.
    let Some(length) = headers.get(CONTENT_LENGTH) else { return Ok(None) };
    let length = length.to_str().ok().and_then(|length| length.parse().ok()).unwrap_or(usize::MAX);
    if length > limit { Err(Failure::new(peer, Cause::TooLarge { limit })) } else { Ok(Some(length)) }
}

/// Whether a response says where it ends. Without that, and without TLS to say it, a part of it would pass for the whole.
pub(crate) fn is_framed(status: StatusCode, headers: &HeaderMap) -> bool {
    headers.contains_key(CONTENT_LENGTH)
        || headers.contains_key(TRANSFER_ENCODING)
        || status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED
}

/// Reads a body to its end.
pub(crate) async fn read(peer: &str, mut body: Incoming, announced: Option<usize>, limit: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(announced.unwrap_or(0)));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Failure::of_exchange(peer, &error, Stage::Body))?;
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > limit - bytes.len() {
            return Err(Failure::new(peer, Cause::TooLarge { limit }));
        }
        append(&mut bytes, &data);
        wipe(data);
    }
    Ok(bytes)
}

/// Appends without the vector's own growth, which frees the old buffer as it is.
fn append(bytes: &mut Zeroizing<Vec<u8>>, data: &[u8]) {
    let needed = bytes.len() + data.len();
    if needed > bytes.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(bytes.capacity() * 2).max(FIRST)));
        larger.extend_from_slice(bytes);
        std::mem::swap(bytes, &mut larger);
    }
    bytes.extend_from_slice(data);
}

/// Overwrites a part that nobody else holds. Of one that shares its buffer with the connection, the connection has the last word.
fn wipe(data: Bytes) {
    if let Ok(mut data) = data.try_into_mut() {
        data.as_mut().zeroize();
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn growth_keeps_what_was_there() {
        let mut bytes = Zeroizing::new(Vec::new());
        for part in 0..2_000_u32 {
            append(&mut bytes, &part.to_be_bytes());
        }
        let expected: Vec<u8> = (0..2_000_u32).flat_map(u32::to_be_bytes).collect();
        assert_eq!(*bytes, expected);
        assert_eq!(bytes.capacity(), 8 << 10);
    }

    #[test]
    fn what_is_too_long_or_encoded_is_known_from_its_headers() {
        let said = |name: http::HeaderName, value: &'static str| {
            let headers = HeaderMap::from_iter([(name, value.parse().unwrap())]);
            announced("server:1", &headers, 100).map_err(|failure| failure.kind())
        };
        assert_eq!(said(CONTENT_LENGTH, "100"), Ok(Some(100)));
        assert_eq!(said(CONTENT_LENGTH, "101"), Err(FailureKind::TooLarge));
        assert_eq!(said(CONTENT_LENGTH, "99999999999999999999999"), Err(FailureKind::TooLarge));
        assert_eq!(said(CONTENT_ENCODING, "Identity"), Ok(None));
        assert_eq!(said(CONTENT_ENCODING, "gzip"), Err(FailureKind::Encoded));
        assert_eq!(said(CONTENT_ENCODING, "identity, br"), Err(FailureKind::Encoded));
    }
}
