//! Looks through the memory of another process for a value, from outside: every mapping that can be read, page by page, in `/proc/PID/mem`.

use std::fmt;
use std::fs::{self, File};
use std::io::BufRead;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// How long a piece of a value is that counts as a copy of it. The start of what is freed is overwritten, so that a whole value alone would count too little.
const PIECE: usize = 16;

/// Pages that the kernel answers for, which hold no memory of the process and cannot be read like it.
const OF_THE_KERNEL: [&str; 4] = ["[vvar]", "[vvar_vclock]", "[vsyscall]", "[uprobes]"];

/// A place in the memory of a process that holds a value or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Where the value begins, or would begin.
    pub address: u64,
    /// Whether all of it is there.
    pub is_whole: bool,
    /// Whether its last bytes are there.
    pub has_tail: bool,
    /// Of its pieces from the first to the last, which are there.
    pub pieces: Vec<usize>,
    /// What the kernel calls the memory: `[heap]`, `[stack]`, the path of a file, or nothing.
    pub mapping: String,
}

/// How many copies were found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Of the whole value.
    pub whole: usize,
    /// Of its last 16 bytes.
    pub tail: usize,
    /// Of any 16 bytes of it that were looked for.
    pub any: usize,
}

impl Count {
    /// So many copies of the whole.
    pub const fn all(count: usize) -> Self {
        Self { whole: count, tail: count, any: count }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.whole, self.tail, self.any)
    }
}

/// The number of copies that lie outside these ranges of addresses.
pub fn count(copies: &[Copy], without: &[Range<u64>]) -> Count {
    let mut count = Count::default();
    for copy in copies.iter().filter(|copy| !without.iter().any(|range| range.contains(&copy.address))) {
        count.whole += usize::from(copy.is_whole);
        count.tail += usize::from(copy.has_tail);
        count.any += 1;
    }
    count
}

/// The places in a process's memory that hold the value, or one of its pieces: the first three, the middle one and the last.
///
/// # Panics
///
/// When the kernel does not let this process read the other's memory, with its reason.
pub fn copies(process: u32, value: &[u8]) -> Vec<Copy> {
    assert!(value.len() >= PIECE, "a value of {} bytes is too short to be looked for", value.len());
    let last = value.len() - PIECE;
    let mut offsets: Vec<usize> = [0, PIECE, 2 * PIECE, last / 2, last].into_iter().filter(|offset| *offset <= last).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let memory = File::open(format!("/proc/{process}/mem")).unwrap_or_else(|error| panic!("the memory of {process}: {error}"));
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap_or_else(|error| panic!("the mappings of {process}: {error}"));
    let mut found = Vec::new();
    for mapping in maps.lines().map(Mapping::of).filter(|mapping| mapping.is_readable && !OF_THE_KERNEL.contains(&mapping.name)) {
        let bytes = mapping.read(&memory, process);
        let mut here: Vec<Copy> = Vec::new();
        for &offset in &offsets {
            let piece = &value[offset..offset + PIECE];
            for at in places(&bytes, piece) {
                let address = (mapping.range.start + at as u64).wrapping_sub(offset as u64);
                let index = here.iter().position(|copy| copy.address == address).unwrap_or_else(|| {
                    let is_whole = at.checked_sub(offset).and_then(|start| bytes.get(start..start + value.len())) == Some(value);
                    here.push(Copy { address, is_whole, has_tail: false, pieces: Vec::new(), mapping: mapping.name.to_owned() });
                    here.len() - 1
                });
                here[index].has_tail |= offset == last;
                here[index].pieces.push(offset);
            }
        }
        found.append(&mut here);
    }
    found
}

/// Bytes of a process's memory, as far as they can be read.
pub fn bytes_at(process: u32, address: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let count = File::open(format!("/proc/{process}/mem")).and_then(|memory| memory.read_at(&mut bytes, address)).unwrap_or_default();
    bytes.truncate(count);
    bytes
}

/// A line of `/proc/PID/maps`.
struct Mapping<'a> {
    range: Range<u64>,
    is_readable: bool,
    name: &'a str,
}

impl<'a> Mapping<'a> {
    fn of(line: &'a str) -> Self {
        let mut words = line.splitn(6, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (range, rights) = (word(), word());
        let (start, end) = range.split_once('-').unwrap_or_else(|| panic!("a mapping is `{line}`"));
        let number = |text| u64::from_str_radix(text, 16).unwrap_or_else(|error| panic!("{error}: a mapping is `{line}`"));
        let _ = (word(), word(), word());
        Self { range: number(start)..number(end), is_readable: rights.starts_with('r'), name: word().trim() }
    }

    /// All of it. What lies behind the end of a file that is mapped is no memory.
    fn read(&self, memory: &File, process: u32) -> Vec<u8> {
        let length = usize::try_from(self.range.end - self.range.start).expect("a mapping fits into memory");
        let mut bytes = vec![0; length];
        let mut filled = 0;
        while filled < length {
            match memory.read_at(&mut bytes[filled..], self.range.start + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(_) if self.name.starts_with('/') => break,
                Err(error) => panic!("the memory of process {process} at {:x} ({}) cannot be read: {error}", self.range.start, self.name),
            }
        }
        bytes.truncate(filled);
        bytes
    }
}

/// Where a piece begins. One byte of it is looked for by the standard library, which is fast in every build; the rarest letters are taken first.
fn places<'a>(bytes: &'a [u8], piece: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let rank = |byte: u8| b"~^`QZXJKVWYqzxjkvwyUBHGPFMD7938564".iter().position(|other| *other == byte).unwrap_or(usize::MAX);
    let (anchor, byte) = piece.iter().copied().enumerate().min_by_key(|(_, byte)| rank(*byte)).expect("a piece is not empty");
    let mut rest = bytes;
    std::iter::from_fn(move || {
        loop {
            let skipped = rest.skip_until(byte).unwrap_or_default();
            if skipped == 0 {
                return None;
            }
            let at = bytes.len() - rest.len() - 1;
            let start = at.checked_sub(anchor);
            if let Some(start) = start.filter(|start| bytes[*start..].starts_with(piece)) {
                return Some(start);
            }
        }
    })
}
