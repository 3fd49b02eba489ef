//! Where a value came from: the source, and the place in it.

use std::borrow::Cow;

/// Number of a source within one [`Snapshot`](crate::Snapshot).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u16);

/// A place in a text file. Lines and columns count from 1, columns in characters; the offsets count bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Line of the first character.
    pub line: u32,
    /// Column of the first character.
    pub column: u32,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

/// The source of a value and its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Which source.
    pub source: SourceId,
    /// The place, for sources that are text files.
    pub span: Option<Span>,
}

impl Origin {
    /// An origin without a place inside its source.
    pub const fn of(source: SourceId) -> Self {
        Self { source, span: None }
    }
}

/// The layers, lowest first: a value of a later one hides those of the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Layer {
    /// Defaults of the schema.
    Default,
    /// Config files and figment providers, in the order in which they were added.
    File,
    /// `.env` files.
    Dotenv,
    /// References that fields name themselves, `#[config(from = "…")]`.
    From,
    /// Whole maps from a secret manager, `secrets_from`.
    SecretMap,
    /// Mounted secret files, and `KEY_FILE`.
    Mounted,
    /// Environment variables.
    Environment,
    /// Explicit overrides, `Loader::set`.
    Override,
}

/// What a source is, for reports.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceKind {
    /// The schema's defaults.
    Default,
    /// A TOML, YAML or JSON file.
    File,
    /// A figment provider.
    Provider,
    /// A `.env` file.
    Dotenv,
    /// A whole map of secrets.
    SecretMap,
    /// A directory of mounted secrets.
    Mounted,
    /// The file that a `KEY_FILE` names.
    KeyFile,
    /// The environment.
    Environment,
    /// `Loader::set`.
    Override,
    /// A reference that a field names, `from`.
    From,
    /// The `.env.example` that stands beside a schema; nothing is read from it.
    Example,
}

/// One source of a load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceInfo {
    /// What it is.
    pub kind: SourceKind,
    /// How a person calls it: a path as it was given, `the environment`, a reference. Never a value.
    pub name: Cow<'static, str>,
    /// The layer that it belongs to.
    pub layer: Layer,
    /// Whether it was read; sources that were looked for and not there stay listed for the report.
    pub present: bool,
}
