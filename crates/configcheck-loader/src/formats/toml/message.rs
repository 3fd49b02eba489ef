//! What is said for an error of the TOML parser: a clause of ours for the kinds that people meet, and one for all others.

use toml_parser::ParseError;

/// Where the error is, and what is said of it. Of the parser's own text nothing is kept.
pub(super) fn of(error: &ParseError) -> (usize, &'static str) {
    let unexpected = error.unexpected().or(error.context()).unwrap_or_default().start();
    let context = error.context().or(error.unexpected()).unwrap_or_default().start();
    match error.description() {
        "unclosed array" | "unclosed inline table" | "unclosed table" | "unclosed array table" => (context, "this bracket is never closed"),
        "string values must be quoted" => (unexpected, "text must stand in quotes"),
        "missing opening quote" => (context, "the quote before this text is missing"),
        "invalid boolean" => (context, "this is neither `true` nor `false`; text must stand in quotes"),
        "unexpected leading zero" => (context, "a number does not start with a zero; text must stand in quotes"),
        "`_` may only go between digits" => (context, "an underscore in a number stands between digits; text must stand in quotes"),
        "invalid integer number"
        | "invalid float"
        | "invalid hexadecimal number"
        | "invalid octal number"
        | "invalid binary number"
        | "invalid mantissa"
        | "invalid fraction"
        | "invalid exponent"
        | "redundant numeric sign" => (context, "this is not a number as TOML writes them; text must stand in quotes"),
        "missing escaped value" | "too few unicode value digits" => {
            (unexpected, "TOML has no such escape; single quotes take text as it is")
        }
        "invalid basic string" | "invalid multi-line basic string" | "invalid literal string" | "invalid multi-line literal string" => {
            (context, "this string is not closed, or holds a control character")
        }
        "missing value" | "missing value for key" | "key with no value" => (unexpected, "a value is missing here"),
        "missing comma between array elements" | "missing comma between key-value pairs" => (unexpected, "a comma is missing here"),
        "extra comma in array" | "extra comma in inline table" => (unexpected, "there is a comma too many"),
        "unexpected key or value" | "unexpected content" => (unexpected, "a new key needs a line of its own"),
        "invalid unquoted key" => (unexpected, "a key with other characters than letters, digits, `_` and `-` must stand in quotes"),
        "keys cannot be multi-line basic strings" | "keys cannot be multi-line literal strings" => {
            (unexpected, "a key does not go over several lines")
        }
        "carriage return must be followed by newline" => (unexpected, "a carriage return must be followed by a line feed"),
        "invalid comment character" => (unexpected, "a comment must not hold control characters"),
        _ => (unexpected, "this is not TOML"),
    }
}
