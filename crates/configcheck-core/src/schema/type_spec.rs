//! What text a type accepts, said in words and checked without the type itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::byte_size::ByteSize;
use crate::constraint;
use crate::environment::Environment;

/// The form of the text that a field accepts.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum TypeSpec {
    /// Any text, byte for byte.
    Text,
    /// Any bytes.
    Bytes,
    /// `true` or `false`, `1` or `0`.
    Bool,
    /// A whole number within bounds.
    Integer {
        /// The smallest.
        min: i128,
        /// The largest.
        max: u128,
    },
    /// A number.
    Float,
    /// One character.
    Char,
    /// A path; not looked up.
    Path,
    /// An absolute URL.
    Url,
    /// An IP address of either version.
    IpAddr,
    /// An IPv4 address.
    Ipv4Addr,
    /// An IPv6 address.
    Ipv6Addr,
    /// An address with a port.
    SocketAddr,
    /// A time span with units, `1h 30m`.
    Duration,
    /// A number of bytes with a unit, `64KiB`.
    ByteSize,
    /// The name of an environment.
    Environment,
    /// One of the listed words.
    Choice(&'static [&'static str]),
    /// Items of one type.
    List(&'static TypeSpec),
    /// Pairs of a key and a value.
    Map(&'static TypeSpec, &'static TypeSpec),
    /// A type that only its own parser knows.
    Other,
}

impl TypeSpec {
    /// The form in words, for "expected …".
    pub fn expectation(&self, rust_type: &str) -> String {
        match self {
            Self::Text => "text in UTF-8".into(),
            Self::Bytes => "bytes".into(),
            Self::Bool => "true or false".into(),
            Self::Integer { min, max } => whole_number(*min, *max),
            Self::Float => "a number".into(),
            Self::Char => "one character".into(),
            Self::Path => "a path".into(),
            Self::Url => "a URL such as https://host/path".into(),
            Self::IpAddr => "an IP address".into(),
            Self::Ipv4Addr => "an IPv4 address".into(),
            Self::Ipv6Addr => "an IPv6 address".into(),
            Self::SocketAddr => "an IP address with a port, such as 127.0.0.1:8080".into(),
            Self::Duration => "a time span with units, such as 30s or 1h 30m".into(),
            Self::ByteSize => "a number of bytes with a unit, such as 64KiB or 10MB".into(),
            Self::Environment => "an environment: development, test, staging or production".into(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::List(item) => format!("a list, each item {}", item.expectation(rust_type)),
            Self::Map(key, value) => {
                format!("pairs key=value, each key {}, each value {}", key.expectation(rust_type), value.expectation(rust_type))
            }
            Self::Other => format!("a valid `{rust_type}`"),
        }
    }

    /// Whether the text has the form; `None` where only the type's own parser could say.
    pub fn accepts(&self, text: &str, separator: &str) -> Option<bool> {
        Some(match self {
            Self::Text | Self::Bytes | Self::Path => true,
            Self::Bool => matches!(text, "true" | "false" | "1" | "0"),
            Self::Integer { min, max } => integer_within(text, *min, *max),
            Self::Float => text.parse::<f64>().is_ok_and(f64::is_finite),
            Self::Char => text.chars().count() == 1,
            Self::Url => constraint::is_url(text),
            Self::IpAddr => text.parse::<IpAddr>().is_ok(),
            Self::Ipv4Addr => text.parse::<Ipv4Addr>().is_ok(),
            Self::Ipv6Addr => text.parse::<Ipv6Addr>().is_ok(),
            Self::SocketAddr => text.parse::<SocketAddr>().is_ok(),
            Self::Duration => humantime::parse_duration(text).is_ok(),
            Self::ByteSize => text.parse::<ByteSize>().is_ok(),
            Self::Environment => Environment::parse(text, &[]).is_some(),
            Self::Choice(words) => words.contains(&text),
            Self::List(item) => return all(text.split(separator).map(|part| item.accepts(part.trim_matches(' '), separator))),
            Self::Map(key, value) => {
                return all(text.split(separator).map(|pair| {
                    let Some((left, right)) = pair.split_once('=') else { return Some(false) };
                    all([key.accepts(left.trim_matches(' '), separator), value.accepts(right.trim_matches(' '), separator)].into_iter())
                }));
            }
            Self::Other => return None,
        })
    }
}

/// The bounds in words. Those of 64 bits and more are no news to who reads of a port.
fn whole_number(min: i128, max: u128) -> String {
    let (has_min, has_max) = (min > i128::from(i64::MIN), max < i64::MAX.unsigned_abs().into());
    match (has_min, has_max) {
        (true, true) => format!("a whole number from {min} to {max}"),
        (true, false) => format!("a whole number of at least {min}"),
        (false, true) => format!("a whole number of at most {max}"),
        (false, false) => "a whole number".into(),
    }
}

/// False when one is false, unknown when one is unknown, else true.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => known = false,
        }
    }
    known.then_some(true)
}

fn integer_within(text: &str, min: i128, max: u128) -> bool {
    match text.parse::<i128>() {
        Ok(number) => number >= min && u128::try_from(number).map_or(true, |number| number <= max),
        Err(_) => text.parse::<u128>().is_ok_and(|number| number <= max),
    }
}

#[cfg(test)]
mod tests {
    use super::whole_number;

    #[test]
    fn bounds_that_nobody_chose_are_left_out() {
        assert_eq!(whole_number(0, u16::MAX.into()), "a whole number from 0 to 65535");
        assert_eq!(whole_number(1, u64::MAX.into()), "a whole number of at least 1");
        assert_eq!(whole_number(i64::MIN.into(), 9), "a whole number of at most 9");
        assert_eq!(whole_number(i64::MIN.into(), i64::MAX.unsigned_abs().into()), "a whole number");
    }
}
