//! What a YAML value without quotes is to sops, and how sops writes it: the checksum covers that form.

use crate::document::{Kind, Node, Scalar, TextProblem, float_text};
use crate::time;

/// A value without tag and quotes.
pub(super) fn of_plain(line: usize, text: &str) -> Result<Node, TextProblem> {
    let node = |kind, text: String| Ok(Node::Scalar(Scalar { line, kind, bytes: text.into_bytes() }));
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Node::Null),
        "true" | "True" | "TRUE" => return node(Kind::Bool, "True".to_owned()),
        "false" | "False" | "FALSE" => return node(Kind::Bool, "False".to_owned()),
        ".nan" | ".NaN" | ".NAN" => return node(Kind::Other, float_text(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return node(Kind::Other, float_text(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return node(Kind::Other, float_text(f64::NEG_INFINITY)),
        "<<" => return node(Kind::Other, text.to_owned()),
        _ => {}
    }
    if !text.starts_with(['+', '-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
        return node(Kind::Text, text.to_owned());
    }
    if let Some(time) = time::of_yaml(text) {
        return node(Kind::Other, time);
    }
    // Behind a point nothing is passed over.
    let digits = if text.starts_with('.') { text.to_owned() } else { text.replace('_', "") };
    if let Some(number) = integer(&digits) {
        return match i64::try_from(number) {
            Ok(number) => node(Kind::Other, number.to_string()),
            Err(_) => Err(TextProblem { line, message: "this number is larger than any that sops reads" }),
        };
    }
    match is_float(&digits).then(|| digits.parse::<f64>()) {
        Some(Ok(number)) if number.is_finite() => node(Kind::Other, float_text(number)),
        _ => node(Kind::Text, text.to_owned()),
    }
}

/// A whole number: decimal, `0x`, `0o`, `0b`, or octal after a zero.
fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let (radix, skip) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, 2),
        [b'0', b'o' | b'O', ..] => (8, 2),
        [b'0', b'b' | b'B', ..] => (2, 2),
        [b'0', _, ..] => (8, 1),
        _ => (10, 0),
    };
    let digits = &digits[skip..];
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let number = u64::from_str_radix(digits, radix).ok()?;
    // What has a sign is read as a signed number alone, and becomes a floating-point number where that is too small.
    let number = sign * i128::from(number);
    (digits.len() == text.len() - skip || i64::try_from(number).is_ok()).then_some(number)
}

/// Whether text has the look of a decimal number, with a point or an exponent.
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_mantissa = are_digits(whole) && are_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    is_mantissa && exponent.is_none_or(|exponent| !exponent.is_empty() && are_digits(exponent))
}

#[cfg(test)]
mod tests {
    use super::{Kind, Node, of_plain};

    fn check(text: &str, kind: Kind, expected: &str) {
        match of_plain(1, text) {
            Ok(Node::Scalar(scalar)) => {
                assert_eq!((scalar.kind, String::from_utf8_lossy(&scalar.bytes).as_ref()), (kind, expected), "{text}");
            }
            other => unreachable!("{text}: {other:?}"),
        }
    }

    #[test]
    fn numbers_are_in_the_form_of_sops() {
        for (text, expected) in [
            ("42", "42"),
            ("+5", "5"),
            ("-0", "0"),
            ("0o17", "15"),
            ("017", "15"),
            ("0x1F", "31"),
            ("-0b11", "-3"),
            ("1_000", "1000"),
            ("08", "8"),
            (".5", "0.5"),
            ("1.", "1"),
            ("1.50", "1.5"),
            ("1e+20", "100000000000000000000"),
            ("-0.0", "-0"),
            ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("-9223372036854775809", "-9223372036854776000"),
            ("18446744073709551616", "18446744073709552000"),
            (".inf", "+Inf"),
            ("-.INF", "-Inf"),
            (".NaN", "NaN"),
            ("2024-01-02", "2024-01-02T00:00:00Z"),
        ] {
            check(text, Kind::Other, expected);
        }
        assert!(of_plain(1, "9223372036854775808").is_err());
    }

    #[test]
    fn words_are_what_they_are_to_sops() {
        check("TRUE", Kind::Bool, "True");
        check("False", Kind::Bool, "False");
        for text in
            ["yes", "on", "tRue", "1e400", "0b12", "1.2.3", "10.0.0.1", "-", "+", ".", "1e", "0x", "=", "ENC[x]", "inf", "1:30", ".0_"]
        {
            check(text, Kind::Text, text);
        }
        for text in ["", "~", "NULL"] {
            assert!(matches!(of_plain(1, text), Ok(Node::Null)));
        }
    }
}
