//! The twenty traps, and a few more, for every source: the right finding, at once, in little memory.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use configcheck_files::faults::{Fault, inject};

use crate::child;
use crate::sources::{ALL, Ended, Place, Source, clear};

/// Against hangs alone; what it really takes is printed.
const HANG: Duration = Duration::from_secs(15);

/// How many loads of each source meet a file that is being swapped.
const SWAPPED: usize = 100;

/// What must come of a trap.
enum Expected {
    /// The secret of the good file.
    Loads,
    /// A finding of the source's rule with these words.
    Says(&'static str),
    /// What the source says where there is no file.
    Absent,
    /// The secret, or a finding: it depends on when.
    Either,
}

struct Trap {
    name: &'static str,
    lay: fn(&Path, &[u8]),
    expected: Expected,
}

const TRAPS: [Trap; 17] = [
    Trap { name: "plain", lay: |path, good| fs::write(path, good).unwrap(), expected: Expected::Loads },
    Trap { name: "ENOENT", lay: |_, _| {}, expected: Expected::Absent },
    Trap {
        name: "FIFO",
        lay: |path, _| assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
        expected: Expected::Says("this is a named pipe, not a file"),
    },
    Trap { name: "device", lay: |path, _| symlink("/dev/zero", path).unwrap(), expected: Expected::Says("this is a device, not a file") },
    Trap { name: "terminal", lay: |path, _| symlink("/dev/tty", path).unwrap(), expected: Expected::Says("this is a device, not a file") },
    Trap {
        name: "socket",
        lay: |path, _| drop(UnixListener::bind(path).unwrap()),
        expected: Expected::Says("this is a socket, not a file"),
    },
    Trap { name: "directory", lay: |path, _| fs::create_dir(path).unwrap(), expected: Expected::Says("this is a directory, not a file") },
    Trap {
        name: "symlink",
        lay: |path, good| {
            fs::write(beside(path), good).unwrap();
            symlink(beside(path), path).unwrap();
        },
        expected: Expected::Loads,
    },
    Trap { name: "dangling symlink", lay: |path, _| symlink("/no/such/file", path).unwrap(), expected: Expected::Absent },
    Trap {
        name: "symlink loop",
        lay: |path, _| symlink(path, path).unwrap(),
        expected: Expected::Says("the symbolic links lead in a circle"),
    },
    Trap {
        name: "hard link",
        lay: |path, good| {
            fs::write(beside(path), good).unwrap();
            fs::hard_link(beside(path), path).unwrap();
        },
        expected: Expected::Loads,
    },
    Trap { name: "mode 0666", lay: |path, good| with_mode(path, good, 0o666), expected: Expected::Loads },
    Trap { name: "mode 0644", lay: |path, good| with_mode(path, good, 0o644), expected: Expected::Loads },
    Trap {
        name: "other owner",
        lay: |path, good| {
            fs::write(path, good).unwrap();
            // Nobody but the superuser may give a file away; for others a file of root's is the other owner's, which the traps of devices
            // and of /proc already read.
            if child::is_superuser() {
                std::os::unix::fs::chown(path, Some(child::NOBODY), Some(child::NOBODY)).unwrap();
            }
        },
        expected: Expected::Loads,
    },
    Trap {
        name: "/proc/self/mem",
        lay: |path, _| symlink("/proc/self/mem", path).unwrap(),
        expected: Expected::Says("the operating system reports an input/output error"),
    },
    Trap {
        name: "sparse, 10 GB",
        lay: |path, _| File::create(path).unwrap().set_len(10 << 30).unwrap(),
        expected: Expected::Says("the file is larger than"),
    },
    Trap { name: "endless in /proc", lay: |path, _| symlink("/proc/kallsyms", path).unwrap(), expected: Expected::Either },
];

fn beside(path: &Path) -> std::path::PathBuf {
    path.with_file_name("..other")
}

fn with_mode(path: &Path, good: &[u8], mode: u32) {
    fs::write(path, good).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The longest time that a cell took, and how many there were.
#[derive(Default)]
struct Tally {
    cells: usize,
    last: Duration,
    slowest: Duration,
    which: String,
    /// The longest that a refusal took of what is no readable file.
    refusal: Duration,
}

impl Tally {
    fn load(&mut self, source: &Source, place: &Place, trap: &str) -> Ended {
        let start = Instant::now();
        let ended = source.load(place);
        let took = start.elapsed();
        assert!(took < HANG, "{}, {trap}: it took {took:?}", source.name);
        self.cells += 1;
        self.last = took;
        if took > self.slowest {
            (self.slowest, self.which) = (took, format!("{}/{trap}", source.name).replace(' ', "-"));
        }
        ended
    }
}

/// No test of its own: what the second process does, whose memory is measured.
#[test]
fn cells() {
    if child::task().as_deref() != Some("cells") {
        return;
    }
    let place = Place::new();
    for source in &ALL {
        fs::write(source.path(&place), source.good(&place)).unwrap();
        let ended = source.load(&place);
        assert!(ended.is_good(), "{}: {ended:?}", source.name);
        clear(&source.path(&place));
    }
    let (before, mut tally) = (child::peak(), Tally::default());
    for source in &ALL {
        let (path, good) = (source.path(&place), source.good(&place));
        for trap in &TRAPS {
            (trap.lay)(&path, &good);
            let ended = tally.load(source, &place, trap.name);
            check(source, trap.name, &trap.expected, &ended);
            if matches!(trap.expected, Expected::Says(_) | Expected::Absent) {
                tally.refusal = tally.refusal.max(tally.last);
            }
            clear(&path);
            drop(fs::remove_file(beside(&path)));
        }
        grows(source, &place, &mut tally);
        is_swapped(source, &place, &mut tally);
    }
    println!(
        "CELLS {} {} {} {} {}",
        tally.cells,
        tally.refusal.as_millis(),
        tally.slowest.as_millis(),
        tally.which,
        child::peak().saturating_sub(before)
    );
}

fn check(source: &Source, trap: &str, expected: &Expected, ended: &Ended) {
    let holds = match expected {
        Expected::Loads => ended.is_good(),
        Expected::Says(words) => ended.says(source.rule, words),
        Expected::Absent => {
            let is_optional = source.absent != source.rule;
            ended.says(source.rule, "there is no file at this path") || is_optional && ended.says(source.absent, "TOKEN is not set")
        }
        Expected::Either => !matches!(ended, Ended::Loaded(_)) || ended.is_good(),
    };
    assert!(holds, "{}, {trap}: {ended:?}", source.name);
}

/// Another process writes to the file without end.
fn grows(source: &Source, place: &Place, tally: &mut Tally) {
    let path = source.path(place);
    fs::write(&path, source.good(place)).unwrap();
    disturbed(
        |stop| {
            let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
            while !stop.load(Ordering::Relaxed) {
                // A file that has grown much and stays so is a large file, and no trap.
                for _ in 0..64 {
                    file.write_all(&[b'x'; 4096]).unwrap();
                }
                file.set_len(0).unwrap();
            }
        },
        || {
            for _ in 0..10 {
                // What a reader sees that is quick enough is a whole file at that moment, however long.
                tally.load(source, place, "growing");
            }
        },
    );
    clear(&path);
}

/// Another thread puts a pipe and a good file into its place, over and over.
fn is_swapped(source: &Source, place: &Place, tally: &mut Tally) {
    let (path, good) = (source.path(place), source.good(place));
    let (pipe, spare) = (place.at("pipe"), path.with_file_name("..spare"));
    fs::write(&path, &good).unwrap();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    disturbed(
        |stop| {
            while !stop.load(Ordering::Relaxed) {
                fs::hard_link(&pipe, &spare).unwrap();
                fs::rename(&spare, &path).unwrap();
                fs::write(&spare, &good).unwrap();
                fs::rename(&spare, &path).unwrap();
            }
        },
        || {
            for _ in 0..SWAPPED {
                let ended = tally.load(source, place, "swapped");
                let refused =
                    ended.says(source.rule, "this is a named pipe") || ended.says(source.rule, "the file changed while it was read");
                assert!(ended.is_good() || refused, "{}: {ended:?}", source.name);
            }
        },
    );
    clear(&path);
    clear(&pipe);
}

/// Runs the reader while the other disturbs it.
fn disturbed(disturb: impl FnOnce(&AtomicBool) + Send, run: impl FnOnce()) {
    struct Stop<'a>(&'a AtomicBool);
    impl Drop for Stop<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| disturb(&stop));
        let _stop = Stop(&stop);
        run();
    });
}

#[test]
fn every_source_meets_every_trap() {
    let output = child::command("traps::cells", "cells").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    let line = text.lines().find_map(|line| Some(line.split_once("CELLS ")?.1)).unwrap();
    let [cells, refusal, slowest, which, risen] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
    println!(
        "figure: P1 sources={} cells={cells} hangs=0 slowest_refusal_ms={refusal} slowest_ms={slowest} slowest={which} rss_risen_kib={risen}",
        ALL.len()
    );
    let risen: u64 = risen.parse().unwrap();
    assert!(risen < 8 << 10, "the peak of memory rose by {risen} KiB");
}

/// No test of its own: what a user who is not the superuser does.
#[test]
fn denied_cells() {
    if child::task().as_deref() != Some("denied") {
        return;
    }
    let place = Place::new();
    for source in &ALL {
        let path = source.path(&place);
        with_mode(&path, &source.good(&place), 0o000);
        let ended = source.load(&place);
        assert!(ended.says(source.rule, "this process may not read the file"), "{}: {ended:?}", source.name);
        clear(&path);
    }
    println!("DENIED {}", ALL.len());
}

#[test]
fn a_file_that_may_not_be_read_is_said_to_be() {
    let (mut command, _folder) = child::command_of_nobody("traps::denied_cells", "denied");
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("DENIED 12"), "{text}");
}

/// What is in the file is as it may be; each source says what it makes of that.
#[test]
fn what_is_in_a_file_is_taken_or_refused_and_never_changed() {
    let place = Place::new();
    let told = |source: &Source, bytes: &[u8]| {
        fs::write(source.path(&place), bytes).unwrap();
        let told = match source.load(&place) {
            Ended::Loaded(token) => format!("{token:?}"),
            Ended::Refused { rules, text } => {
                let first = text.lines().find(|line| line.starts_with("error[")).unwrap_or_default().to_owned();
                assert!(!rules.is_empty(), "{}: {text}", source.name);
                first.replace(place.folder.path().to_str().unwrap(), "")
            }
        };
        clear(&source.path(&place));
        told
    };
    let mut table = String::new();
    for source in &ALL {
        let good = source.good(&place);
        let crlf: Vec<u8> = good.iter().flat_map(|byte| if *byte == b'\n' { vec![b'\r', b'\n'] } else { vec![*byte] }).collect();
        let middle = good.len() * 2 / 3;
        let with = |byte: u8| [&good[..middle], &[byte], &good[middle..]].concat();
        for (trap, bytes) in [
            ("BOM", [b"\xef\xbb\xbf", good.as_slice()].concat()),
            ("CRLF", crlf),
            ("NUL", with(0)),
            ("not UTF-8", with(0xff)),
            ("empty", vec![]),
        ] {
            table += &format!("{:16} {trap:9} {}\n", source.name, told(source, &bytes));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("machine/made/contents.txt");
    if std::env::var_os("UPDATE_PAGES").is_some() {
        fs::write(&path, &table).unwrap();
    }
    assert_eq!(table, fs::read_to_string(path).unwrap(), "UPDATE_PAGES=1 writes it");
}

/// A second writer cuts the file off, or replaces it, between any two calls of the reader.
#[test]
fn a_file_that_changes_between_any_two_calls_is_whole_or_refused() {
    let place = Arc::new(Place::new());
    let (mut runs, mut whole) = (0, 0);
    for source in ALL {
        let (path, good) = (source.path(&place), source.good(&place));
        for change in ["cut off", "replaced", "swapped for a pipe", "removed", "grown"] {
            for at in 1.. {
                clear(&path);
                fs::write(&path, &good).unwrap();
                let (target, content) = (path.clone(), good.clone());
                let done = inject(at, Fault::Meanwhile(Arc::new(move || apply(change, &target, &content))));
                let ended = source.load(&place);
                let struck = done.struck();
                drop(done);
                runs += 1;
                whole += usize::from(ended.is_good());
                let is_right = match &ended {
                    Ended::Loaded(_) if change == "grown" => true,
                    // A file of mounted secrets that holds nothing sets its key to nothing.
                    Ended::Loaded(_) => ended.is_good(),
                    Ended::Refused { .. } => true,
                };
                assert!(is_right, "{}, {change} before call {at} ({struck:?}): {ended:?}", source.name);
                if change == "replaced" {
                    assert!(ended.is_good(), "{}, {change} before call {at} ({struck:?}): {ended:?}", source.name);
                }
                if struck.is_none() {
                    assert!(ended.is_good());
                    break;
                }
            }
            clear(&path);
        }
    }
    println!("figure: P1 changes_between_calls={runs} whole={whole} torn=0");
}

fn apply(change: &str, path: &Path, good: &[u8]) {
    match change {
        "cut off" => drop(fs::OpenOptions::new().write(true).truncate(true).open(path)),
        "replaced" => {
            let new = path.with_file_name("..new");
            fs::write(&new, good).unwrap();
            fs::rename(new, path).unwrap();
        }
        "swapped for a pipe" => {
            clear(path);
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        }
        "removed" => clear(path),
        _ => drop(fs::OpenOptions::new().append(true).open(path).and_then(|mut file| file.write_all(b"x"))),
    }
}

/// The opener alone: ten thousand reads while a second thread swaps the file for a pipe.
#[test]
fn ten_thousand_reads_of_a_file_that_is_swapped() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("file"), "one").unwrap();
    fs::write(at("two"), "two").unwrap();
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    let (swaps, counts) = (AtomicU64::new(0), Mutex::new([0_u32; 3]));
    let start = Instant::now();
    disturbed(
        |stop| {
            while !stop.load(Ordering::Relaxed) {
                for name in ["pipe", "two"] {
                    fs::hard_link(at(name), at("spare")).unwrap();
                    fs::rename(at("spare"), at("file")).unwrap();
                    drop(fs::remove_file(at("spare")));
                    swaps.fetch_add(1, Ordering::Relaxed);
                }
            }
        },
        || {
            // At least ten thousand of each: reads, and swaps under them.
            let mut reads = 0;
            while (reads < 10_000 || swaps.load(Ordering::Relaxed) < 10_000) && start.elapsed() < Duration::from_mins(1) {
                reads += 1;
                let which = match configcheck_files::read(&at("file"), 100) {
                    Ok(contents) => {
                        assert!(matches!(contents.bytes.as_slice(), b"one" | b"two"));
                        0
                    }
                    Err(configcheck_files::Refusal::Fifo) => 1,
                    Err(configcheck_files::Refusal::Changed) => 2,
                    Err(other) => panic!("{other}"),
                };
                counts.lock().unwrap()[which] += 1;
            }
        },
    );
    let [read, pipe, changed] = *counts.lock().unwrap();
    println!(
        "figure: P1 swaps={} reads={} whole={read} refused_as_pipe={pipe} refused_as_changing={changed} hangs=0",
        swaps.load(Ordering::Relaxed),
        read + pipe + changed
    );
    assert!(read + pipe + changed >= 10_000);
}

/// Who may reach a file is found where it matters, and mounted secrets are as Kubernetes, Docker and systemd make them.
#[test]
fn a_file_that_everybody_may_write_to_is_found_where_a_service_is_deployed() {
    use configcheck::{Loader, Report};

    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("token");
    let rules = |environment: &str, mode: u32, loader: &dyn Fn(Loader) -> Loader| -> Vec<String> {
        clear(&secret);
        with_mode(&secret, b"not-a-real-token", mode);
        let base = Loader::new().no_dotenv().no_standard_mounts().environment(environment).vars(Vec::<(String, String)>::new());
        let report: Report = loader(base).inspect::<crate::sources::Settings>();
        report.active().map(|finding| format!("{} {}", finding.rule.name, finding.severity.name())).collect()
    };
    let mounted = |loader: Loader| loader.mounted_dir(folder.path());
    let key_file = |loader: Loader| loader.vars([("TOKEN_FILE", &secret)]);
    for load in [&mounted as &dyn Fn(Loader) -> Loader, &key_file] {
        for mode in [0o400, 0o440, 0o444, 0o600, 0o640, 0o644, 0o664] {
            assert_eq!(rules("production", mode, load), Vec::<String>::new(), "{mode:o}");
        }
        for mode in [0o666, 0o777, 0o602] {
            for environment in ["staging", "production"] {
                assert_eq!(rules(environment, mode, load), ["writable-by-all warning"], "{mode:o}");
            }
            assert_eq!(rules("development", mode, load), Vec::<String>::new(), "{mode:o}");
        }
    }
}
