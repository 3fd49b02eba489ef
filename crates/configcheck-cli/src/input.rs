//! Opens what a command is given: a file, standard input as `-`, or a file of a revision as `git:REV:PATH`.

use std::io::{self, Read as _};
use std::path::Path;

use configcheck_files::Refusal;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::git;

/// The largest input, in bytes.
pub(crate) const LARGEST: u64 = 256 << 20;

/// Reads an input. The bytes may hold secrets: they go to a reader of ours and to nothing that prints.
pub(crate) fn read(name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    if name == "-" {
        return read_standard_input();
    }
    if let Some(revision) = name.strip_prefix("git:") {
        return git::show(revision).map(Zeroizing::new);
    }
    configcheck_files::read(Path::new(name), LARGEST).map(|contents| contents.bytes).map_err(|refusal| unreadable(name, &refusal))
}

/// Whether there is a file with this name.
pub(crate) fn exists(path: &Path) -> bool {
    path.is_file()
}

/// Why a file cannot be read.
pub(crate) fn unreadable(name: &str, refusal: &Refusal) -> Failure {
    Failure::incomplete(format!("the file cannot be read: {refusal}")).at(name).help(refusal.help())
}

fn read_standard_input() -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    let result = io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes);
    match result {
        Ok(_) if bytes.len() as u64 > LARGEST => Err(Failure::incomplete(format!("standard input is larger than {} MiB", LARGEST >> 20))),
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::incomplete(format!("standard input cannot be read: {}", error.kind()))),
    }
}
