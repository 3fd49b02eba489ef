//! Times and spans as a person says them.

use std::time::{Duration, SystemTime};

/// How long something took.
pub(super) fn took(took: Duration) -> String {
    match took.as_millis() {
        0 => "less than 1 ms".to_owned(),
        millis @ 1..10_000 => format!("{millis} ms"),
        _ => format!("{} s", took.as_secs()),
    }
}

/// A span in the unit that fits: `47 minutes`, `12 days`.
pub(super) fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let (size, name) = units.into_iter().find(|(size, _)| seconds >= 2 * size).unwrap_or((1, "second"));
    let count = seconds / size;
    if count == 1 { format!("1 {name}") } else { format!("{count} {name}s") }
}

/// When something will end, or ended.
pub(super) fn ends(end: SystemTime, now: SystemTime) -> String {
    match end.duration_since(now) {
        Ok(left) => format!("expires in {}", span(left)),
        Err(error) => format!("expired {} ago", span(error.duration())),
    }
}

/// How old something is.
pub(super) fn age(created: SystemTime, now: SystemTime) -> String {
    now.duration_since(created).map_or_else(|_| "made just now".to_owned(), |age| format!("{} old", span(age)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_well() {
        for (seconds, expected) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (7_199, "119 minutes"),
            (90_000, "25 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(span(Duration::from_secs(seconds)), expected);
        }
        for (millis, expected) in [(0, "less than 1 ms"), (3, "3 ms"), (9_999, "9999 ms"), (10_000, "10 s")] {
            assert_eq!(took(Duration::from_millis(millis)), expected);
        }
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        assert_eq!(ends(now + Duration::from_mins(47), now), "expires in 47 minutes");
        assert_eq!(ends(now - Duration::from_hours(72), now), "expired 3 days ago");
        assert_eq!(age(now - Duration::from_hours(48), now), "2 days old");
        assert_eq!(age(now + Duration::from_secs(5), now), "made just now");
    }
}
