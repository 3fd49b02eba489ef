//! Which files are env files: by their names, in a folder or below it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ignore::overrides::OverrideBuilder;

use crate::failure::Failure;
use crate::project::SCHEMA_NAMES;

/// What stands behind the last dot of a file that shows how an env file looks and is none.
const EXAMPLES: [&str; 7] = ["example", "sample", "template", "tmpl", "dist", "schema", "defaults"];

/// What stands behind the last dot of a file that belongs to another tool.
const FOREIGN: [&str; 7] = ["vault", "keys", "enc", "age", "bak", "orig", "swp"];

/// Whether a file is an env file by its name: `.env`, `.env.production`, `production.env`.
pub(crate) fn is_env_file(name: &str) -> bool {
    let is_named = name == ".env" || name.starts_with(".env.") || name.strip_suffix(".env").is_some_and(|stem| !stem.ends_with('.'));
    is_named && !is_example(name) && !name.split('.').any(|word| FOREIGN.contains(&word)) && !name.ends_with('~')
}

/// Whether a file shows how an env file looks: `.env.example`, `env.sample`, `.env.production.example`.
pub(crate) fn is_example(name: &str) -> bool {
    let words = || name.split(['.', '-', '_']).filter(|word| !word.is_empty());
    words().any(|word| word == "env") && words().any(|word| EXAMPLES.contains(&word))
}

/// The names of an environment's files in one folder, lowest layer first, as a load reads them.
pub(crate) fn layered(environment: &str) -> Vec<String> {
    vec![".env".to_owned(), format!(".env.{environment}"), ".env.local".to_owned(), format!(".env.{environment}.local")]
}

/// The names of the files that every environment has, lowest layer first.
pub(super) const BASE: [&str; 2] = [".env", ".env.local"];

/// The place of a file among those of its environment.
pub(super) fn layer(path: &Path) -> u8 {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    match (&*name, name.ends_with(".local")) {
        (".env", _) => 0,
        (".env.local", _) => 2,
        (_, false) => 1,
        (_, true) => 3,
    }
}

/// What a walk came upon.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// The env files, by path.
    pub(super) files: Vec<PathBuf>,
    /// The schema in each folder that holds env files, as far as there is one.
    pub(super) schemas: HashMap<PathBuf, Option<PathBuf>>,
}

/// The env files in a folder, not those below it.
pub(super) fn in_folder(folder: &Path) -> Result<Walked, Failure> {
    walk(folder, &[], Some(1))
}

/// The env files in a folder and below it. What is ignored by git is left out, but for env files themselves, which usually are.
pub(super) fn below(folder: &Path, excluded: &[String]) -> Result<Walked, Failure> {
    walk(folder, excluded, None)
}

fn walk(folder: &Path, excluded: &[String], depth: Option<usize>) -> Result<Walked, Failure> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut overrides = OverrideBuilder::new(folder);
    let globs = [".env", ".env.*", "*.env"].into_iter().chain(SCHEMA_NAMES).map(ToOwned::to_owned);
    for glob in globs.chain(excluded.iter().map(|glob| format!("!{glob}"))) {
        overrides.add(&glob).map_err(|_| Failure::usage("a pattern of `exclude` is not valid").help("write it as in .gitignore"))?;
    }
    let overrides = overrides.build().map_err(|_| Failure::usage("the patterns of `exclude` are not valid"))?;
    let mut walk = WalkBuilder::new(folder);
    walk.hidden(false).overrides(overrides).max_depth(depth).ignore(false).git_global(false);
    walk.filter_entry(|entry| !matches!(entry.file_name().to_str(), Some(".git" | "node_modules" | ".venv")));
    walk.sort_by_file_path(Path::cmp);
    let mut walked = Walked::default();
    for entry in walk.build() {
        // What cannot be listed is not an env file that somebody named.
        let Ok(entry) = entry else { continue };
        let Some(name) = entry.file_name().to_str() else { continue };
        if !entry.file_type().is_some_and(|kind| kind.is_file() || kind.is_symlink()) {
            continue;
        }
        let path = entry.path().strip_prefix(".").unwrap_or(entry.path());
        let folder = path.parent().unwrap_or(Path::new(""));
        if let Some(rank) = SCHEMA_NAMES.iter().position(|schema| *schema == name) {
            let best = walked.schemas.entry(folder.to_owned()).or_default();
            let rank_of = |path: &PathBuf| SCHEMA_NAMES.iter().position(|schema| path.ends_with(schema));
            if best.as_ref().and_then(rank_of).is_none_or(|other| rank < other) {
                *best = Some(path.to_owned());
            }
        } else if is_env_file(name) {
            walked.schemas.entry(folder.to_owned()).or_default();
            walked.files.push(path.to_owned());
        }
    }
    Ok(walked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_env_files_by_their_names() {
        for name in [".env", ".env.production", ".env.local", "production.env", ".env.production.local", "db.env"] {
            assert!(is_env_file(name), "{name}");
        }
        for name in [
            ".env.example",
            ".env.production.sample",
            "env.example",
            ".environment",
            ".envrc",
            "x.environ",
            ".env.vault",
            ".env~",
            ".env.keys",
        ] {
            assert!(!is_env_file(name), "{name}");
        }
        for name in [".env.example", "env.example", ".env.sample", "env-example", ".env.dist", "example.env"] {
            assert!(is_example(name), "{name}");
        }
        assert!(!is_example(".env"));
    }
}
