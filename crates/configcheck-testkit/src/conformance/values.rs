//! The values that are stored: the ones that break naive readers, and marks that stand nowhere else.

use std::sync::atomic::{AtomicU64, Ordering};

/// A value and how a report calls it.
pub(super) struct Sample {
    pub(super) label: &'static str,
    pub(super) value: Vec<u8>,
}

/// Values that are text, and that somebody's reader has changed.
pub(super) fn oddities(mark: &str) -> Vec<Sample> {
    let fixed = [
        ("a leading zero", "0123"),
        ("a word that is a boolean", "true"),
        ("a word that is nothing", "null"),
        ("a number with an exponent", "1e5"),
        ("a date", "2024-01-01"),
        ("letters that are no ASCII", "pässwörd-日本語-🔑-e\u{301}"),
        ("a byte order mark", "\u{feff}not-a-real-key"),
        ("a backslash before a letter", "a\\nb\\u0041"),
        ("JSON", "{\"a\": [1, \"b\"]}"),
        ("a reference", "vault:secret/data/other#key"),
        ("a percent sign", "100%41%zz"),
        ("control characters", "a\u{1}\u{1b}[31mb\u{7f}"),
    ];
    let marked = [
        ("a dollar sign", "pa$$word-${HOME}-$(id)-"),
        ("quotes", "'\"`-"),
        ("a hash and an equals sign", "#a=b;c&d-"),
        ("blanks at both ends", "  "),
        ("several lines", "-----BEGIN KEY-----\n\n-----END KEY-----\n"),
        ("a line end of Windows", "a\r\nb\r\n"),
        ("a line end at its end", "\n"),
        ("two line ends at its end", "\n\n"),
    ];
    let samples = fixed.into_iter().map(|(label, text)| Sample { label, value: text.as_bytes().to_vec() });
    let marked = marked.into_iter().map(|(label, text)| {
        // The mark stands where the text is odd at both its ends.
        let middle = usize::from(text.starts_with(' '));
        let value = [&text[..middle], mark, &text[middle..]].concat().into_bytes();
        Sample { label, value }
    });
    samples.chain(marked).collect()
}

/// Every byte, and what is no UTF-8.
pub(super) fn binary() -> Vec<Sample> {
    vec![
        Sample { label: "every byte", value: (0..=255).collect() },
        Sample { label: "zeros", value: vec![0; 16] },
        Sample { label: "a zero at its end", value: b"not-a-real-key\0".to_vec() },
        Sample { label: "what is no UTF-8", value: vec![0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80] },
    ]
}

/// Text of a length that repeats nowhere within 24 bytes.
pub(super) fn long(length: usize) -> Vec<u8> {
    let mut text = String::with_capacity(length + 24);
    while text.len() < length {
        text.push_str(&mark());
    }
    text.truncate(length);
    text.into_bytes()
}

/// 24 letters and digits that no text has by chance; never the same twice in one process.
pub(super) fn mark() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut state = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        // splitmix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ mixed >> 31) % 62).unwrap_or_default()
    };
    (0..24).map(|_| char::from(LETTERS[next()])).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn marks_differ() {
        let marks: HashSet<String> = (0..1_000).map(|_| super::mark()).collect();
        assert_eq!(marks.len(), 1_000);
        assert!(marks.iter().all(|mark| mark.len() == 24));
        assert_eq!(super::long(100).len(), 100);
    }

    #[test]
    fn every_value_has_a_label_of_its_own() {
        let samples: Vec<_> = super::oddities("MARK").into_iter().chain(super::binary()).collect();
        let labels: HashSet<_> = samples.iter().map(|sample| sample.label).collect();
        let values: HashSet<_> = samples.iter().map(|sample| sample.value.clone()).collect();
        assert_eq!((labels.len(), values.len()), (samples.len(), samples.len()));
        assert!(values.contains(b" MARK ".as_slice()) && values.contains(b"MARK\n".as_slice()));
    }
}
