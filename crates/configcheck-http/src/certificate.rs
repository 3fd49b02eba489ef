//! Until when a certificate is valid: one field of it, walked to without reading the rest.
//!
//! The verifier has read the certificate before; this is for reports alone, so that a crate for all of X.509 would be too much.

use std::time::{Duration, SystemTime};

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// The end of the validity of a certificate.
pub(crate) fn not_after(certificate: &[u8]) -> Option<SystemTime> {
    let (_, certificate, _) = element(certificate, &[SEQUENCE])?;
    let (_, mut fields, _) = element(certificate, &[SEQUENCE])?;
    if let Some((_, _, rest)) = element(fields, &[VERSION]) {
        fields = rest;
    }
    for before in [INTEGER, SEQUENCE, SEQUENCE] {
        (_, _, fields) = element(fields, &[before])?;
    }
    let (_, validity, _) = element(fields, &[SEQUENCE])?;
    let (_, _, validity) = element(validity, &[UTC_TIME, GENERALIZED_TIME])?;
    let (tag, text, _) = element(validity, &[UTC_TIME, GENERALIZED_TIME])?;
    time(tag, text)
}

/// The first element, which has to have one of the tags: its tag, its contents and what follows it.
fn element<'a>(der: &'a [u8], tags: &[u8]) -> Option<(u8, &'a [u8], &'a [u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match *first {
        short @ 0..=0x7f => (usize::from(short), rest),
        long @ 0x81..=0x83 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long - 0x80))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    tags.contains(tag).then_some((*tag, contents, rest))
}

/// `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`.
fn time(tag: u8, text: &[u8]) -> Option<SystemTime> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z').filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (year, text) = if tag == UTC_TIME {
        let (year, text) = text.split_at_checked(2)?;
        let year: i64 = year.parse().ok()?;
        (if year < 50 { 2000 + year } else { 1900 + year }, text)
    } else {
        let (year, text) = text.split_at_checked(4)?;
        (year.parse().ok()?, text)
    };
    if text.len() != 10 {
        return None;
    }
    let two = |at: usize| text.get(at..at + 2)?.parse::<i64>().ok();
    let seconds = days(year, two(0)?, two(2)?) * 86_400 + two(4)? * 3_600 + two(6)? * 60 + two(8)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).ok()?))
}

/// Days since 1970-01-01, of the Gregorian calendar.
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the day that comes every four years is their last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let year = year.rem_euclid(400);
    era * 146_097 + year * 365 + year / 4 - year / 100 + (month * 153 + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (date, expected) in
            [((1970, 1, 1), 0), ((2000, 2, 29), 11_016), ((2000, 3, 1), 11_017), ((2026, 11, 21), 20_778), ((2100, 3, 1), 47_541)]
        {
            assert_eq!(days(date.0, date.1, date.2), expected, "{date:?}");
        }
    }

    #[test]
    fn both_notations_of_times_are_read() {
        let at = |tag, text: &str| time(tag, text.as_bytes()).map(|time| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs());
        assert_eq!(at(UTC_TIME, "700101000001Z"), Some(1));
        assert_eq!(at(UTC_TIME, "491231235959Z"), Some(2_524_607_999));
        assert_eq!(at(GENERALIZED_TIME, "20500101000000Z"), Some(2_524_608_000));
        for wrong in ["", "Z", "500101000000Z0", "2050010100000Z", "20500101000000+0100", "2050x101000000Z"] {
            assert_eq!(at(GENERALIZED_TIME, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        for der in [&[][..], &[0x30], &[0x30, 0x80], &[0x30, 0x84, 0, 0, 0, 0], &[0x30, 0x03, 0x30, 0x01, 0x00], &[0x02, 0x01, 0x00]] {
            assert_eq!(not_after(der), None);
        }
    }
}
