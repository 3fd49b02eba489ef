//! Writes a value so that this reader gives it back exactly.

use std::borrow::Cow;

/// Writes a value for the right side of `KEY=`, in the form on which most readers agree.
///
/// - Letters, digits and `_-./:@%+,=` only, or nothing at all: as it is.
/// - Otherwise in single quotes, which keep everything literal.
/// - With a single quote, a CR, or a line end and nothing that would need another escape: in double quotes,
///   with escapes.
///
/// The result is `None` when the value holds a NUL character, which no environment variable and no `.env`
/// file can hold.
///
/// ```
/// use configcheck_dotenv::quote;
///
/// assert_eq!(quote("https://example.com/a").as_deref(), Some("https://example.com/a"));
/// assert_eq!(quote("pa$$ word").as_deref(), Some("'pa$$ word'"));
/// assert_eq!(quote("it's").as_deref(), Some("\"it's\""));
/// assert_eq!(quote("two\nlines").as_deref(), Some("\"two\\nlines\""));
/// assert_eq!(quote("\0"), None);
/// ```
#[must_use]
pub fn quote(value: &str) -> Option<Cow<'_, str>> {
    let mut form = Form::Bare;
    let mut line_end = false;
    let mut needs_escape = false;
    for byte in value.bytes() {
        match byte {
            0 => return None,
            _ if is_plain(byte) => continue,
            b'\'' | b'\r' => form = Form::Double,
            b'\n' => line_end = true,
            b'"' | b'\\' | b'$' | b'`' => needs_escape = true,
            _ => {}
        }
        if form == Form::Bare {
            form = Form::Single;
        }
    }
    if line_end && !needs_escape {
        form = Form::Double;
    }
    Some(match form {
        Form::Bare => Cow::Borrowed(value),
        Form::Single => Cow::Owned(format!("'{value}'")),
        Form::Double => Cow::Owned(double(value)),
    })
}

/// Whether no reader and no shell sees anything in this character but itself.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':' | b'@' | b'%' | b'+' | b',' | b'=')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Bare,
    Single,
    Double,
}

fn double(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + value.len() / 8 + 2);
    quoted.push('"');
    for character in value.chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '"' | '\\' | '$' => {
                quoted.push('\\');
                quoted.push(character);
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::quote;
    use crate::parse;

    fn check(value: &str, expected: &str) {
        let quoted = quote(value).expect("no NUL");
        assert_eq!(quoted, expected);
        let input = format!("A={quoted}\nB=2\n");
        let document = parse(input.as_bytes());
        let values: Vec<_> = document.assignments().map(|assignment| assignment.value.as_ref()).collect();
        assert_eq!(values, [value, "2"]);
    }

    #[test]
    fn plain_values_stay_bare() {
        check("", "");
        check("postgres://app@db.example:5432/app", "postgres://app@db.example:5432/app");
        check("b=c==", "b=c==");
    }

    #[test]
    fn single_quotes_come_first() {
        check("a b", "'a b'");
        check("#x", "'#x'");
        check("pa$$w0rd", "'pa$$w0rd'");
        check("{\"a\":1}", "'{\"a\":1}'");
        check("C:\\dir", "'C:\\dir'");
        check("ö", "'ö'");
        check("{\n  \"price\": \"$1\"\n}", "'{\n  \"price\": \"$1\"\n}'");
    }

    #[test]
    fn double_quotes_come_last() {
        check("it's", "\"it's\"");
        check("it's $5 \"net\" \\", "\"it's \\$5 \\\"net\\\" \\\\\"");
        check("a\nb", "\"a\\nb\"");
        check("a\r\nb\t`", "\"a\\r\\nb\t`\"");
    }

    #[test]
    fn a_nul_character_cannot_be_written() {
        assert_eq!(quote("a\0b"), None);
    }
}
