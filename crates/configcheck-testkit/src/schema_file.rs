//! Whether the committed schema file says what the code says.

use std::path::Path;

use configcheck_core::AppConfig;
use configcheck_core::json::indented;
use configcheck_core::schema::Drift;

use crate::committed;

/// Asserts that a committed schema file is the schema of the settings, however its lines are broken. With `UPDATE_SCHEMA=1` in the
/// environment of the tests it writes the file anew.
///
/// # Panics
///
/// With the names of the keys that were added, removed and changed, or when the file cannot be read or written.
pub fn schema_file<T: AppConfig>(path: impl AsRef<Path>) {
    let path = path.as_ref();
    let schema = T::schema().to_json();
    let Some(text) = committed::read_or_update(path, "UPDATE_SCHEMA", || indented(&schema)) else { return };
    if let Some(drift) = Drift::between(&text, &schema) {
        panic!("{} is not current: {drift}; UPDATE_SCHEMA=1 writes it anew", path.display());
    }
}
