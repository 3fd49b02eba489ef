//! Why the operating system refused something, in plain words without its own text.

use std::io;

/// A clause that reads well behind a colon.
pub(crate) fn reason(error: &io::Error) -> String {
    if is_no_program(error) {
        return "this system cannot run it".to_owned();
    }
    if let Some(clause) = of_number(error) {
        return clause.to_owned();
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
        io::ErrorKind::FileTooLarge => "the file would be larger than files may be here",
        io::ErrorKind::StaleNetworkFileHandle => "the server of the file system no longer knows it",
        io::ErrorKind::WriteZero => "nothing more can be written to it",
        kind => return kind.to_string(),
    };
    clause.to_owned()
}

/// What the numbers mean that have no kind; they are the same on every Unix.
fn of_number(error: &io::Error) -> Option<&'static str> {
    const IO: i32 = 5;
    const TOO_MANY_OPEN_ON_MACHINE: i32 = 23;
    const TOO_MANY_OPEN: i32 = 24;
    match error.raw_os_error()? {
        _ if !cfg!(unix) => None,
        IO => Some("the operating system reports an input/output error"),
        TOO_MANY_OPEN | TOO_MANY_OPEN_ON_MACHINE => Some("too many files are open already"),
        _ => None,
    }
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
        for (number, expected) in [
            (8, "this system cannot run it"),
            (5, "the operating system reports an input/output error"),
            (23, "too many files are open already"),
            (24, "too many files are open already"),
            (27, "the file would be larger than files may be here"),
            (28, "no space is left"),
            (30, "the file system is read-only"),
        ] {
            check(io::Error::from_raw_os_error(number), expected);
        }
    }
}
