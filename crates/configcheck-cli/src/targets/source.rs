//! What `--from` names: a kind, and a path for the kinds that are files.

use crate::failure::Failure;

/// A source of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// An env file, `-` or `git:REV:PATH`.
    Dotenv(String),
    /// The environment of this process.
    ProcessEnvironment,
}

impl Source {
    /// Reads `dotenv:FILE` or `env`.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        match text.split_once(':') {
            None if text == "env" => Ok(Self::ProcessEnvironment),
            Some(("dotenv", path)) if !path.is_empty() => Ok(Self::Dotenv(path.to_owned())),
            _ => Err(Failure::usage("this is no source that --from knows")
                .at("--from")
                .help("write dotenv:FILE, or env for the environment of this process")),
        }
    }
}
