//! etcd: `etcd:/key`.
//!
//! Keys have letters, digits and `_ - . / + = @ : ~ ,`.

use super::error::RefErrorKind;
use super::part::Part;
use super::tail::{Read, Reading, Tail};

const SCHEME: &str = "etcd";

/// `etcd:/key`; a key is taken to the letter, with its slashes.
pub(super) fn read(part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    let path = tail.path.without_url_slashes()?;
    let path = path.of_characters(|c| c.is_ascii_alphanumeric() || "_-./+=@:~,".contains(c))?.of_plain_steps()?;
    if path.text().starts_with("//") {
        return Err(path.wrong(RefErrorKind::EmptyStep));
    }
    let field = tail.read_field()?;
    Ok(Reading::new(SCHEME, path.text(), field, tail.options))
}
