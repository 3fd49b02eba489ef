//! Config files: bytes to [`Node`]s, which are text with places and not yet of any type.
//!
//! This is the only file that names the formats' features. Nothing here guesses what a text means, and no error holds text of the file
//! or a parser's own words.

use std::path::Path;

mod json;
mod node;

#[cfg(feature = "toml")]
mod toml;
#[cfg(feature = "yaml")]
mod yaml;

pub(crate) use node::{FormatError, Node, NodeKind};

use node::Source;

/// A format of config files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Toml,
    Yaml,
    Json,
}

impl Format {
    /// The format that the extension of a path says, in whatever case.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        let is = |name: &str| extension.eq_ignore_ascii_case(name);
        if is("toml") {
            Some(Self::Toml)
        } else if is("yaml") || is("yml") {
            Some(Self::Yaml)
        } else if is("json") {
            Some(Self::Json)
        } else {
            None
        }
    }

    /// Name of the format, and of the feature that reads it; JSON needs none.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Yaml => "yaml",
            Self::Json => "json",
        }
    }

    /// Whether the feature that reads the format is on.
    pub(crate) const fn is_available(self) -> bool {
        match self {
            Self::Toml => cfg!(feature = "toml"),
            Self::Yaml => cfg!(feature = "yaml"),
            Self::Json => true,
        }
    }
}

/// Reads a file. An empty one is an empty table; in JSON and YAML the root may be something else than a table.
pub(crate) fn parse(format: Format, bytes: &[u8]) -> Result<Node, FormatError> {
    if !format.is_available() {
        return Err(NOT_AVAILABLE);
    }
    let mut source = Source::new(bytes)?;
    if source.text().bytes().all(|byte| byte.is_ascii_whitespace()) {
        return Ok(source.empty_table());
    }
    match format {
        Format::Json => json::read(&mut source),
        #[cfg(feature = "toml")]
        Format::Toml => toml::read(&mut source),
        #[cfg(feature = "yaml")]
        Format::Yaml => yaml::read(&mut source),
        #[cfg(not(all(feature = "toml", feature = "yaml")))]
        _ => Err(NOT_AVAILABLE),
    }
}

const NOT_AVAILABLE: FormatError = FormatError { line: 1, column: 1, message: "the feature that reads this format is not turned on" };

#[cfg(test)]
mod tests;
