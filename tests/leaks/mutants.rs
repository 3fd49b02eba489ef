//! Leaks planted on purpose, as a careless implementation would print them. The oracle has to find every one.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher as _};
use std::os::unix::ffi::OsStringExt as _;

use crate::channels::{Output, observe};
use crate::judge::{Runs, found, leaks};
use crate::search::Needles;
use crate::shapes::{self, Shape};
use crate::{failures, settings};

/// What one mutant adds to a report, and whether a search must find it by itself.
struct Mutant {
    name: &'static str,
    by_search: bool,
    says: fn(&[u8]) -> String,
}

fn text(secret: &[u8]) -> String {
    String::from_utf8_lossy(secret).into_owned()
}

fn base64(secret: &[u8]) -> String {
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

const MUTANTS: [Mutant; 26] = [
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
    Mutant {
        name: "its checksum",
        by_search: false,
        says: |secret| secret.iter().map(|byte| usize::from(*byte)).sum::<usize>().to_string(),
    },
    Mutant {
        name: "its hash",
        by_search: false,
        says: |secret| {
            let mut hasher = DefaultHasher::new();
            hasher.write(secret);
            format!("fingerprint {:08x}", hasher.finish())
        },
    },
];

/// The outputs of a real failure with the three secrets of a shape.
fn sound(shape: &Shape) -> Runs {
    let run = |secret: &[u8]| observe::<settings::Long>(&failures::base().vars([("TOKEN", OsString::from_vec(secret.to_vec()))]));
    Runs { canary: run(&shape.canary), control: run(&shape.control), longer: run(&shape.longer) }
}

/// The same, with what a mutant adds to the report.
fn planted(mutant: &Mutant, shape: &Shape, sound: &Runs) -> Runs {
    let plant = |outputs: &[Output], secret: &[u8]| {
        let mut outputs = outputs.to_vec();
        let report = outputs.iter_mut().find(|output| output.channel == "plain report").unwrap();
        writeln!(report.text, "\n{}", (mutant.says)(secret)).unwrap();
        outputs
    };
    Runs {
        canary: plant(&sound.canary, &shape.canary),
        control: plant(&sound.control, &shape.control),
        longer: plant(&sound.longer, &shape.longer),
    }
}

#[test]
fn every_planted_leak_is_found_in_every_shape() {
    for shape in shapes::all() {
        let (needles, sound) = (Needles::of(&shape.canary), sound(&shape));
        assert!(leaks(&needles, &sound).is_empty(), "{}: a sound report is no leak", shape.name);
        for mutant in &MUTANTS {
            let runs = planted(mutant, &shape, &sound);
            assert!(!leaks(&needles, &runs).is_empty(), "{}: {} is not found", shape.name, mutant.name);
            if mutant.by_search && shape.is_searchable() {
                assert!(!found(&needles, &runs).is_empty(), "{}: {} is not found by a search", shape.name, mutant.name);
            }
        }
    }
    let by_search = MUTANTS.iter().filter(|mutant| mutant.by_search).count();
    println!("{} of {} planted leaks found in every shape, {by_search} of them by the search alone", MUTANTS.len(), MUTANTS.len());
    assert!(by_search >= 20);
}

#[test]
fn a_search_finds_any_six_letters() {
    let shapes = shapes::all();
    let shape = shapes.iter().find(|shape| shape.name == "64 characters").unwrap();
    let needles = Needles::of(&shape.canary);
    for piece in shape.canary.windows(6) {
        assert!(!needles.hits(&[b"begins with ", piece, b" and"].concat(), b"").is_empty());
        assert!(needles.hits(&[b"begins with ", &piece[1..], b" and"].concat(), b"").is_empty());
    }
}
