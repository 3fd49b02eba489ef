//! Why a file was not read, in clauses that hold neither its path nor its text, and that read well behind a colon.

use std::fmt;
use std::io;

/// Why a file or a directory was not read.
///
/// ```
/// use configcheck_files::{DEFAULT_LIMIT, Refusal};
///
/// let refusal = configcheck_files::read("no/such/file".as_ref(), DEFAULT_LIMIT).unwrap_err();
/// assert_eq!(refusal, Refusal::NotFound);
/// assert_eq!(refusal.to_string(), "there is no file at this path");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Nothing is there, or a symbolic link leads to nothing.
    NotFound,
    /// The process may not read it.
    Denied,
    /// It is a named pipe, which would make its reader wait.
    Fifo,
    /// It is a socket.
    Socket,
    /// It is a device.
    Device,
    /// It is a directory.
    Directory,
    /// It is something else than a file.
    NotAFile,
    /// A directory was expected.
    NotADirectory,
    /// Symbolic links lead in a circle.
    LinkLoop,
    /// The file is larger than this number of bytes.
    TooLarge {
        /// The largest size in bytes that is read.
        limit: u64,
    },
    /// The files of the directory are together larger than this number of bytes.
    DirectoryTooLarge {
        /// The largest size in bytes that is read.
        limit: u64,
    },
    /// The directory has more entries than this.
    TooManyEntries {
        /// The largest number of entries that is looked at.
        limit: usize,
    },
    /// It was replaced or written to again and again while it was read.
    Changed,
    /// The server of a network file system no longer knows it.
    Stale,
    /// The disk or the network below it failed.
    Broken,
    /// The process, or the machine, has as many open files as it may have.
    TooManyOpenFiles,
    /// The operating system gave another reason.
    Failed(io::ErrorKind),
}

impl Refusal {
    /// What to do about it.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::NotFound => "check the path, and whether the file is mounted into this process's file system",
            Self::Denied => "let the user that runs the process read it",
            Self::Fifo | Self::Socket | Self::Device | Self::NotAFile => "put the text into a regular file",
            Self::Directory => "name a file; container engines make a directory in the place of a file that is missing on the host",
            Self::NotADirectory => "check the path: a part of it that should be a directory is a file",
            Self::LinkLoop => "let the symbolic link lead to a file",
            Self::TooLarge { .. } => "check that it is the right file",
            Self::DirectoryTooLarge { .. } | Self::TooManyEntries { .. } => "give the service a directory with its own files only",
            Self::Changed => "write a new file and rename it over the old one, so that readers see one or the other",
            Self::Stale => "mount the network file system again",
            Self::Broken => "look at the disk or the network file system that it is on; not everything in /proc can be read",
            Self::TooManyOpenFiles => "let the process have more open files (ulimit -n, LimitNOFILE), or find out what keeps so many open",
            Self::Failed(_) => "check that the file can be read on this machine",
        }
    }

    /// Whether the same call may well succeed in a moment.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Changed | Self::Stale | Self::TooManyOpenFiles | Self::Failed(_))
    }

    /// The refusal that an error of the operating system means; its text is dropped.
    pub(crate) fn of(error: &io::Error) -> Self {
        #[cfg(unix)]
        match error.raw_os_error() {
            Some(libc::ELOOP) => return Self::LinkLoop,
            Some(libc::EIO) => return Self::Broken,
            Some(libc::EMFILE | libc::ENFILE) => return Self::TooManyOpenFiles,
            _ => {}
        }
        match error.kind() {
            // No file has a name that is none; and that one is too long would tell of a secret that stands for a path how long it is.
            io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename => Self::NotFound,
            io::ErrorKind::PermissionDenied => Self::Denied,
            io::ErrorKind::NotADirectory => Self::NotADirectory,
            io::ErrorKind::IsADirectory => Self::Directory,
            io::ErrorKind::StaleNetworkFileHandle => Self::Stale,
            kind => Self::Failed(kind),
        }
    }
}

/// Whether a path cannot be opened because no file is there, but a socket or a device without a driver.
#[cfg(unix)]
pub(crate) fn is_no_device(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENXIO | libc::ENODEV))
}

#[cfg(not(unix))]
pub(crate) fn is_no_device(_: &io::Error) -> bool {
    false
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "there is no file at this path",
            Self::Denied => "this process may not read the file",
            Self::Fifo => "this is a named pipe, not a file",
            Self::Socket => "this is a socket, not a file",
            Self::Device => "this is a device, not a file",
            Self::Directory => "this is a directory, not a file",
            Self::NotAFile => "this is not a regular file",
            Self::NotADirectory => "this is not a directory",
            Self::LinkLoop => "the symbolic links lead in a circle",
            Self::TooLarge { limit } => return write!(f, "the file is larger than {}", Size(*limit)),
            Self::DirectoryTooLarge { limit } => {
                return write!(f, "the files of the directory are together larger than {}", Size(*limit));
            }
            Self::TooManyEntries { limit } => return write!(f, "the directory has more than {limit} entries"),
            Self::Changed => "the file changed while it was read",
            Self::Stale => "the server of its file system no longer knows the file",
            Self::Broken => "the operating system reports an input/output error",
            Self::TooManyOpenFiles => "too many files are open already",
            Self::Failed(io::ErrorKind::Interrupted) => "reading was interrupted again and again",
            Self::Failed(io::ErrorKind::InvalidInput) => "no file can have this name",
            Self::Failed(io::ErrorKind::OutOfMemory) => "there is not enough memory to read the file",
            Self::Failed(io::ErrorKind::TimedOut) => "the file system did not answer in time",
            Self::Failed(io::ErrorKind::WouldBlock) => "nothing can be read without waiting",
            Self::Failed(io::ErrorKind::ReadOnlyFilesystem) => "the file system is read-only",
            Self::Failed(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => "no space is left",
            Self::Failed(_) => "the operating system did not read the file",
        })
    }
}

impl std::error::Error for Refusal {}

/// A limit, in the largest unit that shows it exactly.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes > 0 && bytes % (1 << 20) == 0 => write!(f, "{} MiB", bytes >> 20),
            bytes if bytes > 0 && bytes % (1 << 10) == 0 => write!(f, "{} KiB", bytes >> 10),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    fn check(refusal: Refusal, message: &str) {
        assert_eq!(refusal.to_string(), message);
        assert!(!refusal.help().ends_with('.') && refusal.help().starts_with(char::is_lowercase));
    }

    #[test]
    fn a_path_that_is_too_long_leads_to_no_file() {
        let refused = |count| crate::read(std::path::Path::new(&format!("/{}", "x".repeat(count))), 1).err();
        assert_eq!(refused(8), Some(Refusal::NotFound));
        assert_eq!(refused(300), Some(Refusal::NotFound));
        assert_eq!(refused(5_000), Some(Refusal::NotFound));
    }

    #[test]
    fn limits_are_shown_in_the_unit_that_fits() {
        check(Refusal::TooLarge { limit: 1 << 20 }, "the file is larger than 1 MiB");
        check(Refusal::TooLarge { limit: 3 << 10 }, "the file is larger than 3 KiB");
        check(Refusal::TooLarge { limit: 1000 }, "the file is larger than 1000 bytes");
        check(Refusal::TooLarge { limit: 0 }, "the file is larger than 0 bytes");
        check(Refusal::DirectoryTooLarge { limit: 16 << 20 }, "the files of the directory are together larger than 16 MiB");
        check(Refusal::TooManyEntries { limit: 10_000 }, "the directory has more than 10000 entries");
    }

    #[test]
    #[cfg(unix)]
    fn numbers_of_the_operating_system_have_their_reasons() {
        let error = std::io::Error::from_raw_os_error;
        assert_eq!(Refusal::of(&error(libc::ELOOP)), Refusal::LinkLoop);
        assert_eq!(Refusal::of(&error(libc::EIO)), Refusal::Broken);
        assert_eq!([libc::EMFILE, libc::ENFILE].map(|number| Refusal::of(&error(number))), [Refusal::TooManyOpenFiles; 2]);
        let no_device = [libc::ENXIO, libc::ENODEV, libc::ENOENT, libc::EACCES];
        assert_eq!(no_device.map(|number| super::is_no_device(&error(number))), [true, true, false, false]);
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let passing = [Refusal::Changed, Refusal::Stale, Refusal::TooManyOpenFiles, Refusal::Failed(std::io::ErrorKind::OutOfMemory)];
        let lasting = [Refusal::NotFound, Refusal::Denied, Refusal::Fifo, Refusal::LinkLoop, Refusal::TooLarge { limit: 1 }];
        assert!(passing.iter().all(Refusal::is_passing) && !lasting.iter().any(Refusal::is_passing));
        assert!(Refusal::Denied.help().contains("read") && Refusal::NotFound.help().contains("path"));
    }
}
