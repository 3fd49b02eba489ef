//! Writes a file whole or not at all.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::file::again;
use crate::system::{Kind, SYSTEM, Stat, System};

/// How many names are tried for the new file.
const NAMES: u8 = 100;

/// Writes a file: a new one beside it is filled and takes its place, so that no reader ever sees half of it, whenever the process ends.
///
/// The mode of a file that is there is kept, its owner too where that is permitted. Links are followed. A new file that an earlier writer
/// of the same file has left behind, because it was killed, is removed; one that a writer is still at work with stays.
///
/// # Errors
///
/// What the operating system says. The file then holds what it held before.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let system = &SYSTEM;
    let (target, old) = match again(|| system.resolve(path)) {
        // One that goes away between the two calls is no new file: its mode would be lost.
        Ok(target) => {
            let old = again(|| system.look(&target))?;
            (target, Some(old))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => match again(|| system.look(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => (path.to_owned(), None),
            _ => return Err(error),
        },
        Err(error) => return Err(error),
    };
    if old.as_ref().is_some_and(|old| old.kind == Kind::Directory) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    remove_abandoned(system, &target, name);
    let (file, beside) = create_beside(system, &target, name, old.is_some())?;
    let filled = fill(system, &file, bytes, old.as_ref());
    let result = filled.and_then(|()| again(|| system.rename(&beside, &target)));
    if result.is_err() {
        // What failed is said; that the half file could not be removed either adds nothing, and the next writer removes it.
        let _ = again(|| system.remove(&beside));
    }
    // The lock is held to the end.
    drop(file);
    result
}

fn fill(system: &impl System, file: &File, mut bytes: &[u8], old: Option<&Stat>) -> io::Result<()> {
    while !bytes.is_empty() {
        match again(|| system.write(file, bytes))? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            count => bytes = &bytes[count..],
        }
    }
    if let Some(old) = old {
        again(|| system.assign(file, old))?;
    }
    again(|| system.sync(file))
}

/// A new file in the folder of the target, under a name that nobody has, and locked, so that others see that it is in use.
fn create_beside(system: &impl System, target: &Path, name: &OsStr, private: bool) -> io::Result<(File, PathBuf)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    for _ in 0..NAMES {
        let mut beside = beginning(name);
        beside.push(format!("{}.{}{END}", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
        let beside = target.with_file_name(beside);
        let file = match again(|| system.create(&beside, private)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        };
        // Where a file system has no locks, nobody removes what others left behind either.
        let is_ours = again(|| system.lock(&file)).unwrap_or(true);
        // Another writer may have taken it for abandoned between the two calls: then it has no name any more, or soon has none.
        if is_ours && again(|| system.stat(&file)).map_or(true, |stat| stat.access.links != Some(0)) {
            return Ok((file, beside));
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Removes new files of this target whose writers are gone. What cannot be looked at stays.
fn remove_abandoned(system: &impl System, target: &Path, name: &OsStr) {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let Ok(mut directory) = again(|| system.list(folder)) else { return };
    let beginning = beginning(name);
    while let Some(Ok(found)) = system.next(&mut directory) {
        if !is_new_file(&found, &beginning) {
            continue;
        }
        let path = folder.join(&found);
        let Ok(seen) = again(|| system.look(&path)) else { continue };
        if seen.kind == Kind::File
            && let Ok(file) = again(|| system.open(&path))
            && again(|| system.lock(&file)).unwrap_or(false)
            // While the lock is ours, nobody else gives this name to another file.
            && is_at(system, &file, &path)
        {
            let _ = again(|| system.remove(&path));
        }
    }
}

/// Whether an open file is still the one at a path.
fn is_at(system: &impl System, file: &File, path: &Path) -> bool {
    let open = again(|| system.stat(file));
    open.is_ok_and(|open| again(|| system.look(path)).is_ok_and(|found| found.identity == open.identity))
}

/// How the names of the new files of a target begin.
fn beginning(name: &OsStr) -> OsString {
    let mut beginning = OsString::from(".");
    beginning.push(name);
    beginning.push(".");
    beginning
}

/// How the names of all new files end.
const END: &str = ".tmp";

/// Whether it is `.NAME.PROCESS.NUMBER.tmp`.
fn is_new_file(found: &OsStr, beginning: &OsStr) -> bool {
    let rest = found.as_encoded_bytes().strip_prefix(beginning.as_encoded_bytes());
    let numbers = rest.and_then(|rest| rest.strip_suffix(END.as_bytes()));
    numbers.is_some_and(|numbers| {
        let parts: Vec<&[u8]> = numbers.split(|byte| *byte == b'.').collect();
        parts.len() == 2 && parts.iter().all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit))
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::fs;

    use super::{beginning, is_new_file, replace};

    #[test]
    fn only_our_own_new_files_of_this_target_are_looked_at() {
        let check =
            |found: &str, expected| assert_eq!(is_new_file(OsStr::new(found), &beginning(OsStr::new("a.toml"))), expected, "{found}");
        check(".a.toml.17.0.tmp", true);
        for other in
            ["a.toml", ".a.toml", ".a.toml.tmp", ".a.toml.17.tmp", ".a.toml.17.0", ".a.toml.x.0.tmp", ".b.toml.17.0.tmp", ".a.toml..0.tmp"]
        {
            check(other, false);
        }
    }

    #[test]
    fn what_a_killed_writer_left_is_removed_and_what_a_living_one_has_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at(".file.1.0.tmp"), "half").expect("a file is written");
        let living = fs::File::create(at(".file.1.1.tmp")).expect("a file is made");
        living.try_lock().expect("nobody else has it");
        fs::write(at(".file.mine.tmp"), "kept").expect("a file is written");
        replace(&at("file"), b"whole").expect("the file is written");
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).expect("the folder is read").map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        assert_eq!(names, [".file.1.1.tmp", ".file.mine.tmp", "file"]);
    }
}
