//! `kubectl create configmap --from-env-file`: like docker, with stricter keys and no key twice.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Reading;
use super::docker_run::Lines;
use super::expand::Scope;
use super::record::{Record, Why};
use crate::position::Span;

/// The longest key that a config map can have.
const LONGEST_KEY: usize = 253;

const NOT_UTF8: Why =
    Why { message: "this line is not UTF-8", help: "save the file as UTF-8; write binary data in base64", goes_on: false };

const INVALID_KEY: Why = Why {
    message: "what stands before the `=` is not a key that kubectl takes",
    help: "use letters, digits, `_`, `-` and `.` only, no digit first and no `export`, and write the value on one line",
    goes_on: false,
};

const TWICE: Why = Why { message: "kubectl takes no key twice", help: "remove one of the two lines", goes_on: false };

pub(super) fn read<'a>(input: &'a [u8], scope: &Scope<'_>) -> Reading<'a> {
    let mut record = Record::new(input);
    let mut keys = HashSet::new();
    for line in Lines::new(input) {
        if line.too_long {
            // It stops reading here and does not say so.
            break;
        }
        let Ok(text) = line.text(input) else {
            record.refuse(Span::new(line.start, line.end), NOT_UTF8, None);
            break;
        };
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let (key, value) = text.split_once('=').map_or((text, None), |(key, value)| (key, Some(value)));
        let start = line.end - text.len();
        let key_span = Span::new(start, start + key.len());
        if !is_key(key) {
            record.refuse(Span::new(start, key_span.end.max(start + 1)), INVALID_KEY, None);
            break;
        }
        if !keys.insert(key) {
            record.refuse(key_span, TWICE, Some(key_span));
            break;
        }
        let value_start = value.map_or(key_span.end, |value| line.end - value.len());
        let value = value.map_or_else(|| Cow::Owned(scope.outer(key).unwrap_or_default()), Cow::Borrowed);
        record.set(key, Some(value), key_span, Span::new(value_start, value_start.max(line.end)));
    }
    record.finish()
}

fn is_key(key: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let starts_well = key.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    starts_well && key.len() <= LONGEST_KEY && key.bytes().all(is_part) && key != "." && !key.starts_with("..")
}
