//! The reference of all variables as tables, one for each struct.

use std::fmt::Write as _;

use configcheck_core::Schema;
use configcheck_core::schema::Key;

use super::markdown::{code, line, paragraphs, summary};
use super::words;

/// What stands above a file that is written anew each time.
pub(super) const MARK: &str = "<!-- Written by configcheck docs. Change the schema and run it again. -->";

/// A file of its own: a heading, what the service says of its configuration, and the tables.
pub(super) fn file(schema: &Schema, name: impl Fn(&Key) -> String) -> String {
    let of = if schema.name().is_empty() { String::new() } else { format!(" of {}", line(schema.name())) };
    let mut text = format!("{MARK}\n\n# Configuration{of}\n\n");
    if !schema.doc().is_empty() {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{}\n\n", paragraphs(schema.doc()));
    }
    text + &tables(schema, name)
}

/// The cell of a variable that has no page of its own.
pub(super) fn bare(key: &Key) -> String {
    code(&key.variable)
}

/// The tables alone; `name` makes the cell of a variable.
pub(super) fn tables(schema: &Schema, name: impl Fn(&Key) -> String) -> String {
    let mut parents: Vec<&str> = Vec::new();
    for key in schema.keys() {
        let parent = words::parent(&key.path);
        if !parents.contains(&parent) {
            parents.push(parent);
        }
    }
    // The root first, wherever its keys stand.
    parents.sort_by_key(|parent| !parent.is_empty());
    let mut parts: Vec<String> = Vec::new();
    for parent in parents {
        let mut text = String::new();
        if !parent.is_empty() {
            let _ = write!(text, "### {}\n\n", code(parent));
        }
        text.push_str("| Variable | Type | Required | Default | Secret | What it is |\n|---|---|---|---|---|---|\n");
        for key in schema.keys().iter().filter(|key| words::parent(&key.path) == parent) {
            let spec = key.spec;
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} |",
                name(key),
                words::form(schema, spec),
                words::required(schema, key),
                words::defaults(spec),
                words::secret(spec),
                what(key),
            );
        }
        parts.push(text);
    }
    if parts.is_empty() { "No variables are declared.\n".to_owned() } else { parts.join("\n") }
}

fn what(key: &Key) -> String {
    let text = summary(key.spec.doc);
    if let Some(deprecated) = key.spec.deprecated {
        let since = deprecated.since.map_or_else(String::new, |since| format!(" since {}", line(since)));
        let note = deprecated.note.map_or_else(String::new, |note| format!(": {}", line(note)));
        return format!("**Deprecated{since}{note}.** {text}").trim_end().to_owned();
    }
    text
}
