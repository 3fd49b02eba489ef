//! Whether `.env.example` says what the schema says.

use std::collections::BTreeSet;
use std::path::Path;

use configcheck_core::AppConfig;
use configcheck_core::example::dotenv_example;

use crate::committed;

/// Asserts that a `.env.example` names every variable of the schema, set or commented out, and no other. With `UPDATE_EXAMPLE=1` in the
/// environment of the tests it writes the file anew.
///
/// # Panics
///
/// With the names that are missing and those that are too many, or when the file cannot be read or written.
pub fn assert_example_is_current<T: AppConfig>(path: impl AsRef<Path>) {
    let path = path.as_ref();
    let schema = T::schema();
    let Some(text) = committed::read_or_update(path, "UPDATE_EXAMPLE", || dotenv_example(&schema)) else { return };
    let declared: BTreeSet<&str> = schema.keys().iter().map(|key| &*key.variable).collect();
    let written: BTreeSet<&str> = text.lines().filter_map(variable_of).collect();
    let missing: Vec<_> = declared.difference(&written).collect();
    let unknown: Vec<_> = written.difference(&declared).collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "{} is not current: missing {missing:?}, not in the schema {unknown:?}; UPDATE_EXAMPLE=1 writes it anew",
        path.display()
    );
}

/// The variable that a line sets, also one that is commented out.
fn variable_of(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['#', ' ', '\t']);
    let name = line.strip_prefix("export ").unwrap_or(line).split_once('=')?.0.trim_end();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.');
    (is_name && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}
