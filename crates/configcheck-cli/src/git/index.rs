//! Reads git's own list of the files under version control, since that takes a tenth of the time in which git starts.
//!
//! Only the common form is read; of every other one the answer is `None`, and git is asked.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::process_environment::ProcessEnvironment;

/// The largest index that is read here.
const LARGEST: u64 = 64 << 20;

/// What stands before the path of an entry: times, numbers, a hash of 20 bytes and the flags.
const ENTRY: usize = 62;

/// The hash at the end.
const CHECKSUM: usize = 20;

/// The flag of an entry with more flags, and the bits of the path's length, which says no more than its highest number.
const EXTENDED: u16 = 0x4000;
const LENGTH: u16 = 0x0FFF;

/// Those of the paths that the index of a repository holds.
pub(super) fn tracked(root: &Path, wanted: &BTreeSet<&[u8]>) -> Option<BTreeSet<Vec<u8>>> {
    if ProcessEnvironment::names_git_index() {
        return None;
    }
    let contents = configcheck_files::read(&folder_of_git(root)?.join("index"), LARGEST).ok()?;
    held(&contents.bytes, wanted)
}

/// `.git`, or the folder that it names where it is a file, as in a worktree.
fn folder_of_git(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let contents = configcheck_files::read(&git, 4096).ok()?;
    let text = std::str::from_utf8(&contents.bytes).ok()?;
    Some(root.join(text.strip_prefix("gitdir: ")?.trim_end_matches(['\r', '\n'])))
}

/// Those of the paths that an index holds. An index with hashes of another length fails at the length of a path.
fn held(bytes: &[u8], wanted: &BTreeSet<&[u8]>) -> Option<BTreeSet<Vec<u8>>> {
    let (header, mut rest) = bytes.strip_prefix(b"DIRC")?.split_at_checked(8)?;
    let version = number(header)?;
    if !matches!(version, 2 | 3) {
        return None;
    }
    let mut found = BTreeSet::new();
    for _ in 0..number(&header[4..])? {
        let flags = u16::from_be_bytes(rest.get(ENTRY - 2..ENTRY)?.try_into().ok()?);
        let start = if flags & EXTENDED == 0 { ENTRY } else { ENTRY + 2 };
        let path = rest.get(start..)?;
        let path = &path[..path.iter().position(|byte| *byte == 0)?];
        let length = path.len().min(usize::from(LENGTH));
        if path.is_empty() || length != usize::from(flags & LENGTH) {
            return None;
        }
        if wanted.contains(path) {
            found.insert(path.to_vec());
        }
        // One to eight zeros end an entry at a multiple of eight.
        let end = (start + path.len() + 8) & !7;
        if rest.get(start + path.len()..end)?.iter().any(|byte| *byte != 0) {
            return None;
        }
        rest = &rest[end..];
    }
    has_only_additions(rest).then_some(found)
}

/// Whether what follows the entries can be passed over: parts whose names begin with a capital letter, as git lays down.
fn has_only_additions(mut rest: &[u8]) -> bool {
    while rest.len() > CHECKSUM {
        let after = rest.get(4..).and_then(number).and_then(|size| rest.get(8 + usize::try_from(size).ok()?..));
        match after {
            Some(after) if rest[0].is_ascii_uppercase() => rest = after,
            _ => return false,
        }
    }
    rest.len() == CHECKSUM
}

fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop")]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;

    const PATHS: [&str; 4] = [".env", "deploy/.env.production", "deploy/.env.local", "not-added.env"];

    fn git(folder: &Path, arguments: &[&str]) {
        let mut command = Command::new("git");
        let names = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"];
        let output = command.arg("-C").arg(folder).args(names).args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Makes a repository, lets git do something with it and reads its index.
    fn check(init: &[&str], then: &[&[&str]], expected: Option<&[&str]>) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("deploy")).unwrap();
        for path in PATHS {
            fs::write(folder.path().join(path), "KEY=not-a-real-secret\n").unwrap();
        }
        git(folder.path(), &[&["init", "-q"], init].concat());
        git(folder.path(), &["add", "-f", PATHS[0], PATHS[1]]);
        for arguments in then {
            git(folder.path(), arguments);
        }
        let wanted: BTreeSet<&[u8]> = PATHS.iter().map(|path| path.as_bytes()).collect();
        let expected = expected.map(|paths| paths.iter().map(|path| path.as_bytes().to_vec()).collect::<BTreeSet<_>>());
        assert_eq!(tracked(folder.path(), &wanted), expected, "init {init:?}, then {then:?}");
    }

    #[test]
    fn reads_the_common_form_and_leaves_the_others_to_git() {
        let added = &PATHS[..2];
        check(&[], &[], Some(added));
        check(&[], &[&["commit", "-qm", "a"], &["status"]], Some(added));
        // Version 3, since an entry has more flags.
        check(&[], &[&["add", "-N", "-f", PATHS[2]]], Some(&PATHS[..3]));
        check(&[], &[&["rm", "-q", "--cached", PATHS[0]]], Some(&PATHS[1..2]));
        check(&[], &[&["update-index", "--index-version", "4"]], None);
        check(&[], &[&["update-index", "--split-index"]], None);
        check(&["--object-format=sha256"], &[], None);
    }

    #[test]
    fn finds_the_index_of_a_worktree() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        fs::create_dir(&first).unwrap();
        git(&first, &["init", "-q"]);
        git(&first, &["commit", "-q", "--allow-empty", "-m", "a"]);
        git(&first, &["worktree", "add", "-q", "../second"]);
        fs::write(second.join(".env"), "").unwrap();
        git(&second, &["add", "-f", ".env"]);
        let wanted = BTreeSet::from([&b".env"[..]]);
        assert_eq!(tracked(&second, &wanted), Some(BTreeSet::from([b".env".to_vec()])));
    }

    #[test]
    fn an_index_that_is_cut_short_is_left_to_git() {
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "-q"]);
        fs::write(folder.path().join(".env"), "").unwrap();
        git(folder.path(), &["add", "-f", ".env"]);
        let whole = fs::read(folder.path().join(".git/index")).unwrap();
        let wanted = BTreeSet::from([&b".env"[..]]);
        assert!(held(&whole, &wanted).is_some());
        for length in 0..whole.len() {
            assert_eq!(held(&whole[..length], &wanted), None, "{length} bytes");
        }
    }
}
