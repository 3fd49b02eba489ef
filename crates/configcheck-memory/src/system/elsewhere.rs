//! Systems of which nothing is known here, and Miri, which has none.

use std::collections::BTreeSet;
use std::ffi::OsString;

use super::{Refusal, Want};
use crate::pages::Region;
use crate::take::{TakeError, Values};

pub(crate) fn map(_: Want, _: usize) -> Option<Region> {
    None
}

pub(crate) fn hide_from_others() -> Result<(), Refusal> {
    Err(Refusal::Unavailable)
}

pub(crate) fn write_no_core_file() -> Result<(), Refusal> {
    Err(Refusal::Unavailable)
}

pub(crate) fn core_files_are_piped() -> bool {
    false
}

pub(crate) fn take_variables(_: &BTreeSet<OsString>) -> Result<Values, TakeError> {
    Err(TakeError::Unavailable)
}
