//! Numbers: tells them from other text, and takes from them what only their notation has.

use toml_parser::decoder::{IntegerRadix, ScalarKind};

use super::date;

const NO_NUMBER: &str = "this is not a number as TOML writes them; text must stand in quotes";

/// Turns the text of a number into the digits that a person means.
///
/// The parser only guesses from the start of a token what it is; whether all of it is that is found out here.
pub(super) fn make_plain(kind: ScalarKind, text: &mut String) -> Result<(), &'static str> {
    match kind {
        ScalarKind::String | ScalarKind::Boolean(_) => Ok(()),
        ScalarKind::DateTime if date::is_valid(text) => Ok(()),
        ScalarKind::DateTime => Err("this is neither a number nor a date; text must stand in quotes"),
        ScalarKind::Integer(IntegerRadix::Dec) => {
            if without_digits(unsigned(text)) != Some("") {
                return Err(NO_NUMBER);
            }
            drop_plus(text);
            if text == "-0" {
                text.remove(0);
            }
            Ok(())
        }
        ScalarKind::Float => {
            if !is_float(unsigned(text)) {
                return Err(NO_NUMBER);
            }
            drop_plus(text);
            Ok(())
        }
        ScalarKind::Integer(radix) => {
            let number = u128::from_str_radix(text, radix.value()).map_err(|_| "this is no number, or a number of more than 128 bits")?;
            *text = number.to_string();
            Ok(())
        }
    }
}

/// Digits, then a fraction, an exponent, or both.
fn is_float(text: &str) -> bool {
    if matches!(text, "inf" | "nan") {
        return true;
    }
    let Some(mut rest) = without_digits(text) else { return false };
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
        if rest.len() == fraction.len() {
            return false;
        }
    }
    match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let digits = unsigned(exponent);
            !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
        }
        None => rest.is_empty(),
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

/// What follows the digits of a whole number; `None` where there are none, or a zero before others.
fn without_digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let digits = &text[..text.len() - rest.len()];
    (!digits.is_empty() && (digits == "0" || !digits.starts_with('0'))).then_some(rest)
}

fn drop_plus(text: &mut String) {
    if text.starts_with('+') {
        text.remove(0);
    }
}
