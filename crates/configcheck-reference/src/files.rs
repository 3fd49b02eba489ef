//! Files: `file:path`, `sops:file#/json/pointer`, `age:file#KEY`.
//!
//! Paths have letters and digits of every script, blanks and `_ - . / + = @ , : ~ ( ) [ ] ! & '`. A path that does not begin with `/`
//! counts from the directory of the process.

use super::error::RefErrorKind;
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
    let steps: Vec<&str> = path.text().split('/').filter(|step| !matches!(*step, "" | ".")).collect();
    let path = match path.text().strip_prefix('/') {
        Some(_) if steps.is_empty() => return Err(path.wrong(RefErrorKind::NoPath)),
        Some(_) => format!("/{}", steps.join("/")),
        None if steps.is_empty() => ".".to_owned(),
        None => steps.join("/"),
    };
    let field = tail.read_field()?;
    Ok(Reading::new(scheme, path, field, tail.options))
}
