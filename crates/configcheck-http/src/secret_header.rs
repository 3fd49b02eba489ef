//! The value of a header that is a credential.

use bytes::Bytes;
use http::HeaderValue;
use zeroize::Zeroizing;

/// A header value whose bytes are overwritten when the last request that carries it is gone; `Debug` does not show it. `None` for text that cannot
/// stand in a header.
pub fn secret_header(text: &str) -> Option<HeaderValue> {
    let bytes = Bytes::from_owner(Zeroizing::new(text.as_bytes().to_vec()));
    let mut value = HeaderValue::from_maybe_shared(bytes).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::secret_header;

    #[test]
    fn is_the_text_and_shows_nothing() {
        let value = secret_header("s.not-a-real-token");
        assert!(value.as_ref().is_some_and(|value| value == "s.not-a-real-token" && value.is_sensitive()));
        assert!(!format!("{value:?}").contains("not-a-real"));
        assert!(secret_header("s.not\nreal").is_none());
    }
}
