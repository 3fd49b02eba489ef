//! Linux. Every system call of the crate stands here.
#![expect(unsafe_code, reason = "system calls and the environment of C")]

use std::collections::BTreeSet;
use std::ffi::{OsString, c_char};
use std::fs;
use std::io;
use std::ops::Range;
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::ptr::{self, NonNull};

use super::{Refusal, Want};
use crate::pages::Region;
use crate::take::{Block, TakeError, Values, Variables};

unsafe extern "C" {
    /// The variables of this process, as C keeps them.
    static mut environ: *mut *mut c_char;
}

/// Pages with room for so many bytes; `None` when the system has no such pages for us.
pub(crate) fn map(want: Want, length: usize) -> Option<Region> {
    let length = length.max(1).checked_next_multiple_of(page_size()?)?;
    match want {
        Want::Secret => map_secret(length),
        Want::Locked => map_own(length, true),
        Want::Any => map_own(length, false),
    }
}

fn page_size() -> Option<usize> {
    // SAFETY: it asks for a number, and touches nothing.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).ok().filter(|size| *size > 0)
}

/// Pages of `memfd_secret`: taken out of the kernel's own view of memory, and locked.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))]
fn map_secret(length: usize) -> Option<Region> {
    // SAFETY: it makes a descriptor, and touches nothing.
    let number = unsafe { libc::syscall(libc::SYS_memfd_secret, libc::O_CLOEXEC) };
    let number = i32::try_from(number).ok().filter(|number| *number >= 0)?;
    // SAFETY: the descriptor was just made, and nobody else has it.
    let file = unsafe { OwnedFd::from_raw_fd(number) };
    // SAFETY: the descriptor is open.
    let sized = unsafe { libc::ftruncate(file.as_raw_fd(), libc::off_t::try_from(length).ok()?) };
    if sized != 0 {
        return None;
    }
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: a new mapping at a place that the system chooses changes no other.
    let start = unsafe { libc::mmap(ptr::null_mut(), length, protection, libc::MAP_SHARED, file.as_raw_fd(), 0) };
    let region = mapped(start, length)?;
    // The pages would be shared with a copy of the process: what it wipes would be wiped here.
    if !advise(start, length, libc::MADV_DONTFORK) {
        region.unused();
        return None;
    }
    Some(region)
}

/// Other processors have no such pages.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
fn map_secret(_: usize) -> Option<Region> {
    None
}

/// Ordinary pages that stand in no core file and are zeros in a copy of the process, locked or not.
fn map_own(length: usize, locked: bool) -> Option<Region> {
    let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping at a place that the system chooses changes no other.
    let start = unsafe { libc::mmap(ptr::null_mut(), length, protection, flags, -1, 0) };
    let region = mapped(start, length)?;
    // Without the advice the pages are as good as those of the heap, but for their lock; older kernels have no word for it.
    advise(start, length, libc::MADV_DONTDUMP);
    advise(start, length, libc::MADV_WIPEONFORK);
    if locked {
        // SAFETY: the pages are ours.
        let refused = unsafe { libc::mlock(start, length) };
        if refused != 0 {
            region.unused();
            return None;
        }
    }
    Some(region)
}

/// What `mmap` gave, as a region.
fn mapped(start: *mut libc::c_void, length: usize) -> Option<Region> {
    if start == libc::MAP_FAILED {
        return None;
    }
    let start = NonNull::new(start.cast::<u8>())?;
    // SAFETY: a new mapping is ours alone, holds zeros, and `unmap` gives it back.
    Some(unsafe { Region::new(start, length, unmap) })
}

/// # Safety
///
/// Both are of one mapping, which nobody uses any more.
unsafe fn unmap(start: NonNull<u8>, length: usize) {
    // SAFETY: the caller says so.
    unsafe { libc::munmap(start.as_ptr().cast(), length) };
}

fn advise(start: *mut libc::c_void, length: usize, advice: i32) -> bool {
    // SAFETY: none of the advice that is given here changes what the pages of this process hold.
    unsafe { libc::madvise(start, length, advice) == 0 }
}

/// Takes this process out of the sight of others of the same user.
pub(crate) fn hide_from_others() -> Result<(), Refusal> {
    let none: libc::c_ulong = 0;
    // SAFETY: the call changes a flag of the process, and touches no memory.
    let set = unsafe { libc::prctl(libc::PR_SET_DUMPABLE, none, none, none, none) };
    // SAFETY: the call asks for the flag.
    let is_readable = unsafe { libc::prctl(libc::PR_GET_DUMPABLE, none, none, none, none) };
    if set == 0 && is_readable == 0 { Ok(()) } else { Err(last_refusal()) }
}

/// Sets the limit for core files to nothing, for good.
pub(crate) fn write_no_core_file() -> Result<(), Refusal> {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the limit is read through a good pointer.
    let set = unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const none) };
    if set == 0 { Ok(()) } else { Err(last_refusal()) }
}

fn last_refusal() -> Refusal {
    Refusal::Number(io::Error::last_os_error().raw_os_error().unwrap_or(libc::EPERM))
}

/// Whether cores go to a program.
pub(crate) fn core_files_are_piped() -> bool {
    fs::read("/proc/sys/kernel/core_pattern").is_ok_and(|pattern| pattern.starts_with(b"|"))
}

/// Makes sure that nobody else runs in this process, and so nobody else looks at the environment.
fn single_thread() -> Result<(), TakeError> {
    let threads = fs::read_dir("/proc/self/task").map_err(|_| TakeError::Unknown("/proc/self/task"))?.count();
    if threads == 1 { Ok(()) } else { Err(TakeError::NotAlone { threads }) }
}

/// Takes the variables of these names out of the environment, and overwrites their values where they stand.
pub(crate) fn take_variables(names: &BTreeSet<OsString>) -> Result<Values, TakeError> {
    single_thread()?;
    let writable = writable_memory().ok_or(TakeError::Unknown("/proc/self/maps"))?;
    let initial = initial_block().ok_or(TakeError::Unknown("/proc/self/stat"))?;
    if !writable.iter().any(|range| range.start <= initial.start && initial.end <= range.end) {
        return Err(TakeError::Unknown("the memory where the environment began"));
    }
    // SAFETY: this thread is the only one, so that nobody writes the pointer meanwhile.
    let current = unsafe { environ };
    // SAFETY: C keeps a list of pointers to texts here, and a null pointer at its end; nobody changes it meanwhile.
    let variables = unsafe { Variables::of(current, names) };
    // SAFETY: these bytes are the process's from its start on, are mapped for reading and writing, and nobody uses them meanwhile. What a
    // library of C may have kept is a pointer to a text, and finds an empty one.
    let block = unsafe { Block::of(ptr::with_exposed_provenance_mut(initial.start), initial.len(), names) };
    if let Some(name) = variables.first_outside(&writable) {
        return Err(TakeError::NotWritable { name });
    }
    let taken = variables.copy();
    // SAFETY: each of these texts lies in memory that may be written to.
    unsafe { variables.overwrite() };
    for name in names {
        // SAFETY: this thread is the only one.
        unsafe { std::env::remove_var(name) };
    }
    // SAFETY: nothing points to these texts any more but what was taken from them, as said above.
    unsafe { block.overwrite() };
    Ok(taken)
}

/// Where the kernel put the environment at the start of the process.
fn initial_block() -> Option<Range<usize>> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    environment_in(&stat)
}

/// The fields 50 and 51 of `/proc/PID/stat`. The second field is the name of the program, in brackets, and may hold anything.
fn environment_in(fields: &str) -> Option<Range<usize>> {
    let (_, fields) = fields.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(47).map(|field| field.parse().ok());
    let (start, end): (usize, usize) = (fields.next()??, fields.next()??);
    (start != 0 && start <= end).then_some(start..end)
}

/// The memory of this process that may be read and written; what lies side by side is one range.
fn writable_memory() -> Option<Vec<Range<usize>>> {
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for line in maps.lines() {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let (start, end) = (usize::from_str_radix(start, 16).ok()?, usize::from_str_radix(end, 16).ok()?);
        if !rest.starts_with("rw") {
            continue;
        }
        match ranges.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => ranges.push(start..end),
        }
    }
    Some(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_found_behind_any_name_of_a_program() {
        let fields: Vec<String> = (3..=52).map(|field| if field == 3 { "S".to_owned() } else { field.to_string() }).collect();
        for name in ["cat", "a b", "a) S 1 (b"] {
            let stat = format!("7 ({name}) {}", fields.join(" "));
            assert_eq!(environment_in(&stat), Some(50..51));
        }
        assert_eq!(environment_in("7 (cat) S 1"), None);
        let block = initial_block().expect("this process has one");
        assert!(writable_memory().expect("there are maps").iter().any(|range| range.start <= block.start && block.end <= range.end));
    }

    #[test]
    fn a_process_with_threads_is_told_from_one_without() {
        // The tests run on a thread of their own beside the first.
        assert!(matches!(single_thread(), Err(TakeError::NotAlone { threads }) if threads > 1));
    }

    #[test]
    fn pages_of_every_kind_are_had_or_refused() {
        let own = map(Want::Any, 1).expect("there is memory");
        assert!(crate::pages::Pages::filled(own, &[b'x'; 4096]).is_some(), "a page is the least");
        assert!(map(Want::Locked, usize::MAX).is_none() && map(Want::Secret, usize::MAX).is_none());
        assert!(map(Want::Any, usize::MAX / 2).is_none(), "so much memory is nowhere");
    }
}
