//! The calls to the operating system, one method for each, so that tests can let any one of them fail.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions, Permissions, ReadDir};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::access::Access;

/// What is asked of the operating system. Everything in this crate asks through it and in no other way.
pub(crate) trait System {
    /// What is at a path; links are followed.
    fn look(&self, path: &Path) -> io::Result<Stat>;
    /// Opens a file for reading, without ever waiting.
    fn open(&self, path: &Path) -> io::Result<File>;
    /// What was opened.
    fn stat(&self, file: &File) -> io::Result<Stat>;
    /// Reads into a buffer.
    fn read(&self, file: &File, buffer: &mut [u8]) -> io::Result<usize>;
    /// Where a symbolic link leads.
    fn link(&self, path: &Path) -> io::Result<PathBuf>;
    /// Opens a directory.
    fn list(&self, path: &Path) -> io::Result<ReadDir>;
    /// The next name of a directory.
    fn next(&self, directory: &mut ReadDir) -> Option<io::Result<OsString>>;
    /// The path without links.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf>;
    /// Makes a file that is not there yet; one that is private nobody else may open.
    fn create(&self, path: &Path, private: bool) -> io::Result<File>;
    /// Marks a file as one that a process is working with; whether no other one was.
    fn lock(&self, file: &File) -> io::Result<bool>;
    /// Gives a file its owner and mode.
    fn assign(&self, file: &File, like: &Stat) -> io::Result<()>;
    /// Writes from a buffer.
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize>;
    /// Waits until the disk has what was written.
    fn sync(&self, file: &File) -> io::Result<()>;
    /// Lets one file take the place of another.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// The operating system itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine;

/// What this program asks: the operating system, unless a test has put faults before it.
#[cfg(not(feature = "faults"))]
pub(crate) const SYSTEM: Machine = Machine;
/// What this program asks: the operating system, unless a test has put faults before it.
#[cfg(feature = "faults")]
pub(crate) const SYSTEM: crate::faults::Faulty = crate::faults::Faulty;

/// What a path or an open file is.
#[derive(Clone, Debug)]
pub(crate) struct Stat {
    pub(crate) kind: Kind,
    pub(crate) size: u64,
    pub(crate) modified: Option<SystemTime>,
    /// What tells it from every other file.
    pub(crate) identity: (u64, u64),
    pub(crate) access: Access,
    pub(crate) group: Option<u32>,
    pub(crate) permissions: Permissions,
}

/// What sort of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Directory,
    Fifo,
    Socket,
    Device,
    Other,
}

impl System for Machine {
    fn look(&self, path: &Path) -> io::Result<Stat> {
        fs::metadata(path).map(|metadata| Stat::of(&metadata))
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            // Without `O_NONBLOCK` a named pipe that takes the place of the file would make us wait for its writer; with `O_NOCTTY` a
            // terminal does not become ours.
            options.custom_flags(libc::O_NONBLOCK | libc::O_CLOEXEC | libc::O_NOCTTY);
        }
        options.open(path)
    }

    fn stat(&self, file: &File) -> io::Result<Stat> {
        file.metadata().map(|metadata| Stat::of(&metadata))
    }

    fn read(&self, mut file: &File, buffer: &mut [u8]) -> io::Result<usize> {
        file.read(buffer)
    }

    fn link(&self, path: &Path) -> io::Result<PathBuf> {
        fs::read_link(path)
    }

    fn list(&self, path: &Path) -> io::Result<ReadDir> {
        fs::read_dir(path)
    }

    fn next(&self, directory: &mut ReadDir) -> Option<io::Result<OsString>> {
        directory.next().map(|entry| entry.map(|entry| entry.file_name()))
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn create(&self, path: &Path, private: bool) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if private {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        #[cfg(not(unix))]
        let _ = private;
        options.open(path)
    }

    fn lock(&self, file: &File) -> io::Result<bool> {
        match file.try_lock() {
            Ok(()) => Ok(true),
            Err(fs::TryLockError::WouldBlock) => Ok(false),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    fn assign(&self, file: &File, like: &Stat) -> io::Result<()> {
        #[cfg(unix)]
        if Self.stat(file).is_ok_and(|new| (new.access.owner, new.group) != (like.access.owner, like.group)) {
            // Only the superuser may give a file away. For anybody else the new file is theirs, as with every editor.
            let _ = std::os::unix::fs::fchown(file, like.access.owner, like.group);
        }
        file.set_permissions(like.permissions.clone())
    }

    fn write(&self, mut file: &File, bytes: &[u8]) -> io::Result<usize> {
        file.write(bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

impl Stat {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            kind: Kind::of(metadata),
            size: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            identity: (metadata.dev(), metadata.ino()),
            #[cfg(not(unix))]
            identity: (created(metadata), metadata.len()),
            #[cfg(unix)]
            access: Access { mode: Some(metadata.mode() & 0o7777), owner: Some(metadata.uid()), links: Some(metadata.nlink()) },
            #[cfg(not(unix))]
            access: Access::default(),
            #[cfg(unix)]
            group: Some(metadata.gid()),
            #[cfg(not(unix))]
            group: None,
            permissions: metadata.permissions(),
        }
    }
}

/// When a file was made, which tells it from others where there are no numbers of files.
#[cfg(not(unix))]
fn created(metadata: &Metadata) -> u64 {
    let since = metadata.created().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos() as u64)
}

impl Kind {
    fn of(metadata: &Metadata) -> Self {
        let kind = metadata.file_type();
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt;
            if kind.is_fifo() {
                return Self::Fifo;
            }
            if kind.is_socket() {
                return Self::Socket;
            }
            if kind.is_char_device() || kind.is_block_device() {
                return Self::Device;
            }
        }
        if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Directory
        } else {
            Self::Other
        }
    }
}
