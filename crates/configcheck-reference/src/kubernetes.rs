//! Kubernetes: `k8s:namespace/secret#key`.
//!
//! Names have letters, digits and `- .`; keys `_` too.

use super::error::RefErrorKind;
use super::part::Part;
use super::tail::{Read, Reading, Tail};

const SCHEME: &str = "k8s";
const FORM: RefErrorKind = RefErrorKind::Form("k8s:namespace/secret#key");
const VALS_FORM: RefErrorKind = RefErrorKind::Form("ref+k8s://v1/Secret/namespace/secret/key");

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-.".contains(c)
}

fn is_of_key(c: char) -> bool {
    is_of_name(c) || c == '_'
}

/// `k8s:namespace/secret#key`.
pub(super) fn read(part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    let path = tail.path.without_url_slashes()?.without_outer_slashes();
    let path = path.of_characters(|c| is_of_name(c) || c == '/')?.of_full_steps()?;
    if path.text().split('/').count() != 2 {
        return Err(path.wrong_at_end(FORM));
    }
    let field = tail.field.map(|field| field.strip_prefix("/").unwrap_or(field));
    let field = field.map(|field| field.of_characters(is_of_key)?.of_full_steps()).transpose()?;
    Ok(Reading::new(SCHEME, path.text(), field.map(|field| field.text().to_owned()), tail.options))
}

/// `ref+k8s://v1/Secret/namespace/secret/key` of vals.
pub(super) fn read_vals(part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    let path = tail.path.without_url_slashes()?;
    let path = path.of_characters(|c| is_of_key(c) || c == '/')?.of_full_steps()?;
    for name in path.split('/').skip(2).take(2) {
        name.of_characters(is_of_name)?;
    }
    let steps: Vec<&str> = path.text().split('/').collect();
    match (&steps[..], tail.field) {
        (["v1", "Secret", namespace, secret, key], None) => {
            Ok(Reading::new(SCHEME, format!("{namespace}/{secret}"), Some((*key).to_owned()), tail.options))
        }
        (["v1", "Secret", ..], Some(field)) => Err(field.wrong(VALS_FORM)),
        _ => Err(path.wrong_at_end(VALS_FORM)),
    }
}
