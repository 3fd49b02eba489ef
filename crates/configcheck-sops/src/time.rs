//! Points in time as sops reads and writes them: RFC 3339, with the fraction of the second that is there.

/// A YAML value that is a time, in sops' form: `2024-01-02`, or with the time of day, in UTC or with its offset.
pub(crate) fn of_yaml(text: &str) -> Option<String> {
    // Four digits and a dash rule almost every value out.
    let is_likely = text.len() >= 8 && text.bytes().take(4).all(|byte| byte.is_ascii_digit()) && text.as_bytes()[4] == b'-';
    if !is_likely {
        return None;
    }
    let mut reader = Reader { rest: text };
    let date = reader.date(false)?;
    if reader.rest.is_empty() {
        return Some(format!("{date}T00:00:00Z"));
    }
    let separator = reader.take(b"Tt ")?;
    let time = reader.time(false)?;
    // With a blank between them there is no offset.
    let offset = if separator == b' ' { "Z".to_owned() } else { reader.offset()? };
    reader.rest.is_empty().then(|| format!("{date}T{time}{offset}"))
}

/// A time of RFC 3339, in sops' form.
pub(crate) fn of_rfc3339(text: &str) -> Option<String> {
    let mut reader = Reader { rest: text };
    let date = reader.date(true)?;
    reader.take(b"T")?;
    let time = reader.time(true)?;
    let offset = reader.offset()?;
    reader.rest.is_empty().then(|| format!("{date}T{time}{offset}"))
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn date(&mut self, is_strict: bool) -> Option<String> {
        let year = self.number(4, 4)?;
        self.take(b"-")?;
        let month = self.number(if is_strict { 2 } else { 1 }, 2)?;
        self.take(b"-")?;
        let day = self.number(if is_strict { 2 } else { 1 }, 2)?;
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            _ => return None,
        };
        (1..=days).contains(&day).then(|| format!("{year:04}-{month:02}-{day:02}"))
    }

    fn time(&mut self, is_strict: bool) -> Option<String> {
        // Go reads an hour of one digit even where its layout has two.
        let hour = self.number(1, 2)?;
        self.take(b":")?;
        let minute = self.number(if is_strict { 2 } else { 1 }, 2)?;
        self.take(b":")?;
        let second = self.number(if is_strict { 2 } else { 1 }, 2)?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let mut fraction = String::new();
        if self.rest.starts_with(['.', ',']) {
            let digits: String = self.rest[1..].chars().take_while(char::is_ascii_digit).collect();
            if digits.is_empty() {
                return None;
            }
            self.rest = &self.rest[1 + digits.len()..];
            let kept = digits[..digits.len().min(9)].trim_end_matches('0');
            if !kept.is_empty() {
                fraction = format!(".{kept}");
            }
        }
        Some(format!("{hour:02}:{minute:02}:{second:02}{fraction}"))
    }

    fn offset(&mut self) -> Option<String> {
        let sign = self.take(b"Z+-")?;
        if sign == b'Z' {
            return Some("Z".to_owned());
        }
        let hours = self.number(2, 2)?;
        self.take(b":")?;
        let minutes = self.number(2, 2)?;
        if hours > 24 || minutes > 60 {
            return None;
        }
        Some(if hours == 0 && minutes == 0 { "Z".to_owned() } else { format!("{}{hours:02}:{minutes:02}", char::from(sign)) })
    }

    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let length = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if length < least {
            return None;
        }
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        digits.parse().ok()
    }

    fn take(&mut self, any: &[u8]) -> Option<u8> {
        let byte = *self.rest.as_bytes().first()?;
        if !any.contains(&byte) {
            return None;
        }
        self.rest = &self.rest[1..];
        Some(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::{of_rfc3339, of_yaml};

    #[test]
    fn a_time_is_written_in_one_form() {
        let check = |text: &str, expected: &str| assert_eq!(of_yaml(text).as_deref(), Some(expected), "{text}");
        check("2024-01-02", "2024-01-02T00:00:00Z");
        check("2024-1-2", "2024-01-02T00:00:00Z");
        check("2024-02-29T3:04:05Z", "2024-02-29T03:04:05Z");
        check("2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.1-05:00");
        check("2024-01-02 03:04:05.000", "2024-01-02T03:04:05Z");
        for text in ["2024-13-01", "2023-02-29", "2024-01-02 03:04:05Z", "2024-01-02T24:00:00Z", "2024-01-02T", "20240102", "2024-01-02x"] {
            assert_eq!(of_yaml(text), None, "{text}");
        }
        assert_eq!(of_rfc3339("2024-01-02T03:04:05.50+00:00").as_deref(), Some("2024-01-02T03:04:05.5Z"));
        assert_eq!(of_rfc3339("2024-1-2T03:04:05Z"), None);
        assert_eq!(of_rfc3339("2024-01-02"), None);
    }
}
