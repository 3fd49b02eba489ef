//! Finds a secret in a text, also when only six bytes of it stand there, and in the encodings that programs use.

use std::collections::{BTreeMap, HashSet};

/// How many bytes of a secret in a row count as shown.
const WINDOW: usize = 6;

/// Secrets shorter than this are not looked for: they stand in texts by chance.
pub(super) const SHORTEST: usize = 12;

/// What is looked for, by length.
#[derive(Default)]
pub(super) struct Traces {
    by_length: BTreeMap<usize, HashSet<Vec<u8>>>,
}

impl Traces {
    /// Looks for a secret from now on.
    pub(super) fn add(&mut self, secret: &[u8]) {
        if secret.len() < SHORTEST {
            return;
        }
        for window in secret.windows(WINDOW) {
            let reversed: Vec<u8> = window.iter().rev().copied().collect();
            let list = |between: &str| window.iter().map(u8::to_string).collect::<Vec<_>>().join(between).into_bytes();
            let each = |write: &dyn Fn(&u8) -> String| window.iter().map(write).collect::<String>().into_bytes();
            let traces = [
                window.to_vec(),
                reversed,
                window.to_ascii_lowercase(),
                window.to_ascii_uppercase(),
                each(&|byte| format!("{byte:02x}")),
                each(&|byte| format!("{byte:02X}")),
                each(&|byte| format!("%{byte:02X}")),
                each(&|byte| format!("%{byte:02x}")),
                list(", "),
                list(","),
            ];
            for trace in traces {
                self.insert(trace);
            }
            for shift in 0..3 {
                for alphabet in [STANDARD, URL_SAFE] {
                    self.insert(base64_inside(window, shift, alphabet));
                }
            }
        }
    }

    fn insert(&mut self, trace: Vec<u8>) {
        self.by_length.entry(trace.len()).or_default().insert(trace);
    }

    /// Whether a trace of a secret stands in the text.
    pub(super) fn are_in(&self, text: &str) -> bool {
        self.by_length.iter().any(|(length, traces)| text.as_bytes().windows(*length).any(|window| traces.contains(window)))
    }
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The letters of base64 that bytes decide alone, when so many other bytes stand before them.
fn base64_inside(bytes: &[u8], shift: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let first_bit = shift * 8;
    let last_bit = first_bit + bytes.len() * 8;
    let bit = |at: usize| bytes[(at - first_bit) / 8] >> (7 - (at - first_bit) % 8) & 1;
    (first_bit.div_ceil(6)..last_bit / 6)
        .map(|letter| alphabet[usize::from((0..6).fold(0, |value, at| value << 1 | bit(letter * 6 + at)))])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Traces;

    const SECRET: &[u8] = b"Qz7vK2xW9pLm";

    fn found(text: &str) -> bool {
        let mut traces = Traces::default();
        traces.add(SECRET);
        traces.are_in(text)
    }

    #[test]
    fn a_secret_is_found_in_every_guise() {
        let guises = [
            "the password is Qz7vK2xW9pLm",
            "Some(\"Qz7vK2xW9pLm\")",
            "begins with Qz7vK2…",
            "ends with xW9pLm",
            "mLp9Wx2Kv7zQ",
            "QZ7VK2XW9PLM",
            "qz7vk2xw9plm",
            "517a37764b32785739704c6d",
            "517A37764B32785739704C6D",
            "%51%7A%37%76%4B%32%78%57",
            "[81, 122, 55, 118, 75, 50, 120, 87, 57, 112, 76, 109]",
            "[81,122,55,118,75,50,120,87]",
            // base64 of the secret alone, and of `a:` and `ab:` before it.
            "UXo3dksyeFc5cExt",
            "YTpRejd2SzJ4VzlwTG0=",
            "YWI6UXo3dksyeFc5cExt",
            "eDpRejd2SzJ4VzlwTG0",
        ];
        for guise in guises {
            assert!(found(guise), "{guise}");
        }
    }

    #[test]
    fn what_is_no_secret_is_not_found() {
        for text in ["", "the password is wrong", "Secret(…)", "Qz7vK", "vault:secret/data/checkout#jwt_secret", "[81, 122, 55]"] {
            assert!(!found(text), "{text}");
        }
        let mut traces = Traces::default();
        traces.add(b"short");
        assert!(!traces.are_in("short"));
    }
}
