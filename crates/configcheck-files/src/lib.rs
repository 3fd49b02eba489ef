//! The one opener of files in Configcheck: regular files only, of a bounded size, and never waiting for anything.
//!
//! A path in a configuration may lead to a pipe that nobody writes to, to `/dev/zero` or to a file of ten gigabytes. Whatever it
//! leads to, [`read`] answers at once and holds no more than the limit in memory. What was read is overwritten when it is dropped.
//! No message holds a path or any text of a file. Nothing is ever written but by [`replace`], which writes a file whole or not at all.
//!
//! Every call to the operating system goes through one trait. With the feature `faults` tests let the n-th of them fail, for every n.

mod access;
mod directory;
#[cfg(feature = "faults")]
pub mod faults;
mod file;
mod refusal;
mod replace;
mod system;

pub use access::Access;
pub use directory::{DIRECTORY_LIMIT, ENTRY_LIMIT, Entries, read_directory};
pub use file::{Contents, DEFAULT_LIMIT, read};
pub use refusal::Refusal;
pub use replace::replace;
