//! The sources, one file each. Each puts what it holds into the snapshot, with its place.

pub(crate) mod document;
pub(crate) mod dotenv;
pub(crate) mod environment;
#[cfg(feature = "figment")]
pub(crate) mod figment;
pub(crate) mod key_file;
pub(crate) mod mounted;
pub(crate) mod mounted_directories;
mod unknown;
