//! Vault and `OpenBao`: `vault:mount/data/path#key`, and `#key#version` as bank-vaults writes it.
//!
//! Paths have letters, digits, blanks and `_ - . / + = @ : ~ ,`. Whether a mount has versions is the server's to know, so `secret/app` and
//! `secret/data/app` stay two secrets.

use super::error::{RefError, RefErrorKind};
use super::part::Part;
use super::tail::{Read, Reading, Tail, read_field};

const SCHEME: &str = "vault";

/// `vault:`, `bao:`.
pub(super) fn read(part: Part<'_>) -> Read {
    let mut tail = Tail::of(part)?;
    let field = match tail.field {
        Some(field) => {
            let (key, version) = field.split_once("#").map_or((field, None), |(key, version)| (key, Some(version)));
            if key.is_empty() {
                return Err(key.wrong(RefErrorKind::NoField));
            }
            if let Some(version) = version {
                if version.is_empty() {
                    return Err(version.wrong(RefErrorKind::NoField));
                }
                // bank-vaults writes -1 for the newest one.
                let version = version.of_characters(|c| c.is_ascii_alphanumeric() || c == '-')?;
                if version.text() != "-1" {
                    tail.options.set("version", version)?;
                }
            }
            Some(read_field(key)?)
        }
        None => None,
    };
    reading(tail, field)
}

/// `${vault:path#key}`, as bank-vaults puts references into other text; only a reference alone is followed.
pub(super) fn read_in_braces(part: Part<'_>) -> Read {
    let inner = match part.split_once("}") {
        Some((inner, rest)) if rest.is_empty() => inner,
        Some((_, rest)) => return Err(rest.wrong(RefErrorKind::Inline)),
        None => return Err(part.wrong_at_end(RefErrorKind::Form("${vault:mount/path#key}"))),
    };
    read(inner)
}

/// `>>vault:path#key`, with which bank-vaults writes to Vault before it reads.
pub(super) fn read_writing(part: Part<'_>) -> Read {
    Err(RefError { at: 0, ..part.wrong(RefErrorKind::NeverFollowed) })
}

/// `ref+vault://mount/path#/key`; without a `#` the last step is the key.
pub(super) fn read_vals(part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    if tail.field.is_some() {
        return read(part);
    }
    let Some((path, key)) = tail.path.rsplit_once('/').filter(|(path, key)| !path.is_empty() && !key.is_empty()) else {
        return Err(tail.path.wrong(RefErrorKind::Form("ref+vault://mount/path#/key")));
    };
    let field = read_field(key)?;
    reading(Tail { path, ..tail }, Some(field))
}

fn reading(tail: Tail<'_>, field: Option<String>) -> Read {
    let path = tail.path.without_url_slashes()?.without_outer_slashes();
    let path = path.of_characters(|c| c.is_ascii_alphanumeric() || " _-./+=@:~,".contains(c))?.of_full_steps()?;
    Ok(Reading::new(SCHEME, path.text(), field, tail.options))
}
