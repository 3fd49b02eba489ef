//! Why the operating system refused something, in plain words without its own text.

use std::io;

/// A clause that reads well behind a colon.
pub(crate) fn reason(error: &io::Error) -> String {
    if is_no_program(error) {
        return "this system cannot run it".to_owned();
    }
    let clause = match error.kind() {
        io::ErrorKind::NotFound => "there is nothing at this path",
        io::ErrorKind::PermissionDenied => "it is not permitted",
        io::ErrorKind::AlreadyExists => "something else is there already",
        io::ErrorKind::NotADirectory => "a part of the path is no folder",
        io::ErrorKind::IsADirectory => "this is a folder",
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidFilename => "this is no name of a file",
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "no space is left",
        kind => return kind.to_string(),
    };
    clause.to_owned()
}

/// Whether a file may be executed and is no program.
fn is_no_program(error: &io::Error) -> bool {
    /// `ENOEXEC`, which has no kind.
    const NO_PROGRAM: i32 = 8;
    cfg!(unix) && error.raw_os_error() == Some(NO_PROGRAM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_it_in_words() {
        let check = |error: io::Error, expected: &str| assert_eq!(reason(&error), expected, "{error:?}");
        check(io::ErrorKind::NotFound.into(), "there is nothing at this path");
        check(io::ErrorKind::StorageFull.into(), "no space is left");
        check(io::ErrorKind::TimedOut.into(), "timed out");
        #[cfg(unix)]
        check(io::Error::from_raw_os_error(8), "this system cannot run it");
    }
}
