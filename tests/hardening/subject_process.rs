//! The program `hardening-subject` at work, and the search through its memory.

use std::fs::{self, File, Permissions};
use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use tempfile::TempDir;

/// The user that owns nothing.
const NOBODY: u32 = 65534;

/// A secret that stands nowhere else: obviously fake, and with a letter that is no hexadecimal digit in every few bytes.
pub(crate) fn new_secret() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let number = nanos * 1000 + u128::from(COUNT.fetch_add(1, Ordering::Relaxed));
    // Digits as letters behind `f`.
    let letters: String = number.to_string().bytes().map(|digit| char::from(b'p' + digit - b'0')).collect();
    format!("not-a-real-secret-{letters}-of-a-test")
}

/// Whether the tests run as root.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// A folder that everybody may look into and write to, with the program in it.
pub(crate) struct Workshop {
    folder: TempDir,
}

impl Workshop {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        let program = folder.path().join("subject");
        // A file that is open for writing cannot be run. A process of its own copies it, since one of ours that another test forks meanwhile would
        // have it open too.
        let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_hardening-subject")).arg(&program).status().unwrap();
        assert!(copied.success());
        fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.folder.path().join("subject")
    }
}

/// The command as a user who is not root: as ourselves, or as nobody where we are root.
pub(crate) fn unprivileged(command: &mut Command) -> &mut Command {
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// The program, with words for what it has to do and nothing in its environment but what is given and what a program needs.
pub(crate) fn subject(program: &Path, words: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    command.args(words).env_clear().env("PATH", "/usr/bin:/bin").envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// A running program that says a line for each thing that it has done.
pub(crate) struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The program as it was built, at work as whoever runs the tests.
    pub(crate) fn with(words: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start(&mut subject(Path::new(env!("CARGO_BIN_EXE_hardening-subject")), words, variables))
    }

    /// The next line that it says.
    pub(crate) fn line(&mut self) -> String {
        self.lines.next().unwrap_or_else(|| panic!("the program has ended")).unwrap()
    }

    /// The lines up to the next stop.
    pub(crate) fn until_it_waits(&mut self) -> Vec<String> {
        let mut said = Vec::new();
        loop {
            match self.line() {
                line if line == "waiting" => return said,
                line => said.push(line),
            }
        }
    }

    /// Lets it go on.
    pub(crate) fn go_on(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    pub(crate) fn proc(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.child.id()))
    }

    /// How often the whole secret, and its last 16 bytes, stand in the memory that can be read.
    pub(crate) fn found(&self, secret: &str) -> Found {
        let memory = File::open(self.proc("mem")).unwrap();
        let maps = fs::read_to_string(self.proc("maps")).unwrap();
        let mut found = Found::default();
        for line in maps.lines() {
            let (range, rest) = line.split_once(' ').unwrap();
            let (start, end) = range.split_once('-').unwrap();
            let (start, end) = (u64::from_str_radix(start, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
            if !rest.starts_with('r') || rest.ends_with("[vvar]") || rest.ends_with("[vsyscall]") {
                continue;
            }
            let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
            match memory.read_exact_at(&mut bytes, start) {
                Ok(()) => found.add(&bytes, secret),
                Err(_) => found.unreadable.push(line.to_owned()),
            }
        }
        assert!(found.searched > 1 << 20, "only {} bytes could be read", found.searched);
        found
    }

    /// The same in what `/proc/PID/environ` says.
    pub(crate) fn found_in_environment(&self, secret: &str) -> Found {
        let mut bytes = Vec::new();
        File::open(self.proc("environ")).unwrap().read_to_end(&mut bytes).unwrap();
        let mut found = Found::default();
        found.add(&bytes, secret);
        found
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What a search found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) whole: usize,
    pub(crate) tails: usize,
    pub(crate) searched: usize,
    /// Lines of `/proc/PID/maps` whose memory could not be read.
    pub(crate) unreadable: Vec<String>,
}

impl Found {
    pub(crate) fn add(&mut self, bytes: &[u8], secret: &str) {
        let (whole, tail) = (secret.as_bytes(), &secret.as_bytes()[secret.len() - 16..]);
        let mut rest = bytes;
        // The standard library looks for one byte fast, also in a test that is not optimised.
        while rest.skip_until(tail[0]).unwrap() > 0 {
            let at = bytes.len() - rest.len() - 1;
            if bytes[at..].starts_with(tail) {
                self.tails += 1;
                self.whole += usize::from(bytes[..at + tail.len()].ends_with(whole));
            }
        }
        self.searched += bytes.len();
    }

    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.whole, self.tails)
    }
}
