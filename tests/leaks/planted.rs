//! The forms in which a careless implementation would print a secret.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};

use crate::shapes;

/// What one mutant adds to a report, and whether a search must find it by itself.
pub(crate) struct Mutant {
    pub(crate) name: &'static str,
    pub(crate) by_search: bool,
    pub(crate) says: fn(&[u8]) -> String,
}

impl Mutant {
    /// Whether it says the same of all these secrets, such as of two that begin alike: then it tells nothing, and there is nothing to find.
    pub(crate) fn tells_nothing(&self, secrets: &[&[u8]]) -> bool {
        secrets.windows(2).all(|pair| (self.says)(pair[0]) == (self.says)(pair[1]))
    }
}

fn text(secret: &[u8]) -> String {
    String::from_utf8_lossy(secret).into_owned()
}

pub(crate) fn base64(secret: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in secret.chunks(3) {
        let number = (0..3).fold(0_usize, |number, at| number << 8 | usize::from(chunk.get(at).copied().unwrap_or_default()));
        for letter in 0..4 {
            let is_there = letter <= chunk.len();
            encoded.push(if is_there { char::from(ALPHABET[number >> (18 - 6 * letter) & 63]) } else { '=' });
        }
    }
    encoded
}

fn each(secret: &[u8], write: fn(u8) -> String) -> String {
    secret.iter().map(|byte| write(*byte)).collect()
}

/// Where it would stand in a list that is sorted by value.
fn place_in_order(secret: &[u8]) -> String {
    let before = shapes::all().iter().filter(|shape| shape.canary.as_slice() < secret).count();
    let with = shapes::all().iter().filter(|shape| shape.canary.as_slice() <= secret).count();
    format!("{before} before it, {with} up to it")
}

fn checksum(secret: &[u8]) -> usize {
    secret.iter().map(|byte| usize::from(*byte)).sum()
}

fn different_bytes(secret: &[u8]) -> BTreeMap<u8, usize> {
    let mut counts = BTreeMap::new();
    for byte in secret {
        *counts.entry(*byte).or_default() += 1;
    }
    counts
}

/// How surprising its bytes are, in thousandths of a bit for each.
fn surprise(secret: &[u8]) -> usize {
    let all = secret.len();
    different_bytes(secret).values().map(|count| count * (all / count).ilog2() as usize * 1000 / all).sum()
}

/// Every form.
pub(crate) const MUTANTS: [Mutant; 34] = [
    Mutant { name: "as it is", by_search: true, says: |secret| format!("invalid type: string {}, expected u32", text(secret)) },
    Mutant { name: "Rust Debug", by_search: true, says: |secret| format!("invalid type: string {:?}, expected u32", text(secret)) },
    Mutant { name: "lower case", by_search: true, says: |secret| text(secret).to_lowercase() },
    Mutant { name: "upper case", by_search: true, says: |secret| text(secret).to_uppercase() },
    Mutant { name: "its first three quarters", by_search: true, says: |secret| text(&secret[..(secret.len() * 3).div_ceil(4)]) + "…" },
    Mutant {
        name: "its second half",
        by_search: true,
        says: |secret| "…".to_owned() + &text(&secret[(secret.len() / 2).min(secret.len().saturating_sub(6))..]),
    },
    Mutant {
        name: "six letters in its middle",
        by_search: true,
        says: |secret| {
            let start = secret.len().saturating_sub(6) / 2;
            text(&secret[start..secret.len().min(start + 6)])
        },
    },
    Mutant { name: "base64", by_search: true, says: |secret| format!("Authorization: Basic {}", base64(secret)) },
    Mutant { name: "base64 behind a user", by_search: true, says: |secret| base64(&[b"user:", secret].concat()) },
    Mutant {
        name: "base64 for URLs",
        by_search: true,
        says: |secret| base64(&[b"u:", secret].concat()).replace('+', "-").replace('/', "_"),
    },
    Mutant { name: "hex", by_search: true, says: |secret| each(secret, |byte| format!("{byte:02x}")) },
    Mutant { name: "hex in capitals with colons", by_search: true, says: |secret| each(secret, |byte| format!("{byte:02X}:")) },
    Mutant { name: "percent", by_search: true, says: |secret| each(secret, |byte| format!("%{byte:02X}")) },
    Mutant { name: "JSON", by_search: true, says: |secret| serde_json::json!({ "value": text(secret) }).to_string() },
    Mutant { name: "Debug of bytes", by_search: true, says: |secret| format!("FromUtf8Error {{ bytes: {secret:?} }}") },
    Mutant {
        name: "UTF-16",
        by_search: true,
        says: |secret| {
            let units: Vec<u8> = text(secret).encode_utf16().flat_map(u16::to_le_bytes).collect();
            String::from_utf8_lossy(&units).into_owned()
        },
    },
    Mutant { name: "reversed", by_search: true, says: |secret| text(secret).chars().rev().collect() },
    Mutant { name: "for a shell", by_search: true, says: |secret| format!("export TOKEN='{}'", text(secret).replace('\'', "'\\''")) },
    Mutant { name: "Unicode escapes", by_search: true, says: |secret| text(secret).escape_unicode().to_string() },
    Mutant { name: "a line of its source", by_search: true, says: |secret| format!("1 | TOKEN={}\n  |       ^", text(secret)) },
    Mutant { name: "its length", by_search: false, says: |secret| format!("at least 9000 characters, got {}", secret.len()) },
    Mutant { name: "a star for each letter", by_search: false, says: |secret| "*".repeat(secret.len()) },
    Mutant { name: "an underline below it", by_search: false, says: |secret| format!("TOKEN=…\n      {}", "^".repeat(secret.len())) },
    Mutant { name: "the column behind it", by_search: false, says: |secret| format!(".env:1:{}", 7 + secret.len()) },
    Mutant { name: "its checksum", by_search: false, says: |secret| checksum(secret).to_string() },
    Mutant {
        name: "its hash",
        by_search: false,
        says: |secret| {
            let mut hasher = DefaultHasher::new();
            hasher.write(secret);
            format!("fingerprint {:08x}", hasher.finish())
        },
    },
    Mutant { name: "its first letter", by_search: false, says: |secret| format!("begins with {}", char::from(secret[0])) },
    Mutant {
        name: "its last letter",
        by_search: false,
        says: |secret| format!("ends with {:?}", secret.iter().rev().find(|byte| **byte != b'\n')),
    },
    Mutant { name: "a prefix of three", by_search: false, says: |secret| text(&secret[..secret.len().min(3)]) + "***" },
    Mutant {
        name: "whether it is a known one",
        by_search: false,
        says: |secret| format!("same: {}", shapes::all().iter().any(|shape| shape.canary == secret)),
    },
    Mutant { name: "its place among others", by_search: false, says: place_in_order },
    Mutant {
        name: "how many kinds of letters it has",
        by_search: false,
        says: |secret| format!("{} different letters", different_bytes(secret).len()),
    },
    Mutant { name: "how random it is", by_search: false, says: |secret| format!("{} thousandths of a bit", surprise(secret)) },
    Mutant { name: "a digit of its checksum", by_search: false, says: |secret| (checksum(secret) % 10).to_string() },
];
