//! Finds the key at the start of a line, and the `export` before it.

use crate::position::Span;
use crate::work;

/// What stands where a key belongs.
#[derive(Clone, Copy)]
pub(crate) struct KeyScan {
    /// The longest well-formed key there; empty when the first character cannot start one.
    pub(crate) text: Span,
    /// Whether `export` and a blank stand before it.
    pub(crate) exported: bool,
    /// The first byte behind the key and the blanks that follow it.
    pub(crate) behind: usize,
}

impl KeyScan {
    /// The first byte behind the `=`, when the key is well formed and an `=` follows it.
    pub(crate) fn value_start(&self, input: &[u8]) -> Option<usize> {
        (!self.text.is_empty() && input.get(self.behind) == Some(&b'=')).then_some(self.behind + 1)
    }
}

/// Scans the key that starts at `start`, which is behind the leading blanks.
pub(crate) fn scan(input: &[u8], start: usize) -> KeyScan {
    let first = scan_word(input, start);
    let is_export = &input[first.text.range()] == b"export" && first.behind > first.text.end && input.get(first.behind) != Some(&b'=');
    if is_export { KeyScan { exported: true, ..scan_word(input, first.behind) } } else { first }
}

/// The first byte at or behind `at` that is neither a space nor a tab.
pub(crate) fn skip_blanks(input: &[u8], mut at: usize) -> usize {
    let start = at;
    while let Some(b' ' | b'\t') = input.get(at) {
        at += 1;
    }
    work::spent(at - start);
    at
}

fn scan_word(input: &[u8], start: usize) -> KeyScan {
    let mut end = start;
    if let Some(b'A'..=b'Z' | b'a'..=b'z' | b'_') = input.get(start) {
        end += 1;
        while let Some(b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'0'..=b'9' | b'.') = input.get(end) {
            end += 1;
        }
    }
    work::spent(end - start);
    KeyScan { text: Span::new(start, end), exported: false, behind: skip_blanks(input, end) }
}

#[cfg(test)]
mod tests {
    use super::scan;

    fn check(input: &str, key: &str, exported: bool, has_value: bool) {
        let found = scan(input.as_bytes(), 0);
        assert_eq!(&input[found.text.range()], key, "{input}");
        assert_eq!(found.exported, exported, "{input}");
        assert_eq!(found.value_start(input.as_bytes()).is_some(), has_value, "{input}");
    }

    #[test]
    fn keys_are_letters_digits_underscores_and_dots() {
        check("A=1", "A", false, true);
        check("_a.B_9 \t= 1", "_a.B_9", false, true);
        check("9A=1", "", false, false);
        check(".A=1", "", false, false);
        check("A-B=1", "A", false, false);
        check("A B=1", "A", false, false);
        check("A", "A", false, false);
        check("", "", false, false);
    }

    #[test]
    fn export_needs_a_blank_and_may_be_a_key_itself() {
        check("export A=1", "A", true, true);
        check("export\t \tA = 1", "A", true, true);
        check("exportA=1", "exportA", false, true);
        check("export=1", "export", false, true);
        check("export =1", "export", false, true);
        check("export export=1", "export", true, true);
        check("export A", "A", true, false);
        check("export ", "", true, false);
        check("export", "export", false, false);
    }
}
