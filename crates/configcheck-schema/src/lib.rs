//! Schemas as files: the native form and `.env.example` are read into a [`Schema`], and schemas are compared and exported.
//!
//! Pure: bytes go in, a schema comes out. An error names a place and holds no text of the file beyond names that a schema may show.

use std::fmt;

use configcheck_core::Schema;

pub mod breaking;
mod example;
mod json_schema;
mod native;
mod text;

pub use json_schema::json_schema;

/// What kind of file a schema was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    /// The native schema file, as `CONFIGCHECK=schema` prints it.
    Native,
    /// A `.env.example`, with or without decorators.
    Example,
}

/// Something in a schema file that has no effect, or less than its author may think.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Line, from 1.
    pub line: u32,
    /// What it is, as a clause.
    pub message: String,
}

/// A place in a schema file; both count from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyPlace {
    /// Line.
    pub line: u32,
    /// Column in characters.
    pub column: u32,
}

/// A schema that was read from a file.
#[derive(Clone, Debug)]
pub struct SchemaFile {
    /// The schema. Its text lives as long as the process.
    pub schema: Schema,
    /// What kind of file it was.
    pub kind: SchemaKind,
    /// What has no effect.
    pub notes: Vec<Note>,
    /// Where each key stands, in the order of [`Schema::keys`]; zeros for the native form.
    pub places: Vec<KeyPlace>,
}

/// Why a file is no schema. Nothing of the file's text is in it but names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// Line, from 1; 0 for the file as a whole.
    pub line: u32,
    /// Column, from 1; 0 for the line as a whole.
    pub column: u32,
    /// What is wrong, as a clause.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl SchemaError {
    /// An error about a file as a whole.
    pub(crate) fn of_file(message: &str, help: &str) -> Self {
        Self { line: 0, column: 0, message: message.into(), help: help.into() }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SchemaError {}

/// The largest schema file that is read, in bytes.
pub const LARGEST_FILE: usize = 32 * 1024 * 1024;

/// Reads a schema: the native form when the first character is a brace, else a `.env.example`.
///
/// The native form leaves out the text of a default that may not be shown: it is empty here, and means that the service has one.
///
/// ```
/// let file = configcheck_schema::read(b"# @required @type=port\nPORT=8080\n# LOG_LEVEL=info\n")?;
/// let optional: Vec<_> = file.schema.keys().iter().map(|key| (&*key.variable, key.spec.optional)).collect();
/// assert_eq!(optional, [("PORT", false), ("LOG_LEVEL", true)]);
/// assert_eq!(configcheck_schema::read(file.schema.to_json().as_bytes())?.schema.keys().len(), 2);
/// # Ok::<(), configcheck_schema::SchemaError>(())
/// ```
///
/// # Errors
///
/// A [`SchemaError`] with the place.
pub fn read(bytes: &[u8]) -> Result<SchemaFile, SchemaError> {
    if bytes.len() > LARGEST_FILE {
        return Err(SchemaError::of_file("the file is larger than 32 MiB", "name a schema or a .env.example"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return example::read(bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(file) => native::read(file),
        Err(_) => Err(SchemaError::of_file("the file is not text in UTF-8", "save it as UTF-8")),
    }
}
