//! Finds a secret in an output: any six bytes of it, in the letters of either case and in every encoding that a leak is likely to have.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// The shortest piece that counts as a leak, in bytes.
pub(crate) const WINDOW: usize = 6;

/// So many hits of one output are told; one is enough to fail.
const MOST_HITS: usize = 8;

/// A piece of the secret in an output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) encoding: &'static str,
    /// The piece as it stands there, in lower case.
    pub(crate) piece: Vec<u8>,
}

/// Every piece of one secret in every encoding. An output is walked once; a small table of hashes passes almost all of it by.
pub(crate) struct Needles {
    by_start: HashMap<[u8; WINDOW], Vec<Hit>>,
    maybe: Vec<bool>,
}

const TABLE: usize = 1 << 20;

fn slot(window: &[u8]) -> usize {
    let number = window.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    usize::try_from(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44).unwrap() % TABLE
}

impl Needles {
    pub(crate) fn of(secret: &[u8]) -> Self {
        let mut needles = Self { by_start: HashMap::new(), maybe: vec![false; TABLE] };
        let mut seen = HashSet::new();
        for (encoding, piece) in pieces(secret) {
            let piece = piece.to_ascii_lowercase();
            if piece.len() >= WINDOW && seen.insert(piece.clone()) {
                let start: [u8; WINDOW] = piece[..WINDOW].try_into().unwrap();
                needles.maybe[slot(&start)] = true;
                needles.by_start.entry(start).or_default().push(Hit { encoding, piece });
            }
        }
        needles
    }

    /// The pieces that are in an output and not in the output of the same case with another secret, which has the report's own words.
    pub(crate) fn hits(&self, output: &[u8], control: &[u8]) -> Vec<Hit> {
        let output = output.to_ascii_lowercase();
        let mut hits: Vec<Hit> = Vec::new();
        for (at, window) in output.windows(WINDOW).enumerate() {
            if !self.maybe[slot(window)] {
                continue;
            }
            let Some(candidates) = self.by_start.get(window) else { continue };
            hits.extend(candidates.iter().filter(|hit| output[at..].starts_with(&hit.piece)).cloned());
        }
        hits.sort();
        hits.dedup();
        let control = control.to_ascii_lowercase();
        let is_own = |hit: &Hit| control.windows(hit.piece.len()).any(|window| window == hit.piece);
        hits.into_iter().filter(|hit| !is_own(hit)).take(MOST_HITS).collect()
    }
}

type Encoding<T> = (&'static str, fn(&T) -> Vec<u8>);

/// Encodings of single bytes: each piece of six bytes is encoded by itself.
const OF_BYTES: &[Encoding<[u8]>] = &[
    ("raw", <[u8]>::to_vec),
    ("reversed", |bytes| bytes.iter().rev().copied().collect()),
    ("hex", |bytes| joined(bytes, "", |byte| format!("{byte:02x}"))),
    ("hex with colons", |bytes| joined(bytes, ":", |byte| format!("{byte:02x}"))),
    ("hex with blanks", |bytes| joined(bytes, " ", |byte| format!("{byte:02x}"))),
    ("hex with dashes", |bytes| joined(bytes, "-", |byte| format!("{byte:02x}"))),
    ("hex list", |bytes| joined(bytes, ", ", |byte| format!("{byte:02x}"))),
    ("hex list with 0x", |bytes| joined(bytes, ", ", |byte| format!("0x{byte:02x}"))),
    ("hex escapes", |bytes| joined(bytes, "", |byte| format!("\\x{byte:02x}"))),
    ("percent", |bytes| joined(bytes, "", |byte| format!("%{byte:02x}"))),
    ("percent where needed", |bytes| {
        joined(bytes, "", |byte| {
            let is_plain = byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
            if is_plain { char::from(byte).to_string() } else { format!("%{byte:02x}") }
        })
    }),
    ("form", |bytes| {
        joined(bytes, "", |byte| {
            let is_plain = byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte);
            if is_plain {
                char::from(byte).to_string()
            } else if byte == b' ' {
                "+".into()
            } else {
                format!("%{byte:02x}")
            }
        })
    }),
    ("Debug of bytes", |bytes| joined(bytes, ", ", |byte| byte.to_string())),
    ("{:#?} of bytes", |bytes| joined(bytes, ",\n    ", |byte| byte.to_string())),
    ("list of bytes without blanks", |bytes| joined(bytes, ",", |byte| byte.to_string())),
    ("numbers with blanks", |bytes| joined(bytes, " ", |byte| byte.to_string())),
    ("octal escapes", |bytes| joined(bytes, "", |byte| format!("\\{byte:03o}"))),
    ("binary", |bytes| joined(bytes, " ", |byte| format!("{byte:08b}"))),
    ("Rust byte string", |bytes| bytes.escape_ascii().to_string().into_bytes()),
];

/// Encodings of characters: each piece of six characters is encoded by itself.
const OF_CHARACTERS: &[Encoding<str>] = &[
    ("text with replaced bytes", |text| text.as_bytes().to_vec()),
    ("reversed characters", |text| text.chars().rev().collect::<String>().into_bytes()),
    ("JSON", |text| serde_json::to_string(text).unwrap().trim_matches('"').as_bytes().to_vec()),
    ("JSON, ASCII only", |text| {
        let escape = |unit: u16| if (0x20..0x7f).contains(&unit) { String::from_utf16_lossy(&[unit]) } else { format!("\\u{unit:04x}") };
        text.encode_utf16().map(escape).collect::<String>().into_bytes()
    }),
    ("Rust Debug", |text| text.escape_debug().to_string().into_bytes()),
    ("Rust escapes", |text| text.escape_default().to_string().into_bytes()),
    ("Unicode escapes", |text| text.escape_unicode().to_string().into_bytes()),
    ("shell, single quotes", |text| text.replace('\'', "'\\''").into_bytes()),
    ("shell, backslashes", |text| {
        let escaped = |c: char| if c.is_ascii_alphanumeric() || "-_./:".contains(c) { c.to_string() } else { format!("\\{c}") };
        text.chars().map(escaped).collect::<String>().into_bytes()
    }),
    ("XML", |text| {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        text.replace('"', "&quot;").replace('\'', "&#39;").into_bytes()
    }),
    ("without blanks", |text| text.split_whitespace().collect::<String>().into_bytes()),
    ("spaced out", |text| text.chars().flat_map(|c| [c, ' ']).collect::<String>().trim_end().as_bytes().to_vec()),
    ("UTF-16, little end first", |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("UTF-16, big end first", |text| text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
];

fn joined(bytes: &[u8], separator: &str, write: impl Fn(u8) -> String) -> Vec<u8> {
    let mut text = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        write!(text, "{}{}", if at == 0 { "" } else { separator }, write(*byte)).unwrap();
    }
    text.into_bytes()
}

fn pieces(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut pieces = Vec::new();
    for window in secret.windows(WINDOW) {
        pieces.extend(OF_BYTES.iter().map(|(name, encode)| (*name, encode(window))));
    }
    let lossy = String::from_utf8_lossy(secret);
    let starts: Vec<usize> = lossy.char_indices().map(|(at, _)| at).chain([lossy.len()]).collect();
    for ends in starts.windows(WINDOW + 1) {
        let window = &lossy[ends[0]..ends[WINDOW]];
        pieces.extend(OF_CHARACTERS.iter().map(|(name, encode)| (*name, encode(window))));
    }
    for offset in 0..3 {
        for (name, alphabet) in [("base64", BASE64), ("base64 for URLs", BASE64_URL)] {
            pieces.extend(base64_inside(secret, offset, alphabet).windows(BASE64_WINDOW).map(|window| (name, window.to_vec())));
        }
    }
    pieces
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Six bytes are eight letters.
const BASE64_WINDOW: usize = 8;

/// The letters of base64 that depend on the secret alone when it stands at some offset of what is encoded.
fn base64_inside(secret: &[u8], offset: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let padded: Vec<u8> = std::iter::repeat_n(0, offset).chain(secret.iter().copied()).collect();
    let bits =
        |at: usize| (0..6).fold(0_usize, |number, bit| number << 1 | usize::from(padded[(at + bit) / 8] >> (7 - (at + bit) % 8) & 1));
    let letters = (0..padded.len() * 8 / 6).map(|letter| alphabet[bits(letter * 6)]);
    letters.skip((offset * 8).div_ceil(6)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_base64_are_those_that_the_secret_alone_decides() {
        let check = |offset, expected: &str| assert_eq!(String::from_utf8(base64_inside(b"fake-key", offset, BASE64)).unwrap(), expected);
        check(0, "ZmFrZS1rZX");
        check(1, "Zha2Uta2V5");
        check(2, "mYWtlLWtle");
    }

    #[test]
    fn the_words_of_the_report_are_no_hits() {
        let needles = Needles::of(b"postgres://fake-canary");
        let found = |output: &str, control: &str| needles.hits(output.as_bytes(), control.as_bytes()).len();
        assert_eq!(found("expected postgres://…", "expected postgres://…"), 0);
        assert!(found("expected postgres://…", "expected mysql://…") > 0);
        assert!(found("FAKE-CAN", "") > 0);
        assert_eq!(found("fake-", ""), 0);
    }
}
