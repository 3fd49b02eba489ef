//! Values out of JSON without leaving a copy of them behind: an answer is read in place, and each value is written once, into a buffer that
//! is wiped.

use std::fmt;

use configcheck_core::Secret;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The members of an object in their order, with their values as they stand there. A name that stands twice is an error.
pub(crate) struct Members<'a>(pub(crate) Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members: Vec<(String, &'de RawValue)> = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if members.iter().any(|(other, _)| *other == name) {
                        return Err(serde::de::Error::custom("a name stands twice"));
                    }
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

/// The bytes that a value stands for: the text of a string, and the JSON text of anything else. `None` for a string that is no text.
pub(crate) fn bytes(value: &RawValue) -> Option<Secret<Vec<u8>>> {
    let text = value.get();
    let bytes = match quoted(text) {
        Some(quoted) => unescape(quoted)?,
        None => text.as_bytes().to_vec(),
    };
    Some(Secret::new(bytes))
}

/// The text of a string; `None` for anything else.
pub(crate) fn text(value: &RawValue) -> Option<Zeroizing<String>> {
    let bytes = unescape(quoted(value.get())?)?;
    match String::from_utf8(bytes) {
        Ok(text) => Some(Zeroizing::new(text)),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            None
        }
    }
}

/// A string as JSON writes it, in a buffer that is wiped.
pub(crate) fn quote(text: &str) -> Zeroizing<String> {
    // Every character takes six bytes at most, so the buffer never moves and leaves nothing behind.
    let mut quoted = Zeroizing::new(String::with_capacity(text.len() * 6 + 2));
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c < ' ' => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                quoted.push_str("\\u00");
                quoted.push(char::from(DIGITS[(c as usize) >> 4]));
                quoted.push(char::from(DIGITS[(c as usize) & 15]));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

/// What stands between the quotes of a string that is known to be well formed. `None` for half a surrogate pair, which is no text.
fn unescape(text: &str) -> Option<Vec<u8>> {
    // The text never grows, so the buffer never moves.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let escape = rest[at + 1..].chars().next()?;
        rest = &rest[at + 1 + escape.len_utf8()..];
        let c = match escape {
            '"' | '\\' | '/' => escape,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = unit(rest)?;
                rest = &rest[4..];
                if (0xD800..0xDC00).contains(&first) {
                    let second = unit(rest.strip_prefix("\\u")?)?;
                    rest = &rest[6..];
                    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
                    char::from_u32(0x10000 + ((first - 0xD800) << 10) + low)?
                } else {
                    char::from_u32(first)?
                }
            }
            _ => return None,
        };
        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(std::mem::take(&mut *bytes))
}

/// Four hexadecimal digits.
fn unit(text: &str) -> Option<u32> {
    let digits = text.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use configcheck_core::secret::ExposeSecret as _;

    use super::{Members, RawValue, bytes, quote, text};

    fn value(json: &str) -> Option<String> {
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        bytes(raw).map(|secret| String::from_utf8(secret.expose_secret().clone()).unwrap())
    }

    #[test]
    fn strings_are_their_text_byte_for_byte() {
        for json in [
            r#""""#,
            r#""plain""#,
            r#""007""#,
            r#""pa$$word ' \" \\ \/ end""#,
            r#""-----BEGIN KEY-----\nabc\r\n\t\b\f""#,
            r#""\u00e4\u20AC\ud83d\ude00 ä€😀""#,
            r#""\u0000\u001f\u007f""#,
        ] {
            assert_eq!(value(json), Some(serde_json::from_str::<String>(json).unwrap()), "{json}");
        }
    }

    #[test]
    fn other_values_are_their_json_text() {
        for json in ["1.0", "12345678901234567890", "1e5", "true", "[1, 2]", r#"{"a":{"b":[]}}"#] {
            assert_eq!(value(json).as_deref(), Some(json));
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_no_text() {
        for json in [r#""\ud83d""#, r#""\ude00""#, r#""\ud83d\u0041""#, r#""\ud83dabcdef""#] {
            let raw: &RawValue = serde_json::from_str(json).unwrap();
            assert!(bytes(raw).is_none() && text(raw).is_none(), "{json}");
        }
    }

    #[test]
    fn what_is_quoted_is_read_back() {
        for original in ["", "a\"b\\c", "line\nline\u{1}\u{1f}", "ä€😀"] {
            assert_eq!(serde_json::from_str::<String>(&quote(original)).unwrap(), original);
        }
    }

    #[test]
    fn members_keep_their_order_and_stand_once() {
        let members: Members<'_> = serde_json::from_str(r#"{"z":1,"a":"b","m":null}"#).unwrap();
        assert_eq!(
            members.0.iter().map(|(name, raw)| (name.as_str(), raw.get())).collect::<Vec<_>>(),
            [("z", "1"), ("a", "\"b\""), ("m", "null")]
        );
        assert!(serde_json::from_str::<Members<'_>>(r#"{"a":1,"a":2}"#).is_err());
        assert!(serde_json::from_str::<Members<'_>>("[1]").is_err());
    }
}
