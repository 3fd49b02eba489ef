//! When a server asks us to come back: the `Retry-After` header.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// The longest wait that is believed. The deadline of a start is far shorter.
const LONGEST: Duration = Duration::from_hours(1);

/// How long a server asks us to wait: seconds, or a date, against the server's own clock where it tells it. At most an hour; a date
/// that has passed is no wait.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    let now = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok()).unwrap_or_else(SystemTime::now);
    Some(at.duration_since(now).unwrap_or_default().min(LONGEST))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn wait(pairs: &[(http::HeaderName, &'static str)]) -> Option<Duration> {
        retry_after(&pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect())
    }

    #[test]
    fn seconds_are_taken_as_they_are_and_capped() {
        for (text, seconds) in
            [("0", Some(0)), ("7", Some(7)), (" 7 ", Some(7)), ("86400", Some(3600)), ("99999999999999999999999", Some(3600))]
        {
            assert_eq!(wait(&[(RETRY_AFTER, text)]), seconds.map(Duration::from_secs), "{text}");
        }
        for text in ["", "-1", "1.5", "+1", "soon", "1s"] {
            assert_eq!(wait(&[(RETRY_AFTER, text)]), None, "{text}");
        }
        assert_eq!(wait(&[]), None);
    }

    #[test]
    fn dates_are_counted_from_the_clock_of_the_server() {
        let date = (DATE, "Sun, 06 Nov 1994 08:49:30 GMT");
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(wait(&[date.clone(), (RETRY_AFTER, text)]), Some(Duration::from_secs(7)), "{text}");
        }
        assert_eq!(wait(&[date.clone(), (RETRY_AFTER, "Sun, 06 Nov 1994 08:49:29 GMT")]), Some(Duration::ZERO));
        assert_eq!(wait(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:37 GMT")]), Some(Duration::ZERO));
        assert_eq!(wait(&[date, (RETRY_AFTER, "Sat, 06 Nov 2094 08:49:37 GMT")]), Some(LONGEST));
    }
}
