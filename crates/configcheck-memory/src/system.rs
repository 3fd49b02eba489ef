//! What the operating system is asked for. On other systems than Linux the answer is that it is not available here.

#[cfg_attr(all(target_os = "linux", not(miri)), path = "system/linux.rs")]
#[cfg_attr(not(all(target_os = "linux", not(miri))), path = "system/elsewhere.rs")]
mod here;

pub(crate) use here::{core_files_are_piped, hide_from_others, map, take_variables, write_no_core_file};

/// Which pages are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// Those that the kernel itself does not read.
    Secret,
    /// Those that stay in memory.
    Locked,
    /// Any of one's own.
    Any,
}

/// Why a measure could not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such thing here.
    #[cfg_attr(all(target_os = "linux", not(miri)), expect(dead_code, reason = "Linux has everything that is asked for"))]
    Unavailable,
    /// The system said no, with this number.
    Number(i32),
}
