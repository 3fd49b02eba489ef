//! `ByteSize`: a number of bytes, written `512`, `64KiB` or `10MB`.

use std::fmt;
use std::str::FromStr;

/// A number of bytes.
///
/// Decimal units (`kB`, `MB`, `GB`, `TB`) count in thousands, binary ones (`KiB`, `MiB`, `GiB`, `TiB`) in 1,024; a bare number or `B`
/// counts bytes. Nothing else is read: no `10M`, whose meaning two tools would not share.
///
/// ```
/// use configcheck_core::ByteSize;
///
/// assert_eq!("10MiB".parse(), Ok(ByteSize(10 * 1024 * 1024)));
/// assert_eq!("1.5 kB".parse(), Ok(ByteSize(1500)));
/// assert!("10M".parse::<ByteSize>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(
    /// The number of bytes.
    pub u64,
);

/// The text is not a byte size. It holds nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteSizeError;

impl fmt::Display for ByteSizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a number of bytes with a unit such as kB, MB, KiB or MiB")
    }
}

impl std::error::Error for ByteSizeError {}

impl FromStr for ByteSize {
    type Err = ByteSizeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let factor: u64 = match unit.strip_prefix(' ').unwrap_or(unit) {
            "" if unit.is_empty() => 1,
            "B" => 1,
            "kB" | "KB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "TB" => 1_000_000_000_000,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            "TiB" => 1 << 40,
            _ => return Err(ByteSizeError),
        };
        match number.split_once('.') {
            None => number.parse::<u64>().ok().and_then(|n| n.checked_mul(factor)),
            Some((whole, fraction)) => decimal(whole, fraction, factor),
        }
        .map(Self)
        .ok_or(ByteSizeError)
    }
}

/// A decimal number of units, exact: a fraction that is not a whole number of bytes is refused.
fn decimal(whole: &str, fraction: &str, factor: u64) -> Option<u64> {
    if fraction.is_empty() || fraction.len() > 12 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let digits = whole.parse::<u128>().ok()?.checked_mul(scale)?.checked_add(fraction.parse().ok()?)?;
    let bytes = digits.checked_mul(u128::from(factor))?;
    if bytes % scale == 0 { u64::try_from(bytes / scale).ok() } else { None }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 4] = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
        match UNITS.iter().find(|(factor, _)| self.0 >= *factor && self.0.is_multiple_of(*factor)) {
            Some((factor, unit)) => write!(f, "{}{unit}", self.0 / factor),
            None => write!(f, "{}B", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_units_exactly() {
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            ("512B", 512),
            ("64KiB", 65_536),
            ("1.5 kB", 1500),
            ("0.5KiB", 512),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_unclear_or_too_large() {
        for text in [
            "",
            " ",
            "B",
            "10M",
            "10 ",
            "1e3",
            "-1",
            "+1",
            ".5kB",
            "1.kB",
            "1.0001kB",
            "1 kB ",
            "18446744073709551616",
            "99999999TiB",
            "1.1.1kB",
        ] {
            assert_eq!(text.parse::<ByteSize>(), Err(ByteSizeError), "{text:?}");
        }
    }

    #[test]
    fn prints_what_it_reads() {
        for size in [0, 1, 1023, 1024, 1 << 20, 3 << 30, u64::MAX] {
            assert_eq!(ByteSize(size).to_string().parse(), Ok(ByteSize(size)));
        }
    }
}
