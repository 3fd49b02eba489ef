//! The project that a run finds: its files and variables, and what a place changes of them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;
use std::process::Command;

/// The schema of the service: a key of each kind that a secret may meet.
const SCHEMA: &str = include_str!("shop.schema.json");

/// The example beside it.
const EXAMPLE: &str =
    "# @required\nAPP_ENV=development\n\n# @required @type=port\nPORT=8080\n\n# The key of the API.\n# @required @sensitive\nAPI_KEY=\n";

/// A service that prints what it should not, on both streams.
const SERVICE: &str = "cat service.txt >&2; cat service.txt; exit 3\n";

/// The project that a run finds.
#[derive(Clone)]
pub(crate) struct Scene {
    files: BTreeMap<&'static str, Vec<u8>>,
    variables: Vec<(&'static str, OsString)>,
    pub(crate) stdin: Vec<u8>,
    tracked: bool,
}

impl Scene {
    /// A project in which little is wrong.
    pub(crate) fn usual() -> Self {
        let files = [
            ("config.schema.json", SCHEMA),
            (".env", "APP_ENV=development\nPORT=8080\nPLAIN=text\n"),
            (".env.staging", "APP_ENV=staging\nLEVEL=info\n"),
            (".env.production", "APP_ENV=production\nLEVEL=warn\nAPI_KEY=file:/run/secrets/api\n"),
            (".env.example", EXAMPLE),
            ("page.md", "# Ours\n<!-- configcheck:begin -->\n<!-- configcheck:end -->\n"),
            ("committed.json", "{}\n"),
            ("baseline.json", "{\"format\": \"configcheck-baseline/v1\", \"findings\": []}\n"),
            ("service.sh", SERVICE),
            ("service.txt", "no schema\n"),
        ];
        let files = files.into_iter().map(|(name, text)| (name, text.as_bytes().to_vec())).collect();
        Self { files, variables: Vec::new(), stdin: Vec::new(), tracked: false }
    }

    /// Puts a file in the place of another.
    pub(crate) fn file(mut self, name: &'static str, parts: &[&[u8]]) -> Self {
        self.files.insert(name, parts.concat());
        self
    }

    /// Adds to a file.
    pub(crate) fn append(mut self, name: &'static str, parts: &[&[u8]]) -> Self {
        self.files.entry(name).or_default().extend(parts.concat());
        self
    }

    /// Puts bytes in the place of a word of the schema.
    pub(crate) fn in_schema(mut self, word: &str, bytes: &[u8]) -> Self {
        let schema = String::from_utf8(self.files["config.schema.json"].clone()).unwrap();
        let (before, behind) = schema.split_once(word).expect("the word is in the schema");
        self.files.insert("config.schema.json", [before.as_bytes(), bytes, behind.as_bytes()].concat());
        self
    }

    /// Takes a file away.
    pub(crate) fn without(mut self, name: &str) -> Self {
        assert!(self.files.remove(name).is_some(), "{name} is no file");
        self
    }

    /// Sets a variable; it cannot hold a NUL, and ends before one.
    pub(crate) fn variable(mut self, name: &'static str, value: &[u8]) -> Self {
        let end = value.iter().position(|byte| *byte == 0).unwrap_or(value.len());
        self.variables.push((name, OsString::from_vec(value[..end].to_vec())));
        self
    }

    /// Gives something to standard input.
    pub(crate) fn stdin(mut self, parts: &[&[u8]]) -> Self {
        self.stdin = parts.concat();
        self
    }

    /// Puts all files under version control.
    pub(crate) fn tracked(mut self) -> Self {
        self.tracked = true;
        self
    }

    /// Writes the files into a folder that is emptied first.
    pub(crate) fn write(&self, folder: &Path) {
        if folder.exists() {
            std::fs::remove_dir_all(folder).unwrap();
        }
        std::fs::create_dir(folder).unwrap();
        for (name, bytes) in &self.files {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
        if self.tracked {
            for arguments in [&["init", "-q"][..], &["add", "."]] {
                let status = Command::new("git").current_dir(folder).args(arguments).env("GIT_CONFIG_NOSYSTEM", "1").status().unwrap();
                assert!(status.success());
            }
        }
    }

    /// The variables of the process, besides those of every run.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&'static str, OsString)> + '_ {
        self.variables.iter().cloned()
    }

    /// What a file held before the run.
    pub(crate) fn before(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }
}
