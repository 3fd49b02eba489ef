//! Which files are env files: by their names, in a folder or below it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::OverrideBuilder;
use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::failure::Failure;
use crate::project::{Project, SCHEMA_NAMES, absolute, shown};

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

/// Whether a file is every environment's by its name.
pub(crate) fn is_base(path: &str) -> bool {
    Path::new(path).file_name().and_then(|name| name.to_str()).is_some_and(|name| BASE.contains(&name))
}

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
    /// The env files whose paths are not UTF-8.
    pub(super) unnamable: Vec<PathBuf>,
}

/// The files that nobody looks at.
#[derive(Clone, Debug)]
pub(super) struct Excluded {
    root: PathBuf,
    patterns: Gitignore,
}

impl Excluded {
    /// The patterns of a project; they count from the folder of its settings.
    pub(super) fn of(project: &Project) -> Result<Self, Failure> {
        let wrong = || Failure::usage("a pattern of `exclude` is not valid").help("write it as in .gitignore");
        let root = absolute(&project.root);
        let mut patterns = GitignoreBuilder::new("");
        for pattern in &project.file.exclude {
            patterns.add_line(None, pattern).map_err(|_| wrong())?;
        }
        Ok(Self { patterns: patterns.build().map_err(|_| wrong())?, root })
    }

    fn holds(&self, path: &Path, is_folder: bool) -> bool {
        !self.patterns.is_empty()
            && absolute(path)
                .strip_prefix(&self.root)
                .is_ok_and(|inside| self.patterns.matched_path_or_any_parents(inside, is_folder).is_ignore())
    }
}

/// The env files in a folder, not those below it.
pub(super) fn in_folder(folder: &Path, excluded: Excluded) -> Result<Walked, Failure> {
    walk(folder, excluded, Some(1))
}

/// The env files in a folder and below it. What is ignored by git is left out, but for env files themselves, which usually are.
pub(super) fn below(folder: &Path, excluded: Excluded) -> Result<Walked, Failure> {
    walk(folder, excluded, None)
}

fn walk(folder: &Path, excluded: Excluded, depth: Option<usize>) -> Result<Walked, Failure> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut overrides = OverrideBuilder::new(folder);
    let unusable = |_| Failure::incomplete("the folder cannot be looked through").at(shown(folder));
    for glob in [".env", ".env.*", "*.env"].into_iter().chain(SCHEMA_NAMES) {
        overrides.add(glob).map_err(unusable)?;
    }
    let mut walk = WalkBuilder::new(folder);
    walk.hidden(false).overrides(overrides.build().map_err(unusable)?).max_depth(depth).ignore(false).git_global(false);
    walk.filter_entry(move |entry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        !matches!(entry.file_name().to_str(), Some(".git" | "node_modules" | ".venv")) && !excluded.holds(entry.path(), is_folder)
    });
    let mut paths = if depth.is_some() { walk.build().filter_map(|entry| wanted(entry.ok()?)).collect() } else { all_at_once(&walk) };
    paths.sort_unstable();
    let mut walked = Walked::default();
    for path in paths {
        if path.to_str().is_none() {
            walked.unnamable.push(path);
            continue;
        }
        let best = walked.schemas.entry(path.parent().unwrap_or(Path::new("")).to_owned()).or_default();
        match schema_rank(&path) {
            Some(rank) if best.as_deref().and_then(schema_rank).is_none_or(|other| rank < other) => *best = Some(path),
            Some(_) => {}
            None => walked.files.push(path),
        }
    }
    Ok(walked)
}

/// Walks with several threads, which come upon the files in no order.
fn all_at_once(walk: &WalkBuilder) -> Vec<PathBuf> {
    let (sender, receiver) = mpsc::channel();
    walk.build_parallel().run(|| {
        let sender = sender.clone();
        Box::new(move |entry| {
            // What cannot be listed is not an env file that somebody named.
            if let Some(path) = entry.ok().and_then(wanted) {
                // The receiver outlives the walk.
                let _ = sender.send(path);
            }
            WalkState::Continue
        })
    });
    drop(sender);
    receiver.into_iter().collect()
}

/// The path of what a walk came upon, if it is an env file, or a schema whose path can be named.
fn wanted(entry: DirEntry) -> Option<PathBuf> {
    if !entry.file_type().is_some_and(|kind| kind.is_file() || kind.is_symlink()) {
        return None;
    }
    let name = entry.file_name().to_string_lossy();
    let is_schema = SCHEMA_NAMES.contains(&&*name) && entry.path().to_str().is_some();
    if !is_schema && !is_env_file(&name) {
        return None;
    }
    let path = entry.into_path();
    Some(path.strip_prefix(".").map(Path::to_owned).unwrap_or(path))
}

/// The place of a schema's name among those that are looked for; `None` for an env file.
fn schema_rank(path: &Path) -> Option<usize> {
    SCHEMA_NAMES.iter().position(|schema| path.file_name().is_some_and(|name| name == *schema))
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
