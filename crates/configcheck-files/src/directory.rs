//! Reads the files of a directory of mounted secrets, all from one generation where the directory has generations.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::file::{self, ATTEMPTS, Contents, as_bytes};
use crate::refusal::Refusal;

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
    let metadata = fs::metadata(path).map_err(|error| Refusal::of(&error))?;
    if !metadata.is_dir() {
        return Err(Refusal::NotADirectory);
    }
    for _ in 0..ATTEMPTS {
        let before = generation(path)?;
        let entries = match &before {
            None => read_files(path, limit, &wanted),
            Some(target) => read_files(&path.join(target), limit, &wanted),
        };
        // An old generation is removed as soon as the link leads to the new one: whatever went wrong in it does not count.
        if generation(path)? == before {
            return entries;
        }
    }
    Err(Refusal::Changed)
}

/// Where the link of the generation leads; `None` for a directory without one.
fn generation(path: &Path) -> Result<Option<PathBuf>, Refusal> {
    match fs::read_link(path.join(GENERATION_LINK)) {
        Ok(target) => Ok(Some(target)),
        // A copy of a volume has a directory of this name beside its files; it is no link and switches nothing.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidInput) => Ok(None),
        Err(error) => Err(Refusal::of(&error)),
    }
}

fn read_files(path: &Path, limit: u64, wanted: &impl Fn(&str) -> bool) -> Result<Entries, Refusal> {
    let mut names = names(path)?;
    names.retain(|name| wanted(name));
    names.sort_unstable();
    let most = DIRECTORY_LIMIT.max(limit);
    let mut total: u64 = 0;
    let mut entries = Vec::with_capacity(names.len());
    for name in names {
        let contents = file::read(&path.join(&name), limit);
        total = total.saturating_add(contents.as_ref().map_or(0, |contents| as_bytes(contents.bytes.len())));
        if total > most {
            return Err(Refusal::DirectoryTooLarge { limit: most });
        }
        entries.push((name, contents));
    }
    Ok(entries)
}

fn names(path: &Path) -> Result<Vec<String>, Refusal> {
    let mut names = Vec::new();
    for (count, entry) in fs::read_dir(path).map_err(|error| Refusal::of(&error))?.enumerate() {
        if count >= ENTRY_LIMIT {
            return Err(Refusal::TooManyEntries { limit: ENTRY_LIMIT });
        }
        let entry = entry.map_err(|error| Refusal::of(&error))?;
        if let Ok(name) = entry.file_name().into_string()
            && !name.starts_with('.')
        {
            names.push(name);
        }
    }
    Ok(names)
}
