//! Google Secret Manager: `gcp-sm:projects/p/secrets/s/versions/v`, `sm://p/s#v` of berglas, and the bare resource name.
//!
//! Projects have letters, digits and `- . :`; secrets and versions letters, digits and `_ -`. Without a version the latest is meant.

use super::error::{RefError, RefErrorKind};
use super::part::Part;
use super::tail::{Read, Reading, Tail};

const SCHEME: &str = "gcp-sm";
const FORM: RefErrorKind = RefErrorKind::Form("gcp-sm:projects/project/secrets/name, with /versions/version behind it or nothing");

/// Whether text is the name of a secret as Google writes it.
pub(super) fn is_resource_name(text: &str) -> bool {
    let mut steps = text.split('/');
    steps.next() == Some("projects")
        && steps.next().is_some()
        && match steps.next() {
            Some("secrets") => steps.next().is_some_and(|secret| !secret.is_empty()),
            Some("locations") => steps.nth(1) == Some("secrets") && steps.next().is_some_and(|secret| !secret.is_empty()),
            _ => false,
        }
}

/// `gcp-sm:`, the bare resource name, and what vals and bank-vaults write.
pub(super) fn read(part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    let field = tail.read_field()?;
    reading(tail, field)
}

/// `sm://project/name#version` of berglas.
pub(super) fn read_berglas(part: Part<'_>) -> Read {
    let mut tail = Tail::of(part)?;
    if let Some(version) = tail.field.take() {
        // In `sm://` the version stands where others have a field.
        tail.options.set("version", of_name(version)?)?;
    }
    reading(tail, None)
}

fn reading(mut tail: Tail<'_>, field: Option<String>) -> Read {
    let path = tail.path.without_url_slashes()?.without_outer_slashes();
    let path = path.of_characters(|c| c.is_ascii_alphanumeric() || "/_-.:".contains(c))?.of_full_steps()?;
    let steps: Vec<Part<'_>> = path.split('/').collect();
    let words: Vec<&str> = steps.iter().map(|step| step.text()).collect();
    let (parent, secret, version) = match words[..] {
        ["projects", project, "secrets", _] => (format!("projects/{project}"), steps[3], None),
        ["projects", project, "secrets", _, "versions", _] => (format!("projects/{project}"), steps[3], Some(steps[5])),
        ["projects", project, "locations", location, "secrets", _] => (format!("projects/{project}/locations/{location}"), steps[5], None),
        ["projects", project, "locations", location, "secrets", _, "versions", _] => {
            (format!("projects/{project}/locations/{location}"), steps[5], Some(steps[7]))
        }
        ["projects", ..] => return Err(path.wrong_at_end(FORM)),
        [project, _] => (format!("projects/{project}"), steps[1], None),
        [project, _, _] => (format!("projects/{project}"), steps[1], Some(steps[2])),
        _ => return Err(path.wrong_at_end(FORM)),
    };
    let secret = of_name(secret)?.text();
    if let Some(version) = version {
        tail.options.set("version", version)?;
    }
    let version = match tail.options.take("version") {
        Some(version) if !version.bytes().all(|byte| is_of_name(byte.into()) || matches!(byte, b'{' | b'}')) => {
            return Err(path.wrong_at_end(FORM));
        }
        version => version.unwrap_or("latest"),
    };
    Ok(Reading::new(SCHEME, format!("{parent}/secrets/{secret}/versions/{version}"), field, tail.options))
}

fn of_name(part: Part<'_>) -> Result<Part<'_>, RefError> {
    part.of_characters(is_of_name)
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-".contains(c)
}
