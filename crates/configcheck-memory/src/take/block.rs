//! The variables of a process as they lie in memory: a list of pointers to texts `NAME=value`, and the block in which the kernel wrote the
//! texts of the start one after the other.
#![expect(unsafe_code, reason = "it reads and writes through pointers")]

use std::collections::BTreeSet;
use std::ffi::{CStr, OsStr, OsString, c_char};
use std::ops::Range;
use std::ptr::NonNull;
use std::slice;

use zeroize::Zeroizing;

use super::Values;
use crate::overwrite::overwrite;

/// A piece of memory.
#[derive(Clone, Copy)]
struct Span {
    start: NonNull<u8>,
    length: usize,
}

/// Those variables of a list that have one of the wanted names, each with the place of its value.
pub(crate) struct Variables {
    found: Vec<(OsString, Span)>,
}

impl Variables {
    /// Looks through the list of the process.
    ///
    /// # Safety
    ///
    /// `list` is null or leads to pointers to texts that end with a zero, and to a null pointer behind the last. Nobody changes any of it
    /// before this is dropped.
    pub(crate) unsafe fn of(list: *mut *mut c_char, names: &BTreeSet<OsString>) -> Self {
        let mut found = Vec::new();
        let mut next = list;
        while !next.is_null() {
            // SAFETY: the list goes on up to its null pointer, where the loop ends.
            let text = unsafe { *next };
            let Some(start) = NonNull::new(text.cast::<u8>()) else { break };
            // SAFETY: the caller says that the text ends with a zero.
            let bytes = unsafe { CStr::from_ptr(text) }.to_bytes();
            if let Some((name, value)) = parts(bytes)
                && let Some(name) = names.get(name)
            {
                // SAFETY: the value begins within the text.
                let start = unsafe { start.add(bytes.len() - value.len()) };
                found.push((name.clone(), Span { start, length: value.len() }));
            }
            // SAFETY: this was not the null pointer at the end.
            next = unsafe { next.add(1) };
        }
        Self { found }
    }

    /// The first variable whose value lies outside of all of these addresses.
    pub(crate) fn first_outside(&self, ranges: &[Range<usize>]) -> Option<OsString> {
        let is_inside = |span: &Span| {
            let start = span.start.addr().get();
            ranges.iter().any(|range| range.start <= start && start + span.length <= range.end)
        };
        self.found.iter().find(|(_, span)| !is_inside(span)).map(|(name, _)| name.clone())
    }

    /// Copies of the values. Of a name that stands twice the first counts, as for `getenv`.
    pub(crate) fn copy(&self) -> Values {
        let mut copies = Values::with_capacity(self.found.len());
        for (name, span) in &self.found {
            if copies.iter().any(|(known, _)| known == name) {
                continue;
            }
            // SAFETY: the span is a text's, which nobody changes, as whoever made this promised.
            let value = unsafe { slice::from_raw_parts(span.start.as_ptr(), span.length) };
            copies.push((name.clone(), Zeroizing::new(value.to_vec())));
        }
        copies
    }

    /// Overwrites the values where they stand. The texts are then `NAME=`.
    ///
    /// # Safety
    ///
    /// The values lie in memory that may be written to, and nobody reads them meanwhile.
    pub(crate) unsafe fn overwrite(&self) {
        for (_, span) in &self.found {
            // SAFETY: the caller says so.
            unsafe { overwrite(span.start.as_ptr(), span.length) };
        }
    }
}

/// Those texts of the kernel's block that have one of the wanted names. They may be others than those of the list: a variable that was set
/// anew or removed since the start still has its first value here.
pub(crate) struct Block {
    found: Vec<Span>,
}

impl Block {
    /// Looks through a block of texts, each of which ends with a zero.
    ///
    /// # Safety
    ///
    /// `length` bytes from `start` may be read, all hold something, and nobody changes them before this is dropped but through it or
    /// through [`Variables`].
    pub(crate) unsafe fn of(start: *mut u8, length: usize, names: &BTreeSet<OsString>) -> Self {
        let mut found = Vec::new();
        let Some(first) = NonNull::new(start) else { return Self { found } };
        // SAFETY: the caller says so.
        let bytes = unsafe { slice::from_raw_parts(start, length) };
        let mut offset = 0;
        for text in bytes.split(|byte| *byte == 0) {
            if parts(text).is_some_and(|(name, _)| names.contains(name)) {
                // SAFETY: the text begins within the block.
                let start = unsafe { first.add(offset) };
                found.push(Span { start, length: text.len() });
            }
            offset += text.len() + 1;
        }
        Self { found }
    }

    /// Overwrites these texts, names and all.
    ///
    /// # Safety
    ///
    /// The block may be written to, and nobody reads these texts meanwhile.
    pub(crate) unsafe fn overwrite(&self) {
        for span in &self.found {
            // SAFETY: the caller says so.
            unsafe { overwrite(span.start.as_ptr(), span.length) };
        }
    }
}

/// Name and value of a variable. The name has at least one letter, which may be `=`, as the standard library has it.
fn parts(text: &[u8]) -> Option<(&OsStr, &[u8])> {
    let at = 1 + text.get(1..)?.iter().position(|byte| *byte == b'=')?;
    Some((os_str(&text[..at])?, &text[at + 1..]))
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere bytes need not be a name")]
fn os_str(bytes: &[u8]) -> Option<&OsStr> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn os_str(bytes: &[u8]) -> Option<&OsStr> {
    std::str::from_utf8(bytes).ok().map(OsStr::new)
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;

    /// A block as the kernel writes it, and a list of pointers into it.
    struct Process {
        block: Vec<u8>,
        list: Vec<*mut c_char>,
    }

    impl Process {
        fn new(variables: &[&str]) -> Self {
            let mut block: Vec<u8> = variables.iter().flat_map(|text| text.bytes().chain([0])).collect();
            let start = block.as_mut_ptr();
            let mut offset = 0;
            let mut list = Vec::new();
            for text in variables {
                // SAFETY: the text begins within the block.
                list.push(unsafe { start.add(offset) }.cast());
                offset += text.len() + 1;
            }
            list.push(ptr::null_mut());
            Self { block, list }
        }

        /// Takes the names as on Linux, and says what was taken.
        fn take(&mut self, names: &[&str]) -> Vec<(String, String)> {
            let names: BTreeSet<OsString> = names.iter().map(OsString::from).collect();
            // SAFETY: the list ends with a null pointer, its texts with zeros, and only this test has them.
            let variables = unsafe { Variables::of(self.list.as_mut_ptr(), &names) };
            let whole = self.list[0].cast::<u8>();
            // SAFETY: the block is as long and only this test has it; the pointer is the one that the list was made with.
            let block = unsafe { Block::of(whole, self.block.len(), &names) };
            let taken = variables.copy();
            // SAFETY: as above.
            unsafe { variables.overwrite() };
            // SAFETY: as above.
            unsafe { block.overwrite() };
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            taken.iter().map(|(name, value)| (name.to_string_lossy().into_owned(), text(value))).collect()
        }

        /// What a reader of the block finds.
        fn texts(&self) -> Vec<String> {
            let texts = self.block.split(|byte| *byte == 0).filter(|text| !text.is_empty());
            texts.map(|text| String::from_utf8_lossy(text).into_owned()).collect()
        }
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_taken_is_in_the_block_no_more_and_the_rest_stays() {
        let mut process = Process::new(&["PATH=/bin", "KEY=not-a-real-key", "KEY_FILE=/run/key", "EMPTY=", "TOKEN=a=b", "LAST=1"]);
        let taken = process.take(&["KEY", "EMPTY", "TOKEN", "ABSENT"]);
        assert_eq!(taken, pairs(&[("KEY", "not-a-real-key"), ("EMPTY", ""), ("TOKEN", "a=b")]));
        assert_eq!(process.texts(), ["PATH=/bin", "KEY_FILE=/run/key", "LAST=1"]);
    }

    #[test]
    fn of_a_name_that_stands_twice_the_first_counts_and_both_are_overwritten() {
        let mut process = Process::new(&["KEY=first", "KEY=second", "key=other"]);
        assert_eq!(process.take(&["KEY"]), pairs(&[("KEY", "first")]));
        assert_eq!(process.texts(), ["key=other"]);
    }

    #[test]
    fn a_value_of_the_start_that_nothing_points_to_any_more_is_overwritten_too() {
        let mut process = Process::new(&["PATH=/bin", "KEY=not-a-real-key", "LAST=1"]);
        process.list.remove(1);
        assert_eq!(process.take(&["KEY"]), []);
        assert_eq!(process.texts(), ["PATH=/bin", "LAST=1"]);
    }

    #[test]
    fn odd_texts_are_no_variables() {
        let mut process = Process::new(&["=C:=/x", "KEY", "=", "", "KEY=v"]);
        assert_eq!(process.take(&["KEY", "C", ""]), pairs(&[("KEY", "v")]));
        assert_eq!(process.texts(), ["=C:=/x", "KEY", "="]);
        assert!(parts(b"").is_none() && parts(b"=").is_none() && parts(b"==").is_some());
    }

    #[test]
    fn values_outside_of_the_given_memory_are_told() {
        let mut process = Process::new(&["A=1", "KEY=v"]);
        let names = BTreeSet::from([OsString::from("KEY")]);
        // SAFETY: the list ends with a null pointer, its texts with zeros, and only this test has them.
        let variables = unsafe { Variables::of(process.list.as_mut_ptr(), &names) };
        let start = process.list[1].addr() + "KEY=".len();
        assert_eq!(variables.first_outside(slice::from_ref(&(start..start + 1))), None);
        assert_eq!(variables.first_outside(slice::from_ref(&(start + 1..start + 9))), Some("KEY".into()));
        assert_eq!(variables.first_outside(&[]), Some("KEY".into()));
        // SAFETY: a null pointer is a list of nothing.
        assert!(unsafe { Variables::of(ptr::null_mut(), &names) }.found.is_empty());
    }
}
