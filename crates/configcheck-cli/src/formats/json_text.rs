//! What the JSON formats share: a document that a terminal can print without obeying anything in it.

use configcheck_core::json::{Json, Object};

/// A document that is one object, on one line.
pub(crate) fn object(write: impl FnOnce(&mut Object<'_>)) -> String {
    let mut document = Json::object(write);
    document.push('\n');
    document
}

/// A document that is a list of objects, each on its line.
pub(super) fn list(objects: &[String]) -> String {
    if objects.is_empty() {
        return "[]\n".to_owned();
    }
    format!("[\n{}\n]\n", objects.join(",\n"))
}

/// A count as the writer takes it.
pub(crate) fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
