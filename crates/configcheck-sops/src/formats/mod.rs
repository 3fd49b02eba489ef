//! The formats that sops writes, and which of them a file is in.

use std::path::Path;

use crate::document::{Entry, TextProblem};

mod dotenv;
mod ini;
mod json;
mod yaml;

/// The format of an encrypted file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Yaml,
    Json,
    Dotenv,
    Ini,
    /// One value, in JSON under the key `data`.
    Binary,
}

impl Format {
    /// The format by the end of the file's name, as sops chooses it; by the text where the name says nothing, since sops can be told.
    pub(crate) fn of(path: &Path, text: &str) -> Self {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match name.rsplit_once('.').map(|(_, end)| end) {
            Some("yaml" | "yml") => Self::Yaml,
            Some("json") => Self::Json,
            Some("env") => Self::Dotenv,
            Some("ini") => Self::Ini,
            _ if text.trim_start().starts_with('{') => Self::Binary,
            _ if text.lines().any(|line| line.starts_with("sops_mac=")) => Self::Dotenv,
            _ if text.lines().any(|line| line.trim_end() == "[sops]") => Self::Ini,
            _ => Self::Yaml,
        }
    }

    /// The keys and values of a file, those of sops' own among them.
    pub(crate) fn read(self, text: &str) -> Result<Vec<Entry>, TextProblem> {
        match self {
            Self::Yaml => yaml::read(text),
            Self::Json | Self::Binary => json::read(text),
            Self::Dotenv => dotenv::read(text),
            Self::Ini => ini::read(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::Format;

    #[test]
    fn the_name_says_the_format_and_the_text_where_it_does_not() {
        let check = |name: &str, text: &str, expected| assert_eq!(Format::of(Path::new(name), text), expected, "{name}");
        check("secrets.enc.yaml", "{}", Format::Yaml);
        check("a/secrets.yml", "", Format::Yaml);
        check("secrets.json", "", Format::Json);
        check(".env", "", Format::Dotenv);
        check("secrets.env", "", Format::Dotenv);
        check("app.ini", "", Format::Ini);
        check("tls.key", "{\n", Format::Binary);
        check(".env.enc", "A=1\nsops_mac=ENC\n", Format::Dotenv);
        check("app.ini.enc", "[a]\n[sops]\n", Format::Ini);
        check("secrets.yaml.enc", "a: 1\nsops:\n", Format::Yaml);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        #[test]
        fn no_text_makes_a_reader_panic(text in "[\\PC\n\t\"'`{}\\[\\],:=#\\\\!&*-]{0,200}") {
            for format in [Format::Yaml, Format::Json, Format::Dotenv, Format::Ini] {
                let lines = text.lines().count() + 1;
                if let Err(problem) = format.read(&text) {
                    prop_assert!((1..=lines + 1).contains(&problem.line), "{problem:?}");
                }
            }
        }
    }
}
