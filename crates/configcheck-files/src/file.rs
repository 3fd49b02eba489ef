//! Reads one file: a look before it is opened, a second look at what was opened, and a third at what was read.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use crate::access::Access;
use crate::refusal::{self, Refusal};
use crate::system::{Kind, SYSTEM, Stat, System};

/// The size in bytes up to which a file is read unless the caller says otherwise: 1 MiB.
pub const DEFAULT_LIMIT: u64 = 1 << 20;

/// How often a file that changes under its reader is read anew.
pub(crate) const ATTEMPTS: u32 = 5;

/// How often in a row a call may be interrupted before that counts as its failure.
const INTERRUPTIONS: u32 = 1000;

/// Room for the first piece of a file that does not say its size, as those in `/proc`.
const FIRST_PIECE: u64 = 4096;

/// How much is read of a file that does not say its size, whatever the limit: it may have no end.
const UNSIZED_LIMIT: u64 = DEFAULT_LIMIT;

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

/// Reads a regular file of at most `limit` bytes.
///
/// Symbolic links are followed, since mounted secrets are links; what they lead to must be a regular file. A file that is replaced or
/// written to while it is read is read again a few times before it is refused. Memory is taken for the size that the file has when it is
/// opened, not for what it may grow to.
///
/// # Errors
///
/// A [`Refusal`] for everything else than a regular file of that size that may be read.
pub fn read(path: &Path, limit: u64) -> Result<Contents, Refusal> {
    read_by(&SYSTEM, path, limit)
}

pub(crate) fn read_by(system: &impl System, path: &Path, limit: u64) -> Result<Contents, Refusal> {
    for _ in 0..ATTEMPTS {
        match attempt(system, path, limit) {
            Ok(Some(contents)) => return Ok(contents),
            // A file that went away on its server was replaced there.
            Ok(None) | Err(Refusal::Stale) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Err(Refusal::Changed)
}

/// Reads a file once; `None` when it changed meanwhile.
fn attempt(system: &impl System, path: &Path, limit: u64) -> Result<Option<Contents>, Refusal> {
    // A device may act on being opened, so that what is no file is told before.
    let seen = look(system, path)?;
    let file = match again(|| system.open(path)) {
        Ok(file) => file,
        // A socket or the like has taken the place of the file.
        Err(error) if refusal::is_no_device(&error) => return Ok(None),
        Err(error) => return Err(Refusal::of(&error)),
    };
    let opened = stat(system, &file)?;
    if opened.kind != Kind::File || opened.identity != seen.identity {
        return Ok(None);
    }
    if opened.size > limit {
        return Err(Refusal::TooLarge { limit });
    }
    let bytes = read_bounded(|buffer| system.read(&file, buffer), || stat(system, &file).map(|now| now.size), opened.size, limit)?;
    let Some(bytes) = bytes else { return Ok(None) };
    let read = stat(system, &file)?;
    let changed = read.size != opened.size || read.modified != opened.modified;
    Ok((!changed).then_some(Contents { bytes, access: opened.access }))
}

/// Looks at a path, and refuses what is no regular file under its own name.
fn look(system: &impl System, path: &Path) -> Result<Stat, Refusal> {
    let seen = again(|| system.look(path)).map_err(|error| Refusal::of(&error))?;
    match seen.kind {
        Kind::File => Ok(seen),
        Kind::Directory => Err(Refusal::Directory),
        Kind::Fifo => Err(Refusal::Fifo),
        Kind::Socket => Err(Refusal::Socket),
        Kind::Device => Err(Refusal::Device),
        Kind::Other => Err(Refusal::NotAFile),
    }
}

fn stat(system: &impl System, file: &File) -> Result<Stat, Refusal> {
    again(|| system.stat(file)).map_err(|error| Refusal::of(&error))
}

/// Repeats a call that a signal interrupted.
pub(crate) fn again<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for _ in 0..INTERRUPTIONS {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
    Err(io::ErrorKind::Interrupted.into())
}

/// Reads to the end; `None` when there is more than the file said to have. The buffer has room for one byte more than that, so that it
/// need not grow for a file that is right about it. Where it grows, for a file that does not say its size, the old buffer is overwritten.
fn read_bounded(
    mut read: impl FnMut(&mut [u8]) -> io::Result<usize>,
    mut size_now: impl FnMut() -> Result<u64, Refusal>,
    size: u64,
    limit: u64,
) -> Result<Option<Zeroizing<Vec<u8>>>, Refusal> {
    let is_sized = size > 0;
    let limit = if is_sized { limit } else { limit.min(UNSIZED_LIMIT) };
    let most = limit.saturating_add(1);
    let mut bytes = buffer(if is_sized { size.saturating_add(1) } else { FIRST_PIECE.min(most) }, limit)?;
    let mut filled = 0;
    loop {
        if filled == bytes.len() {
            if is_sized || size_now()? > 0 {
                return Ok(None);
            }
            let room = as_bytes(bytes.len());
            if room >= most {
                return Err(Refusal::TooLarge { limit });
            }
            let mut larger = buffer(room.saturating_mul(2).min(most), limit)?;
            larger[..filled].copy_from_slice(&bytes);
            bytes = larger;
        }
        match again(|| read(&mut bytes[filled..])).map_err(|error| Refusal::of(&error))? {
            0 => break,
            count => filled += count,
        }
    }
    bytes.truncate(filled);
    Ok(Some(bytes))
}

fn buffer(room: u64, limit: u64) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let room = usize::try_from(room).map_err(|_| Refusal::TooLarge { limit })?;
    Ok(Zeroizing::new(vec![0; room]))
}

pub(crate) fn as_bytes(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{UNSIZED_LIMIT, read_bounded};
    use crate::refusal::Refusal;

    /// Reads a number of bytes from a source that claims another, in pieces, interrupted before each.
    fn pieces(length: usize, piece: usize, claimed: u64, limit: u64) -> Result<Option<Vec<u8>>, Refusal> {
        let (mut left, mut interrupted) = (length, false);
        let read = |buffer: &mut [u8]| {
            interrupted = !interrupted;
            if interrupted {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let count = left.min(piece).min(buffer.len());
            buffer[..count].fill(b'x');
            left -= count;
            Ok(count)
        };
        let bytes = read_bounded(read, || Ok(claimed), claimed, limit)?;
        let most = usize::try_from(limit.min(UNSIZED_LIMIT)).map_or(4096, |limit| limit.max(4096)) + 1;
        assert!(bytes.as_ref().is_none_or(|bytes| bytes.capacity() <= most));
        Ok(bytes.map(|bytes| bytes.to_vec()))
    }

    fn check(length: usize, claimed: u64, limit: u64, expected: Result<Option<usize>, Refusal>) {
        for piece in [1, 7, 4096, usize::MAX] {
            let result = pieces(length, piece, claimed, limit).map(|bytes| bytes.map(|bytes| bytes.len()));
            assert_eq!(result, expected, "{length} {claimed} {limit} {piece}");
        }
    }

    #[test]
    fn reads_up_to_the_limit_whatever_the_file_says_of_its_size() {
        for claimed in [0, 1, 5, 100] {
            check(0, claimed, 100, Ok(Some(0)));
        }
        for claimed in [0, 5, 100] {
            check(5, claimed, 100, Ok(Some(5)));
        }
        for claimed in [0, 100] {
            check(100, claimed, 100, Ok(Some(100)));
        }
        check(101, 0, 100, Err(Refusal::TooLarge { limit: 100 }));
        check(100_000, 0, 100, Err(Refusal::TooLarge { limit: 100 }));
        check(50_000, 0, 1 << 20, Ok(Some(50_000)));
        check(0, 0, 0, Ok(Some(0)));
        check(1, 0, 0, Err(Refusal::TooLarge { limit: 0 }));
    }

    #[test]
    fn more_than_the_file_says_to_have_is_not_read() {
        check(6, 5, 100, Ok(None));
        check(100_000, 5, 1 << 20, Ok(None));
    }

    #[test]
    fn a_file_that_does_not_say_its_size_ends_sooner() {
        let limit = 16 << 20;
        assert_eq!(pieces(1 << 20, 1 << 16, 0, limit).map(|bytes| bytes.map(|bytes| bytes.len())), Ok(Some(1 << 20)));
        assert_eq!(pieces((1 << 20) + 1, 1 << 16, 0, limit), Err(Refusal::TooLarge { limit: 1 << 20 }));
    }

    #[test]
    fn a_file_that_grows_from_nothing_is_given_up() {
        assert_eq!(read_bounded(|buffer| Ok(buffer.len()), || Ok(1), 0, 1 << 20), Ok(None));
    }

    #[test]
    fn a_call_that_is_interrupted_for_ever_has_failed() {
        let result = read_bounded(|_| Err(io::ErrorKind::Interrupted.into()), || Ok(0), 5, 100);
        assert_eq!(result, Err(Refusal::Failed(io::ErrorKind::Interrupted)));
    }

    #[test]
    fn a_buffer_of_the_right_size_does_not_grow() {
        let mut left = 1000_usize;
        let read = |buffer: &mut [u8]| {
            let count = left.min(64).min(buffer.len());
            left -= count;
            Ok(count)
        };
        let bytes = read_bounded(read, || Ok(1000), 1000, 1 << 20).expect("within the limit").expect("as large as it says");
        assert_eq!((bytes.len(), bytes.capacity()), (1000, 1001));
    }
}
