//! A probe that runs: it loads one secret from a source, and is looked through while the secret is alive and when it has been dropped.

use std::ffi::OsString;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::ops::Range;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::scan::{self, Copy, Count};

/// A value that no memory holds by chance, new for each run, of letters that are no hexadecimal digits.
pub fn marker(length: usize) -> String {
    const LETTERS: &[u8] = b"ghjkmnpqrstvwxyzGHJKMNPQRSTVWXYZ";
    let mut text = String::from("not-a-real-");
    while text.len() < length {
        let random = RandomState::new().hash_one(text.len());
        text.extend((0..12).map(|at| char::from(LETTERS[(random >> (5 * at) & 31) as usize])));
    }
    text.truncate(length);
    text
}

/// How a probe is started.
pub struct Probe<'a> {
    pub program: &'a str,
    /// The shape of the secret and where it comes from.
    pub arguments: Vec<OsString>,
    pub variables: Vec<(String, String)>,
    pub folder: &'a Path,
    /// What is looked for.
    pub values: Vec<String>,
}

/// What was found of one value.
#[derive(Debug)]
pub struct Found {
    /// Where the values lie inside their secrets.
    pub inside: Vec<Range<u64>>,
    pub alive: Vec<Copy>,
    pub dropped: Vec<Copy>,
}

impl Found {
    /// The copies outside of the secret while it is alive.
    pub fn alive(&self) -> Count {
        scan::count(&self.alive, &self.inside)
    }

    /// All copies when it has been dropped.
    pub fn dropped(&self) -> Count {
        scan::count(&self.dropped, &[])
    }
}

/// The process. It is ended when this is dropped.
struct Running {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Running {
    fn start(probe: &Probe<'_>) -> Self {
        let mut child = Command::new(probe.program)
            .args(&probe.arguments)
            .env_clear()
            .envs(probe.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(probe.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", probe.program));
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, input, output }
    }

    /// The next line that it says.
    fn says(&mut self) -> String {
        match self.output.next() {
            Some(line) => line.unwrap(),
            None => panic!("the probe ended: {}", self.errors()),
        }
    }

    fn go_on(&mut self) {
        self.input.write_all(b"\n").unwrap();
    }

    /// What it wrote to its standard error. It is ended.
    fn errors(&mut self) -> String {
        self.child.kill().ok();
        let mut errors = String::new();
        self.child.stderr.take().map(|mut stream| stream.read_to_string(&mut errors));
        errors
    }
}

/// How long a connection may take to be closed on its own thread, behind the load that had it.
const PATIENCE: Duration = Duration::from_mins(1);

/// Runs a probe whose load succeeds or, where that is expected, is refused. It is looked through once more as long as there are more copies than are
/// expected of a value.
pub fn run(probe: &Probe<'_>, is_refused: bool, is_expected: impl Fn(usize, Count) -> bool) -> Vec<Found> {
    let mut running = Running::start(probe);
    assert_eq!(running.says(), "ready");
    running.go_on();
    let said = running.says();
    let process = running.child.id();
    let mut words = said.split(' ');
    match (words.next(), is_refused) {
        (Some("alive"), false) | (Some("refused"), true) => {}
        _ => panic!("the probe said {said}: {}", running.errors()),
    }
    let number = |text: &str| u64::from_str_radix(text, 16).unwrap();
    let inside: Vec<Range<u64>> = words
        .map(|word| {
            let (address, length) = word.split_once('+').unwrap();
            number(address)..number(address) + number(length)
        })
        .collect();
    let look = || probe.values.iter().map(|value| scan::copies(process, value.as_bytes())).collect::<Vec<_>>();
    let start = Instant::now();
    let mut alive = look();
    while start.elapsed() < PATIENCE && !alive.iter().enumerate().all(|(at, copies)| is_expected(at, scan::count(copies, &inside))) {
        thread::sleep(Duration::from_millis(20));
        alive = look();
    }
    for (value, copies) in probe.values.iter().zip(&alive) {
        show("alive", process, value, copies, &inside);
    }
    running.go_on();
    assert_eq!(running.says(), "dropped");
    let dropped = look();
    for (value, copies) in probe.values.iter().zip(&dropped) {
        show("dropped", process, value, copies, &[]);
    }
    running.go_on();
    alive.into_iter().zip(dropped).map(|(alive, dropped)| Found { inside: inside.clone(), alive, dropped }).collect()
}

/// With `CONFIGCHECK_TEST_MEMORY=show`: where each copy lies and what stands around it, for who looks for its origin.
fn show(when: &str, process: u32, value: &str, copies: &[Copy], inside: &[Range<u64>]) {
    if std::env::var_os("CONFIGCHECK_TEST_MEMORY").is_none_or(|wish| wish != "show") {
        return;
    }
    for copy in copies.iter().filter(|copy| !inside.iter().any(|range| range.contains(&copy.address))) {
        println!("{when}: {:x} {} whole={} pieces={}", copy.address, copy.mapping, copy.is_whole, copy.pieces.len());
        let bytes = scan::bytes_at(process, copy.address.saturating_sub(96), value.len().min(160) + 192);
        let shown: String = bytes.iter().map(|byte| if (32..127).contains(byte) { char::from(*byte) } else { '.' }).collect();
        println!("    {shown}");
    }
}
