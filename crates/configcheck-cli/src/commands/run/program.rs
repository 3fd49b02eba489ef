//! The program that a run becomes: looked for in the `PATH` of this process, then put in its place.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::child_environment::ChildEnvironment;
use crate::exit::Exit;
use crate::failure::Failure;

/// The program is there and cannot be run.
const CANNOT_RUN: u8 = 126;

/// There is no such program.
const NOT_FOUND: u8 = 127;

/// Where programs are when no `PATH` says so.
const USUAL_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Becomes the program. On success it does not return: signals, standard input and the exit code are the program's own.
#[cfg(unix)]
pub(super) fn start(
    name: &OsStr,
    arguments: &[OsString],
    environment: ChildEnvironment,
    process: &[(OsString, OsString)],
) -> Result<Exit, Failure> {
    use std::os::unix::process::CommandExt as _;

    let path = process.iter().find(|(variable, _)| variable == "PATH").map_or(OsStr::new(USUAL_PATH), |(_, value)| value);
    let program = find(name, path)?;
    let error = Command::new(program).arg0(name).args(arguments).env_clear().envs(environment).exec();
    Err(refused(name, &error))
}

/// Starts the program and passes its exit code on, where a process cannot become another.
#[cfg(not(unix))]
pub(super) fn start(
    name: &OsStr,
    arguments: &[OsString],
    environment: ChildEnvironment,
    _: &[(OsString, OsString)],
) -> Result<Exit, Failure> {
    match Command::new(name).args(arguments).env_clear().envs(environment).status() {
        Ok(status) => Ok(Exit::Child(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))),
        Err(error) => Err(refused(name, &error)),
    }
}

/// The file of the program: as named when there is a slash in the name, else the first in the folders of the path that can be run.
#[cfg(unix)]
fn find(name: &OsStr, path: &OsStr) -> Result<PathBuf, Failure> {
    use std::os::unix::fs::PermissionsExt as _;

    if name.is_empty() {
        return Err(not_found(name));
    }
    if name.as_encoded_bytes().contains(&b'/') {
        return Ok(PathBuf::from(name));
    }
    let mut is_there = false;
    for folder in std::env::split_paths(path) {
        // An empty step of the path is the current folder.
        let file = if folder.as_os_str().is_empty() { Path::new(".").join(name) } else { folder.join(name) };
        let Ok(metadata) = file.metadata() else { continue };
        if metadata.is_file() {
            if metadata.permissions().mode() & 0o111 != 0 {
                return Ok(file);
            }
            is_there = true;
        }
    }
    Err(if is_there { cannot_run(name) } else { not_found(name) })
}

fn refused(name: &OsStr, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::NotFound { not_found(name) } else { cannot_run(name) }
}

fn cannot_run(name: &OsStr) -> Failure {
    Failure::start(CANNOT_RUN, "this program cannot be run")
        .at(name.to_string_lossy())
        .help("see that it is a program, made for this system, and that you may run it: chmod +x")
}

fn not_found(name: &OsStr) -> Failure {
    Failure::start(NOT_FOUND, "there is no such program")
        .at(name.to_string_lossy())
        .help("see its name, and PATH; of a script, see the interpreter in its first line")
}
