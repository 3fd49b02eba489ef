//! Files that are committed and made from the schema: read to be compared, or written anew when that is asked for.

use std::path::Path;

/// The text of a committed file. Where the variable is set in the environment of the tests, the file is written anew instead, and there is
/// nothing to compare.
pub(crate) fn read_or_update(path: &Path, variable: &str, text: impl FnOnce() -> String) -> Option<String> {
    if std::env::var_os(variable).is_some() {
        std::fs::write(path, text()).unwrap_or_else(|error| panic!("{} cannot be written: {error}", path.display()));
        return None;
    }
    let advice = format!("{variable}=1 writes it");
    Some(std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{} cannot be read: {error}; {advice}", path.display())))
}
