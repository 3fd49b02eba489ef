//! What a reference asks to be done with a secret once it is there: `?encoding=base64`, `?optional=true`, `?trim_nl=false`.

use configcheck_core::display::escaped;
use configcheck_core::provider::{OutcomeKind, Reason};
use configcheck_core::reference::{ENGINE_OPTIONS, SecretRef};
use configcheck_core::value::RawText;

/// Files end with a line end that is not part of the secret; what a manager holds is the secret to the letter.
const SCHEMES_OF_FILES: [&str; 3] = ["file", "age", "sops"];

/// The options that every reference may have, whatever its scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// How the value is written there.
    encoding: Encoding,
    /// Whether an absent secret is the same as one that nobody asked for.
    pub(super) is_optional: bool,
    /// Whether one line end is taken off the value.
    trims_line_end: bool,
}

/// How bytes are written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Plain,
    Base64,
    Base64Url,
    Hex,
}

/// Reads the options of a reference.
///
/// # Errors
///
/// An option with a value that it does not have.
pub(super) fn options_of(reference: &SecretRef) -> Result<Options, Reason> {
    let [encoding, optional, trim_nl] = ENGINE_OPTIONS;
    let encoding = match reference.option(encoding) {
        None => Encoding::Plain,
        Some("base64") => Encoding::Base64,
        Some("base64url") => Encoding::Base64Url,
        Some("hex") => Encoding::Hex,
        Some(other) => return Err(unknown(encoding, other, "base64, base64url or hex")),
    };
    let is_optional = flag(reference, optional)?.unwrap_or(false);
    let is_whole_file = SCHEMES_OF_FILES.contains(&reference.scheme()) && reference.field().is_none() && encoding == Encoding::Plain;
    let trims_line_end = flag(reference, trim_nl)?.unwrap_or(is_whole_file);
    Ok(Options { encoding, is_optional, trims_line_end })
}

fn flag(reference: &SecretRef, name: &str) -> Result<Option<bool>, Reason> {
    match reference.option(name) {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(other) => Err(unknown(name, other, "true or false")),
    }
}

fn unknown(name: &str, value: &str, known: &str) -> Reason {
    Reason::new(format!("the option {name} is {known}, and not `{}`", escaped(value))).help("correct the option in the reference")
}

impl Options {
    /// The value as it is meant.
    ///
    /// # Errors
    ///
    /// The text is not of the encoding.
    pub(super) fn applied_to(self, text: RawText) -> Result<RawText, (OutcomeKind, Reason)> {
        let text = match self.encoding.decoded(text.bytes()) {
            None => text,
            Some(Some(bytes)) => RawText::from_bytes(bytes).wiped_on_drop(),
            Some(None) => {
                let name = self.encoding.name();
                let reason = Reason::new(format!("the reference says that the secret is written in {name}, and it is not"))
                    .help("leave out encoding= in the reference, or name the encoding in which the secret is stored");
                return Err((OutcomeKind::Malformed, reason));
            }
        };
        match line_end(text.bytes()).filter(|_| self.trims_line_end) {
            None => Ok(text),
            Some(length) => Ok(RawText::from_bytes(text.bytes()[..length].to_vec()).wiped_on_drop()),
        }
    }
}

/// The length of a text without its line end; `None` when it ends with none.
fn line_end(bytes: &[u8]) -> Option<usize> {
    bytes.strip_suffix(b"\r\n").or_else(|| bytes.strip_suffix(b"\n")).map(<[u8]>::len)
}

impl Encoding {
    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain text",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Hex => "hex",
        }
    }

    /// The bytes behind the text: `None` where it is the text itself, `Some(None)` where it is not of this encoding.
    ///
    /// Line ends in it are left out, since the commands that encode put them in.
    #[expect(clippy::option_option, reason = "nothing to decode is another answer than not decodable")]
    fn decoded(self, text: &[u8]) -> Option<Option<Vec<u8>>> {
        match self {
            Self::Plain => None,
            Self::Base64 => Some(base64(text, *b"+/")),
            Self::Base64Url => Some(base64(text, *b"-_")),
            Self::Hex => Some(hex(text)),
        }
    }
}

/// Base64 with its two last digits. The padding may be missing; bits that say nothing have to be zero.
fn base64(text: &[u8], last: [u8; 2]) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        _ => last.iter().zip([62, 63]).find(|(digit, _)| **digit == byte).map(|(_, value)| value),
    };
    let mut decoded = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut count, mut digits, mut padding) = (0_u32, 0, 0_usize, 0_usize);
    let is_good = text.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')).all(|&byte| {
        if byte == b'=' {
            padding += 1;
            return true;
        }
        let Some(value) = digit(byte).filter(|_| padding == 0) else { return false };
        digits += 1;
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            // The low byte is what is meant.
            decoded.push((bits >> count & 0xff) as u8);
            bits &= (1 << count) - 1;
        }
        true
    });
    let is_whole = digits % 4 != 1 && bits == 0 && (padding == 0 || (padding <= 2 && (digits + padding).is_multiple_of(4)));
    wiped_unless(decoded, is_good && is_whole)
}

/// Hexadecimal digits, two a byte.
fn hex(text: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    let is_good = text.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')).all(|&byte| {
        let Some(digit) = char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()) else { return false };
        match high.take() {
            None => high = Some(digit),
            Some(high) => decoded.push(high << 4 | digit),
        }
        true
    });
    wiped_unless(decoded, is_good && high.is_none())
}

/// What was decoded; overwritten when it is not wanted.
fn wiped_unless(decoded: Vec<u8>, is_wanted: bool) -> Option<Vec<u8>> {
    if is_wanted {
        return Some(decoded);
    }
    drop(RawText::from_bytes(decoded).wiped_on_drop());
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(reference: &str, text: &str) -> Option<Vec<u8>> {
        let reference = SecretRef::parse(reference).and_then(Result::ok).expect("a good reference");
        let options = options_of(&reference).expect("good options");
        options.applied_to(RawText::new(text.to_owned())).ok().map(|text| text.bytes().to_vec())
    }

    fn check(reference: &str, text: &str, expected: &str) {
        assert_eq!(applied(reference, text).as_deref(), Some(expected.as_bytes()), "{reference}");
    }

    #[test]
    fn decodes_what_it_is_told() {
        check("vault:a/b#c", "aHVudGVyMg==", "aHVudGVyMg==");
        check("vault:a/b?encoding=base64#c", "aHVudGVyMg==", "hunter2");
        check("vault:a/b?encoding=base64#c", "aHVud\r\nGVyMg", "hunter2");
        check("vault:a/b?encoding=base64#c", "", "");
        // These are the digits in which the two alphabets differ.
        check("vault:a/b?encoding=base64#c", "8J+UkT8/", "🔑??");
        check("vault:a/b?encoding=base64url#c", "8J-UkT8_", "🔑??");
        check("vault:a/b?encoding=hex#c", "68756E746572\n32\n", "hunter2");
    }

    #[test]
    fn what_is_not_of_the_encoding_is_refused_and_not_shown() {
        for (encoding, text) in [
            ("base64", "a"),
            ("base64", "aHVudGVyMg="),
            ("base64", "aHVudGVyMg==="),
            ("base64", "aHVudGVyMh=="),
            ("base64", "aH=VudGVyMg="),
            ("base64", "aH Vud"),
            ("base64", "8J-Ukf8_"),
            ("base64url", "8J+Ukf8/"),
            ("base64", "hunter2-fake"),
            ("hex", "6"),
            ("hex", "6g"),
            ("hex", "0x68"),
        ] {
            let reference = SecretRef::parse(&format!("vault:a/b?encoding={encoding}#c")).and_then(Result::ok).expect("a good reference");
            let options = options_of(&reference).expect("good options");
            let (kind, reason) = options.applied_to(RawText::new(text.to_owned())).expect_err(text);
            assert_eq!(kind, OutcomeKind::Malformed);
            assert_eq!(reason.message, format!("the reference says that the secret is written in {encoding}, and it is not"));
        }
    }

    #[test]
    fn one_line_end_is_no_part_of_a_file() {
        check("file:jwt.txt", "key\n", "key");
        check("file:jwt.txt", "key\r\n", "key");
        check("file:jwt.txt", "key\n\n", "key\n");
        check("file:jwt.txt?trim_nl=false", "key\n", "key\n");
        check("age:jwt.age", "key\n", "key");
        check("file:all.json#key", "-----BEGIN\n", "-----BEGIN\n");
        check("file:all.json?trim_nl=true#key", "key\n", "key");
        check("vault:a/b#c", "key\n", "key\n");
        check("vault:a/b?trim_nl=true#c", "key\n", "key");
        check("file:key?encoding=hex", "6b0a\n", "k\n");
    }

    #[test]
    fn options_have_known_values() {
        let problem = |text: &str| {
            let reference = SecretRef::parse(text).and_then(Result::ok).expect("a good reference");
            options_of(&reference).map_err(|reason| reason.message)
        };
        assert_eq!(problem("vault:a?encoding=rot13#b"), Err("the option encoding is base64, base64url or hex, and not `rot13`".to_owned()));
        assert_eq!(problem("vault:a?optional=yes#b"), Err("the option optional is true or false, and not `yes`".to_owned()));
        assert_eq!(problem("vault:a?trim_nl=1#b"), Err("the option trim_nl is true or false, and not `1`".to_owned()));
        assert!(problem("vault:a?optional=true#b").is_ok_and(|options| options.is_optional));
        assert!(problem("vault:a#b").is_ok_and(|options| !options.is_optional));
    }
}
