//! The one opener of files in Configcheck: regular files only, of a bounded size, and never waiting for anything.
//!
//! A path in a configuration may lead to a pipe that nobody writes to, to `/dev/zero` or to a file of ten gigabytes. Whatever it
//! leads to, [`read`] answers at once and holds no more than the limit in memory. What was read is overwritten when it is dropped.
//! No message holds a path or any text of a file; nothing is ever written.

mod directory;
mod file;
mod refusal;

pub use directory::{DIRECTORY_LIMIT, ENTRY_LIMIT, Entries, read_directory};
pub use file::{Access, Contents, DEFAULT_LIMIT, read};
pub use refusal::Refusal;
