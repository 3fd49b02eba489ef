//! Tells dates and times from text that only starts like one.

/// Whether the text is a date, a time, or both with or without an offset, as TOML has them.
pub(super) fn is_valid(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.get(2) == Some(&b':') {
        return is_time(bytes);
    }
    let Some((date, rest)) = bytes.split_at_checked(10) else { return false };
    if !is_date(date) {
        return false;
    }
    match rest.split_first() {
        None => true,
        Some((b'T' | b't' | b' ', rest)) => {
            let time = match rest.split_last() {
                Some((b'Z' | b'z', time)) => time,
                _ => match rest.len().checked_sub(6).map(|at| rest.split_at(at)) {
                    Some((time, offset)) if matches!(offset[0], b'+' | b'-') => {
                        if !is_hour_and_minute(&offset[1..]) {
                            return false;
                        }
                        time
                    }
                    _ => rest,
                },
            };
            is_time(time)
        }
        Some(_) => false,
    }
}

/// `2024-02-29`.
fn is_date(bytes: &[u8]) -> bool {
    let (Some(year), Some(month), Some(day)) = (number(&bytes[..4]), number(&bytes[5..7]), number(&bytes[8..])) else { return false };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    bytes[4] == b'-' && bytes[7] == b'-' && (1..=days).contains(&day)
}

/// `07:32`, `07:32:00` or `07:32:00.5`.
fn is_time(bytes: &[u8]) -> bool {
    let Some((minutes, rest)) = bytes.split_at_checked(5) else { return false };
    if !is_hour_and_minute(minutes) {
        return false;
    }
    let Some((seconds, fraction)) = rest.split_at_checked(3) else { return rest.is_empty() };
    seconds[0] == b':'
        && number(&seconds[1..]).is_some_and(|second| second <= 60)
        && (fraction.is_empty() || (fraction.len() > 1 && fraction[0] == b'.' && fraction[1..].iter().all(u8::is_ascii_digit)))
}

/// `07:32`.
fn is_hour_and_minute(bytes: &[u8]) -> bool {
    bytes[2] == b':' && number(&bytes[..2]).is_some_and(|hour| hour < 24) && number(&bytes[3..]).is_some_and(|minute| minute < 60)
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| char::from(*digit).to_digit(10).map(|digit| number * 10 + digit))
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn dates_and_times_are_told_from_other_text() {
        for text in [
            "1979-05-27T07:32:00Z",
            "1979-05-27t07:32:00z",
            "1979-05-27 07:32:00-07:00",
            "1979-05-27T00:32:00.999999+23:59",
            "1979-05-27T07:32:00",
            "1979-05-27T07:32",
            "1979-05-27",
            "2024-02-29",
            "2000-02-29",
            "07:32:60",
            "07:32",
            "00:32:00.5",
        ] {
            assert!(is_valid(text), "{text}");
        }
        for text in [
            "",
            "1-2",
            "1979-05-27T",
            "1979-05-27X07:32:00",
            "1979-13-01",
            "1979-00-01",
            "1979-04-31",
            "2023-02-29",
            "1900-02-29",
            "1979-05-27T24:00:00",
            "1979-05-27T07:60:00",
            "1979-05-27T07:32:61",
            "1979-05-27T07:32:00+24:00",
            "1979-05-27T07:32:00.",
            "1979-05-27T07:32:00 Z",
            "07:3",
            "07:32:0",
            "07:32Z",
            "7:32:00",
            "1979-5-27",
            "1979-05-27T+07:00",
            "éééé-éé-éé",
        ] {
            assert!(!is_valid(text), "{text}");
        }
    }
}
