//! Writes files whole or not at all, and compares them with what they should hold.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::input;
use crate::io_reason::reason;

/// How a file compares with what it should hold. It has no `Debug`, which would print what is in the file.
pub(crate) enum State {
    /// The same text.
    Same,
    /// Something else.
    Differs(Zeroizing<Vec<u8>>),
    /// There is no file.
    Absent,
}

/// Compares a file with what it should hold. LF and CRLF are alike, since version control may have changed them.
pub(crate) fn compare(path: &str, wanted: &[u8]) -> Result<State, Failure> {
    Ok(match current(path)? {
        None => State::Absent,
        Some(bytes) if without_cr(&bytes).eq(without_cr(wanted)) => State::Same,
        Some(bytes) => State::Differs(bytes),
    })
}

/// The bytes of a file; `None` when there is none.
pub(crate) fn current(path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        _ => input::read(path).map(Some),
    }
}

/// Writes a file: a new one beside it is filled and takes its place, so that no reader ever sees half of it. The mode of a file that is
/// there is kept, and a link is followed. Nothing is touched when the file already holds these bytes.
pub(crate) fn write(path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        // The link would be replaced, and what it should lead to would stay missing.
        Err(_) if fs::metadata(path).is_err() && fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) => {
            return Err(Failure::incomplete("this link leads to no file")
                .at(path)
                .help("make the file that it leads to, or remove the link"));
        }
        Err(_) => PathBuf::from(path),
    };
    if let Ok(old) = fs::metadata(&target) {
        if old.is_dir() {
            return Err(Failure::incomplete("this is a directory, not a file").at(path).help("name a file"));
        }
        if !old.is_file() {
            // A pipe or a device, such as /dev/stdout, cannot be replaced: what is written goes through it.
            let written = OpenOptions::new().write(true).open(path).and_then(|mut file| file.write_all(bytes));
            return match written {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(cannot_write(path, &error)),
                _ => Ok(()),
            };
        }
        if old.permissions().readonly() {
            return Err(Failure::incomplete("the file is read-only").at(path).help("make it writable, or name another"));
        }
        if old.len() == bytes.len() as u64 && configcheck_files::read(&target, input::LARGEST).is_ok_and(|current| *current.bytes == bytes)
        {
            return Ok(());
        }
    }
    configcheck_files::replace(&target, bytes).map_err(|error| cannot_write(path, &error))
}

/// Makes a folder and those above it.
pub(crate) fn create_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| {
        Failure::incomplete(format!("the folder cannot be made: {}", reason(&error)))
            .at(path.to_string_lossy())
            .help("name a folder that can be written to")
    })
}

/// Removes a file.
pub(crate) fn remove(path: &str) -> Result<(), Failure> {
    fs::remove_file(path).map_err(|error| cannot_write(path, &error))
}

fn cannot_write(path: &str, error: &io::Error) -> Failure {
    let (why, help) = match error.kind() {
        io::ErrorKind::NotFound => ("there is no such folder".to_owned(), "make the folder, or name a file in another one"),
        _ => (reason(error), "see that you may write there, and that there is room"),
    };
    Failure::incomplete(format!("the file cannot be written: {why}")).at(path).help(help)
}

/// The bytes without the CR of each CRLF.
fn without_cr(bytes: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let ends_line = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    (0..bytes.len()).filter(move |at| !ends_line(*at)).map(|at| bytes[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_no_difference() {
        for (one, other, same) in
            [("a\r\nb\n", "a\nb\r\n", true), ("a\r", "a", false), ("a\r\r\n", "a\r\n", false), ("a\n", "a", false), ("", "", true)]
        {
            assert_eq!(without_cr(one.as_bytes()).eq(without_cr(other.as_bytes())), same, "{one:?} {other:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_what_cannot_be_replaced_stays() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
        write(&at("file"), b"one").expect("a new file is written");
        symlink("file", at("link")).expect("a link is made");
        write(&at("link"), b"two").expect("the file behind the link is written");
        assert!(fs::symlink_metadata(at("link")).is_ok_and(|link| link.is_symlink()));
        assert_eq!(fs::read(at("file")).expect("the file is read"), b"two");
        fs::set_permissions(at("file"), fs::Permissions::from_mode(0o440)).expect("the mode is set");
        assert!(write(&at("file"), b"three").expect_err("it is read-only").to_string().contains("the file is read-only"));
        assert!(write(&at("."), b"three").is_err());
        assert!(write(&at("missing/file"), b"three").is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("the folder is read").count(), 2, "nothing is left behind");
    }
}
