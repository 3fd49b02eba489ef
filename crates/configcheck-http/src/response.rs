//! What comes back.

use std::fmt;

use http::{HeaderMap, StatusCode};
use zeroize::Zeroizing;

/// A response. Its headers and its body may hold secrets, so that its `Debug` shows neither.
pub struct Response {
    /// The status. A redirect is a response like any other.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body, which is overwritten when it is dropped.
    pub body: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}
