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

/// The largest buffer that is moved into a larger one. What is longer is kept in buffers of this size until its end is there, so that a body
/// without end takes no more than the limit.
const PART: usize = 256 << 10;

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

/// Reads a body to its end. The remains are to be dropped when the connection has moved on.
pub(crate) async fn read(
    peer: &str,
    mut body: Incoming,
    announced: Option<usize>,
    limit: usize,
) -> Result<(Zeroizing<Vec<u8>>, Remains), Failure> {
    let mut parts = Parts::new(announced.unwrap_or(0));
    let mut remains = Remains::default();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Failure::of_exchange(peer, &error, Stage::Body))?;
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > limit - parts.length {
            return Err(Failure::new(peer, Cause::TooLarge { limit }));
        }
        parts.append(&data);
        remains.take(data);
    }
    Ok((parts.joined(), remains))
}

/// A body while it comes: buffers that are wiped, and never grow by themselves, since that frees the old one as it is.
struct Parts {
    full: Vec<Zeroizing<Vec<u8>>>,
    last: Zeroizing<Vec<u8>>,
    length: usize,
}

impl Parts {
    fn new(capacity: usize) -> Self {
        Self { full: Vec::new(), last: Zeroizing::new(Vec::with_capacity(capacity)), length: 0 }
    }

    fn append(&mut self, mut data: &[u8]) {
        self.length += data.len();
        while !data.is_empty() {
            let room = self.last.capacity() - self.last.len();
            let (now, rest) = data.split_at(room.min(data.len()));
            self.last.extend_from_slice(now);
            data = rest;
            if !data.is_empty() {
                self.make_room();
            }
        }
    }

    fn make_room(&mut self) {
        let capacity = self.last.capacity();
        let mut next = Zeroizing::new(Vec::with_capacity((capacity * 2).clamp(FIRST, PART)));
        if capacity < PART {
            next.extend_from_slice(&self.last);
            self.last = next;
        } else {
            self.full.push(std::mem::replace(&mut self.last, next));
        }
    }

    /// The whole. Each part is wiped and given back as soon as it is copied.
    fn joined(self) -> Zeroizing<Vec<u8>> {
        if self.full.is_empty() {
            return self.last;
        }
        let mut whole = Zeroizing::new(Vec::with_capacity(self.length));
        for part in self.full.into_iter().chain([self.last]) {
            whole.extend_from_slice(&part);
        }
        whole
    }
}

/// What is left of a body in the last buffer that the connection read it into. The connection holds the buffer until it needs the next; then
/// it is ours alone, and is overwritten.
#[derive(Default)]
pub(crate) struct Remains {
    /// The first piece of the body in that buffer. All others are behind it.
    first: Option<Bytes>,
}

impl Remains {
    /// Takes a piece that is no longer needed. The connection has moved on from the buffer of the one before, unless it is the same.
    fn take(&mut self, piece: Bytes) {
        let is_same_buffer = self.first.as_ref().is_some_and(|first| !first.is_unique());
        if !is_same_buffer && !piece.is_empty() {
            self.wipe();
            self.first = Some(piece);
        }
    }

    /// Whether there is nothing to wait for.
    pub(crate) const fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Overwrites the buffer from its first piece to its end. Of one that is not ours alone, the connection has the last word.
    fn wipe(&mut self) {
        if let Some(Ok(mut buffer)) = self.first.take().map(Bytes::try_into_mut) {
            buffer.resize(buffer.capacity(), 0);
            buffer.as_mut().zeroize();
        }
    }
}

impl Drop for Remains {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn parts_are_joined_as_they_came() {
        for length in [0, 1, FIRST, FIRST + 1, PART, PART + 1, 3 * PART + 7] {
            for step in [1_000, 70_000, length.max(1)] {
                let expected: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
                for announced in [0, length] {
                    let mut parts = Parts::new(announced);
                    expected.chunks(step).for_each(|chunk| parts.append(chunk));
                    assert!(parts.full.iter().all(|part| part.capacity() == PART));
                    assert!(parts.joined()[..] == expected, "{length} in steps of {step}");
                }
            }
        }
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
