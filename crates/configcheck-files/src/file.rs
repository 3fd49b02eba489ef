//! Reads one file: a look before it is opened, a second look at what was opened, and a third at what was read.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::refusal::Refusal;

/// The size in bytes up to which a file is read unless the caller says otherwise: 1 MiB.
pub const DEFAULT_LIMIT: u64 = 1 << 20;

/// How often a file that changes under its reader is read anew.
pub(crate) const ATTEMPTS: u32 = 5;

/// Room for the first piece of a file that does not say its size, as those in `/proc`.
const FIRST_PIECE: u64 = 4096;

/// The bytes of a file and who may reach them.
pub struct Contents {
    /// The bytes, overwritten when they are dropped.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Who may reach them.
    pub access: Access,
}

impl fmt::Debug for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contents").field("access", &self.access).finish_non_exhaustive()
    }
}

/// Who may reach a file, as far as the operating system says; each is `None` where there is no such notion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// The permission bits, such as `0o640`.
    pub mode: Option<u32>,
    /// Number of the user that owns the file.
    pub owner: Option<u32>,
    /// How many names the file has.
    pub links: Option<u64>,
}

impl Access {
    /// Whether every user of the machine may read the file.
    pub const fn is_world_readable(&self) -> bool {
        matches!(self.mode, Some(mode) if mode & 0o004 != 0)
    }

    /// Whether every user of the machine may write to the file.
    pub const fn is_world_writable(&self) -> bool {
        matches!(self.mode, Some(mode) if mode & 0o002 != 0)
    }
}

/// Reads a regular file of at most `limit` bytes.
///
/// Symbolic links are followed, since mounted secrets are links; what they lead to must be a regular file. A file that is replaced or
/// written to while it is read is read again a few times before it is refused.
///
/// # Errors
///
/// A [`Refusal`] for everything else than a regular file of that size that may be read.
pub fn read(path: &Path, limit: u64) -> Result<Contents, Refusal> {
    for _ in 0..ATTEMPTS {
        if let Some(contents) = attempt(path, limit)? {
            return Ok(contents);
        }
    }
    Err(Refusal::Changed)
}

/// Reads a file once; `None` when it changed meanwhile.
fn attempt(path: &Path, limit: u64) -> Result<Option<Contents>, Refusal> {
    // A device may act on being opened, so that what is no file is told before.
    let seen = fs::metadata(path).map_err(|error| Refusal::of(&error))?;
    require_file(&seen)?;
    let file = match open(path) {
        Ok(file) => file,
        // A socket or the like has taken the place of the file.
        Err(error) if is_no_device(&error) => return Ok(None),
        Err(error) => return Err(Refusal::of(&error)),
    };
    let opened = file.metadata().map_err(|error| Refusal::of(&error))?;
    if !opened.is_file() || !is_same(&seen, &opened) {
        return Ok(None);
    }
    if opened.len() > limit {
        return Err(Refusal::TooLarge { limit });
    }
    let bytes = read_bounded(&file, opened.len(), limit)?;
    let read = file.metadata().map_err(|error| Refusal::of(&error))?;
    let changed = read.len() != opened.len() || read.modified().ok() != opened.modified().ok();
    Ok((!changed).then(|| Contents { bytes, access: access(&opened) }))
}

/// Reads to the end. The buffer has room for one byte more than the file says to have, so that it need not grow for a file that is
/// right about it; where it grows, the old buffer is overwritten.
fn read_bounded(mut file: impl Read, size: u64, limit: u64) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let most = limit.saturating_add(1);
    let mut bytes = buffer(if size == 0 { FIRST_PIECE.min(most) } else { size.saturating_add(1) }, limit)?;
    let mut filled = 0;
    loop {
        if filled == bytes.len() {
            let room = as_bytes(bytes.len());
            if room >= most {
                return Err(Refusal::TooLarge { limit });
            }
            let mut larger = buffer(room.saturating_mul(2).min(most), limit)?;
            larger[..filled].copy_from_slice(&bytes);
            bytes = larger;
        }
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Refusal::of(&error)),
        }
    }
    if as_bytes(filled) > limit {
        return Err(Refusal::TooLarge { limit });
    }
    bytes.truncate(filled);
    Ok(bytes)
}

fn buffer(room: u64, limit: u64) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let room = usize::try_from(room).map_err(|_| Refusal::TooLarge { limit })?;
    Ok(Zeroizing::new(vec![0; room]))
}

pub(crate) fn as_bytes(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn open(path: &Path) -> io::Result<File> {
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

#[cfg(unix)]
fn is_no_device(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENXIO | libc::ENODEV))
}

#[cfg(not(unix))]
fn is_no_device(_: &io::Error) -> bool {
    false
}

/// Refuses what is no regular file, under its own name.
fn require_file(metadata: &Metadata) -> Result<(), Refusal> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Err(Refusal::Fifo);
        }
        if kind.is_socket() {
            return Err(Refusal::Socket);
        }
        if kind.is_char_device() || kind.is_block_device() {
            return Err(Refusal::Device);
        }
    }
    Err(if kind.is_dir() { Refusal::Directory } else { Refusal::NotAFile })
}

#[cfg(unix)]
fn is_same(seen: &Metadata, opened: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (seen.dev(), seen.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn is_same(seen: &Metadata, opened: &Metadata) -> bool {
    seen.created().ok() == opened.created().ok() && seen.len() == opened.len()
}

#[cfg(unix)]
fn access(metadata: &Metadata) -> Access {
    use std::os::unix::fs::MetadataExt;
    Access { mode: Some(metadata.mode() & 0o7777), owner: Some(metadata.uid()), links: Some(metadata.nlink()) }
}

#[cfg(not(unix))]
fn access(_: &Metadata) -> Access {
    Access::default()
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::{Access, read_bounded};
    use crate::refusal::Refusal;

    /// Gives pieces of a length, interrupted before each.
    struct Pieces {
        left: usize,
        piece: usize,
        interrupted: bool,
    }

    impl Read for Pieces {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.interrupted = !self.interrupted;
            if self.interrupted {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let count = self.left.min(self.piece).min(buffer.len());
            buffer[..count].fill(b'x');
            self.left -= count;
            Ok(count)
        }
    }

    fn check(length: usize, claimed: u64, limit: u64, expected: Result<usize, Refusal>) {
        for piece in [1, 7, 4096, usize::MAX] {
            let source = Pieces { left: length, piece, interrupted: false };
            let result = read_bounded(source, claimed, limit);
            assert!(
                result.as_ref().map_or(0, |bytes| bytes.capacity()) <= usize::try_from(limit).map_or(4096, |limit| limit.max(4096)) + 1
            );
            assert_eq!(result.map(|bytes| bytes.len()), expected, "{length} {claimed} {limit} {piece}");
        }
    }

    #[test]
    fn reads_up_to_the_limit_whatever_the_file_says_of_its_size() {
        for claimed in [0, 1, 5, 100] {
            check(0, claimed, 100, Ok(0));
            check(5, claimed, 100, Ok(5));
            check(100, claimed, 100, Ok(100));
            check(101, claimed, 100, Err(Refusal::TooLarge { limit: 100 }));
            check(100_000, claimed, 100, Err(Refusal::TooLarge { limit: 100 }));
        }
        check(50_000, 0, 1 << 20, Ok(50_000));
        check(0, 0, 0, Ok(0));
        check(1, 0, 0, Err(Refusal::TooLarge { limit: 0 }));
    }

    #[test]
    fn a_buffer_of_the_right_size_does_not_grow() {
        let source = Pieces { left: 1000, piece: 64, interrupted: false };
        let bytes = read_bounded(source, 1000, 1 << 20).expect("within the limit");
        assert_eq!((bytes.len(), bytes.capacity()), (1000, 1001));
    }

    #[test]
    fn access_tells_who_may_reach_a_file() {
        let of = |mode| Access { mode: Some(mode), ..Access::default() };
        assert!(of(0o644).is_world_readable() && !of(0o644).is_world_writable());
        assert!(!of(0o640).is_world_readable() && of(0o642).is_world_writable());
        assert!(!Access::default().is_world_readable() && !Access::default().is_world_writable());
    }
}
