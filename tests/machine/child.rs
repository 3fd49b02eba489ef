//! The same program again, as a process of its own, as another user where it must be.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

/// Says what the second process does.
pub(crate) const TASK: &str = "MACHINE_TEST_TASK";

/// A user that owns nothing.
pub(crate) const NOBODY: u32 = 65_534;

/// Whether this process may read and write everything.
pub(crate) fn is_superuser() -> bool {
    fs::metadata("/proc/self").is_ok_and(|seen| seen.uid() == 0)
}

/// The second process, which runs one test by its name and prints what that prints.
pub(crate) fn command(test: &str, task: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(TASK, task);
    command
}

/// The same as a user who is not the superuser. A copy of the program is made, since that user may not reach this one.
pub(crate) fn command_of_nobody(test: &str, task: &str) -> (Command, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    if !is_superuser() {
        return (command(test, task), folder);
    }
    let copy: PathBuf = folder.path().join("program");
    // Not copied here: a process that another thread starts meanwhile would hold it open for writing, and nobody could run it.
    assert!(Command::new("cp").arg(std::env::current_exe().unwrap()).arg(&copy).status().unwrap().success());
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(copy);
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(TASK, task).uid(NOBODY).gid(NOBODY).current_dir(folder.path());
    (command, folder)
}

/// Whether this is the second process, and for what.
pub(crate) fn task() -> Option<String> {
    std::env::var(TASK).ok()
}

/// The peak of resident memory in KiB.
pub(crate) fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
