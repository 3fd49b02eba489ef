//! A server as a process: in a folder of its own, below a guard that ends it when this process is gone.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::install;

/// How long a server may take to start; on a machine that does much else it takes seconds.
const PATIENCE: Duration = Duration::from_mins(2);

/// How often a server is started anew when somebody else took its port.
const TRIES: usize = 5;

/// A server that runs. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    guard: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program in a folder, with nothing of the surrounding environment. What it says goes into `log` there.
    pub(crate) fn start<A: AsRef<OsStr>>(folder: &Path, program: &Path, arguments: &[A], variables: &[(&str, &str)]) -> Self {
        let log = folder.join("log");
        let output = File::create(&log).unwrap_or_else(|problem| panic!("{}: {problem}", log.display()));
        let error = output.try_clone().expect("a file can be written to from two places");
        let guard = Command::new(install::program("python"))
            .arg(install::guard())
            .arg(folder)
            .arg(program)
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .envs(install::environment(folder))
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(error)
            .spawn()
            .unwrap_or_else(|problem| panic!("{} does not start: {problem}", program.display()));
        Self { guard, log }
    }

    /// Starts a server until it answers: `launch` starts it, at other ports each time, and `ready` asks it.
    pub(crate) fn launch<S>(name: &str, mut launch: impl FnMut() -> (Self, S), mut ready: impl FnMut(&S) -> bool) -> (Self, S) {
        for _ in 0..TRIES {
            let (mut process, server) = launch();
            match process.wait_until(|| ready(&server)) {
                Ok(()) => return (process, server),
                Err(log) if log.contains("address already in use") || log.contains("Address already in use") => {}
                Err(log) => panic!("{name} does not start; the end of what it says:\n{log}"),
            }
        }
        panic!("{name} found no free port in {TRIES} tries");
    }

    /// Waits until something holds.
    ///
    /// # Errors
    ///
    /// The end of the log, when the server ended or took too long.
    pub(crate) fn wait_until(&mut self, mut holds: impl FnMut() -> bool) -> Result<(), String> {
        let start = Instant::now();
        while !holds() {
            let ended = self.guard.try_wait().map_or(true, |code| code.is_some());
            if ended || start.elapsed() > PATIENCE {
                return Err(self.log_tail());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// The end of what the server says.
    pub(crate) fn log_tail(&self) -> String {
        let text = fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// The byte says that the folder is still wanted: without it the guard takes this process for gone, and clears up.
    fn end(&mut self) -> io::Result<()> {
        if let Some(mut input) = self.guard.stdin.take() {
            input.write_all(b".").ok();
        }
        self.guard.wait().map(drop)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A guard that cannot be waited for has ended.
        self.end().ok();
    }
}

/// A folder for a server, which goes with it.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("configcheck-server-").tempdir().expect("the folder of temporary files can be written")
}
