//! Files: `file:path`, `sops:file#/json/pointer`, `age:file#KEY`.
//!
//! Paths have letters and digits of every script, blanks and `_ - . / + = @ , : ~ ( ) [ ] ! & '`. A path that does not begin with `/`
//! counts from the directory of the process.

use super::error::{RefError, RefErrorKind};
use super::part::Part;
use super::tail::{Read, Reading, Tail};

/// `file:`.
pub(super) fn read_plain(part: Part<'_>) -> Read {
    read("file", part)
}

/// `sops:`.
pub(super) fn read_sops(part: Part<'_>) -> Read {
    read("sops", part)
}

/// `age:`.
pub(super) fn read_age(part: Part<'_>) -> Read {
    read("age", part)
}

fn read(scheme: &'static str, part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    let path = tail.path.without_url_slashes()?;
    let path = path.of_characters(|c| c.is_alphanumeric() || " _-./+=@,:~()[]!&'".contains(c))?;
    if let Some(step) = path.split('/').find(|step| step.text() == "..") {
        return Err(step.wrong(RefErrorKind::Traversal));
    }
    // `./a//b` is `a/b`.
    let kept: Vec<Part<'_>> = path.split('/').filter(|step| !matches!(step.text(), "" | ".")).collect();
    refuse_outer_blanks(path, &kept)?;
    let steps: Vec<&str> = kept.iter().map(|step| step.text()).collect();
    let path = match path.text().strip_prefix('/') {
        Some(_) if steps.is_empty() => return Err(path.wrong(RefErrorKind::NoPath)),
        Some(_) => format!("/{}", steps.join("/")),
        None if steps.is_empty() => ".".to_owned(),
        None => steps.join("/"),
    };
    let field = tail.read_field()?;
    Ok(Reading::new(scheme, path, field, tail.options))
}

/// A blank that comes to stand at an end of the path when steps around it go, as the one in `a/ //` does, would be read as part of the text
/// around the reference.
fn refuse_outer_blanks(path: Part<'_>, kept: &[Part<'_>]) -> Result<(), RefError> {
    let (Some(first), Some(last)) = (kept.first(), kept.last()) else { return Ok(()) };
    if first.text().starts_with(' ') && !path.text().starts_with('/') {
        return Err(first.wrong(RefErrorKind::Character));
    }
    match last.strip_suffix(" ") {
        Some(before) => Err(before.wrong_at_end(RefErrorKind::Character)),
        None => Ok(()),
    }
}
