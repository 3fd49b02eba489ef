//! Reads the files of a directory of mounted secrets, all from one generation where the directory has generations.

use std::io;
use std::path::{Path, PathBuf};

use crate::file::{ATTEMPTS, Contents, again, as_bytes, read_by};
use crate::refusal::Refusal;
use crate::system::{Kind, SYSTEM, System};

/// How many entries of a directory are looked at.
pub const ENTRY_LIMIT: usize = 10_000;

/// How many bytes are read from the files of one directory together: 16 MiB, or one file's limit where that is larger.
pub const DIRECTORY_LIMIT: u64 = 16 << 20;

/// The link by which Kubernetes switches all files of a volume at once.
const GENERATION_LINK: &str = "..data";

/// The files of a directory by name, each read or refused.
pub type Entries = Vec<(String, Result<Contents, Refusal>)>;

/// Reads those files of a directory whose names are wanted, sorted by name.
///
/// Names that start with a dot or are not UTF-8 are passed over. A wanted name that is not a regular file is there with its refusal.
/// In a Kubernetes volume all files are read from the generation to which `..data` leads; when it is switched meanwhile, all are read
/// again. Directories inside are not entered.
///
/// # Errors
///
/// A [`Refusal`] when the directory itself cannot be read, holds too much, or keeps changing.
pub fn read_directory(path: &Path, limit: u64, wanted: impl Fn(&str) -> bool) -> Result<Entries, Refusal> {
    for _ in 0..ATTEMPTS {
        match attempt(&SYSTEM, path, limit, &wanted) {
            Ok(Some(entries)) => return Ok(entries),
            // The server of a network file system has forgotten the directory that was opened; the path may lead to another by now.
            Ok(None) | Err(Refusal::Stale) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Err(Refusal::Changed)
}

/// Reads the files once; `None` when the generation was switched meanwhile.
fn attempt(system: &impl System, path: &Path, limit: u64, wanted: &impl Fn(&str) -> bool) -> Result<Option<Entries>, Refusal> {
    let seen = again(|| system.look(path)).map_err(|error| Refusal::of(&error))?;
    if seen.kind != Kind::Directory {
        return Err(Refusal::NotADirectory);
    }
    let before = generation(system, path)?;
    let entries = match &before {
        None => read_files(system, path, limit, wanted),
        Some(target) => read_files(system, &path.join(target), limit, wanted),
    };
    // An old generation is removed as soon as the link leads to the new one: whatever went wrong in it does not count.
    if generation(system, path)? == before { entries.map(Some) } else { Ok(None) }
}

/// Where the link of the generation leads; `None` for a directory without one.
fn generation(system: &impl System, path: &Path) -> Result<Option<PathBuf>, Refusal> {
    match again(|| system.link(&path.join(GENERATION_LINK))) {
        Ok(target) => Ok(Some(target)),
        // A copy of a volume has a directory of this name beside its files; it is no link and switches nothing.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidInput) => Ok(None),
        Err(error) => Err(Refusal::of(&error)),
    }
}

fn read_files(system: &impl System, path: &Path, limit: u64, wanted: &impl Fn(&str) -> bool) -> Result<Entries, Refusal> {
    let mut names = names(system, path)?;
    names.retain(|name| wanted(name));
    names.sort_unstable();
    let most = DIRECTORY_LIMIT.max(limit);
    let mut total: u64 = 0;
    let mut entries = Vec::with_capacity(names.len());
    for name in names {
        let contents = read_by(system, &path.join(&name), limit);
        total = total.saturating_add(contents.as_ref().map_or(0, |contents| as_bytes(contents.bytes.len())));
        if total > most {
            return Err(Refusal::DirectoryTooLarge { limit: most });
        }
        entries.push((name, contents));
    }
    Ok(entries)
}

fn names(system: &impl System, path: &Path) -> Result<Vec<String>, Refusal> {
    let mut directory = again(|| system.list(path)).map_err(|error| Refusal::of(&error))?;
    let mut names = Vec::new();
    let mut count = 0;
    while let Some(name) = again(|| system.next(&mut directory).transpose()).map_err(|error| Refusal::of(&error))? {
        if count >= ENTRY_LIMIT {
            return Err(Refusal::TooManyEntries { limit: ENTRY_LIMIT });
        }
        count += 1;
        if let Ok(name) = name.into_string()
            && !name.starts_with('.')
        {
            names.push(name);
        }
    }
    Ok(names)
}
