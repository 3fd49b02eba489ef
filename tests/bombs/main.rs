//! Small inputs that would take all memory, all stack or all time of a careless reader: each reader says what is wrong with them, soon, and
//! without growing.
//!
//! Each bomb is read in a process of its own, which is this test again with the name of the bomb in its environment: its peak is then its own.
#![expect(clippy::print_stdout, reason = "the figures are printed")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

mod readers;

use readers::BOMBS;

/// Says which bomb the process reads.
const NAME: &str = "CONFIGCHECK_TEST_BOMB";

/// More memory than this is not taken above the start, in KiB.
const MOST_KIB: u64 = 32 * 1024;

/// A reader that takes longer hangs. A reader is expected to be a hundred times as fast, which the figures show.
const HANGS: Duration = Duration::from_mins(1);

/// What the child prints before what it found.
const MARK: &str = "bomb:";

#[test]
fn every_bomb_is_refused_soon_and_without_growing() {
    if std::env::var_os(NAME).is_some() {
        return;
    }
    let (mut slowest, mut largest, mut wrong) = (0, 0, Vec::new());
    for bomb in BOMBS {
        match explode(bomb.name) {
            Err(why) => wrong.push(format!("{}: {why}", bomb.name)),
            Ok(Effect { millis, kib, said }) => {
                println!("figure: Z6.{} ms={millis} KiB={kib}", bomb.name);
                (slowest, largest) = (millis.max(slowest), kib.max(largest));
                if kib > MOST_KIB {
                    wrong.push(format!("{}: took {kib} KiB", bomb.name));
                }
                if !said.contains(bomb.says) {
                    wrong.push(format!("{}: should say {:?}, but said: {said}", bomb.name, bomb.says));
                }
            }
        }
    }
    println!("figure: Z6 bombs={} refused={} slowest_ms={slowest} largest_KiB={largest}", BOMBS.len(), BOMBS.len() - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a bomb does to the process that reads it.
struct Effect {
    millis: u128,
    kib: u64,
    said: String,
}

fn explode(name: &str) -> Result<Effect, String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "one_bomb", "--nocapture", "--test-threads=1"]).env(NAME, name).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > HANGS {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err("hangs".to_owned());
        }
        thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    let (said, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let Some((_, found)) = said.split_once(MARK) else {
        let last = complaint.lines().rfind(|line| !line.is_empty()).unwrap_or_default();
        return Err(format!("the process ended with {}: {last}", output.status));
    };
    let mut parts = found.trim_start().splitn(3, ' ');
    let millis = parts.next().unwrap().parse().unwrap();
    let kib = parts.next().unwrap().parse().unwrap();
    Ok(Effect { millis, kib, said: parts.next().unwrap_or_default().to_owned() })
}

/// Reads the bomb that the environment names, and does nothing without one.
#[test]
fn one_bomb() {
    let Ok(name) = std::env::var(NAME) else { return };
    let bomb = BOMBS.iter().find(|bomb| bomb.name == name).unwrap_or_else(|| panic!("no bomb has this name"));
    let input = (bomb.make)();
    // Where the kernel allows it the peak is forgotten that making the input had.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let (before, start) = (peak(), Instant::now());
    let said = (bomb.read)(&input);
    let (millis, kib) = (start.elapsed().as_millis(), peak().saturating_sub(before));
    println!("\n{MARK} {millis} {kib} {}", said.replace('\n', " "));
}

/// The most memory that this process has held so far, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
