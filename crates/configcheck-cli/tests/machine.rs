//! The command on a machine that fails, and before files that are none: the exit code of the contract, and nothing half-written.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "figures")]

mod project;

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use project::{Project, SECRET};

/// Against hangs alone.
const HANG: Duration = Duration::from_mins(1);

const ENV: &str = "APP_ENV=production\nPORT=8080\nJWT_SECRET=hunter2-fake-secret-that-is-long-enough-for-32\nSMTP_HOST=mail\n";

/// An input of the command: its file, what a good one holds, and the arguments that have it read.
const INPUTS: [(&str, &str, &str, &[&str]); 6] = [
    ("env file", "in.env", ENV, &["check", "in.env", "--env", "production"]),
    ("schema", "in.schema.json", project::SCHEMA, &["check", "good.env", "--env", "production", "--schema", "in.schema.json"]),
    ("configcheck.toml", "in.toml", "# Nothing.\n", &["check", "good.env", "--env", "production", "--config", "in.toml"]),
    (
        "baseline",
        "in.json",
        "{\"format\": \"configcheck-baseline/v1\", \"findings\": []}\n",
        &["check", "good.env", "--env", "production", "--baseline", "in.json"],
    ),
    ("--from", "in.env", ENV, &["check", "--from", "dotenv:in.env", "--env", "production"]),
    ("diff", "in.env", ENV, &["diff", "in.env", "good.env"]),
];

type Lay = fn(&Path, &str);

/// The traps, and what is said of them; nothing of those that are files like any other.
const TRAPS: [(&str, Lay, &str); 15] = [
    ("plain", |path, good| fs::write(path, good).unwrap(), ""),
    ("ENOENT", |_, _| {}, "there is no file at this path"),
    ("FIFO", |path, _| assert!(Command::new("mkfifo").arg(path).status().unwrap().success()), "this is a named pipe, not a file"),
    ("device", |path, _| symlink("/dev/zero", path).unwrap(), "this is a device, not a file"),
    ("terminal", |path, _| symlink("/dev/tty", path).unwrap(), "this is a device, not a file"),
    ("socket", |path, _| drop(UnixListener::bind(path).unwrap()), "this is a socket, not a file"),
    ("directory", |path, _| fs::create_dir(path).unwrap(), "this is a directory, not a file"),
    (
        "symlink",
        |path, good| {
            fs::write(path.with_file_name("..other"), good).unwrap();
            symlink("..other", path).unwrap();
        },
        "",
    ),
    ("dangling symlink", |path, _| symlink("/no/such/file", path).unwrap(), "there is no file at this path"),
    ("symlink loop", |path, _| symlink(path, path).unwrap(), "the symbolic links lead in a circle"),
    (
        "hard link",
        |path, good| {
            fs::write(path.with_file_name("..other"), good).unwrap();
            fs::hard_link(path.with_file_name("..other"), path).unwrap();
        },
        "",
    ),
    (
        "mode 0666",
        |path, good| {
            fs::write(path, good).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
        },
        "",
    ),
    ("/proc/self/mem", |path, _| symlink("/proc/self/mem", path).unwrap(), "the operating system reports an input/output error"),
    ("sparse, 10 GB", |path, _| File::create(path).unwrap().set_len(10 << 30).unwrap(), "the file is larger than 256 MiB"),
    ("mode 0644", |path, good| fs::write(path, good).unwrap(), ""),
];

/// The command under a limit of the shell, in the folder of the project.
fn limited(project: &Project, limit: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{limit}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_configcheck")]).args(arguments);
    command.current_dir(project.path("")).env("NO_COLOR", "1").env_remove("APP_ENV");
    command
}

fn text(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!text.contains(SECRET) && !text.contains("this is a mistake of configcheck") && !text.contains("panicked"), "{text}");
    text
}

#[test]
fn every_input_meets_every_trap() {
    let (mut cells, mut slowest) = (0, Duration::ZERO);
    for (input, file, good, arguments) in INPUTS {
        let project = Project::with_schema(&[("good.env", ENV)]);
        let path = project.path(file);
        let mut good_code = None;
        for (trap, lay, words) in TRAPS {
            lay(&path, good);
            let start = Instant::now();
            // The address space is held to less than a file of the largest size that is read would need.
            let output = limited(&project, "ulimit -v 1000000", arguments).output().unwrap();
            let took = start.elapsed();
            assert!(took < HANG, "{input}, {trap}: {took:?}");
            let (code, told) = (output.status.code(), text(&output));
            // A folder is searched for env files.
            let words = if input == "env file" && trap == "directory" { "no env file is in this folder" } else { words };
            if words.is_empty() {
                let good_code = *good_code.get_or_insert(code);
                assert!(code == good_code && matches!(code, Some(0 | 1)), "{input}, {trap}: {code:?} {told}");
            } else {
                assert!(code == Some(3) && told.contains(words) && told.contains(file), "{input}, {trap}: {code:?} {told}");
            }
            cells += 1;
            slowest = slowest.max(took);
            if path.is_dir() {
                fs::remove_dir(&path).unwrap();
            } else {
                drop(fs::remove_file(&path));
            }
            drop(fs::remove_file(project.path("..other")));
        }
    }
    println!("figure: P1.command inputs={} cells={cells} hangs=0 slowest_ms={}", INPUTS.len(), slowest.as_millis());
}

/// What writes a file: the arguments, the file, and what it held before.
const WRITERS: [(&[&str], &str, Option<&str>); 7] = [
    (&["example", "--merge"], ".env.example", Some("# Mine.\nPORT=\n")),
    (&["example", "--out", "new.env"], "new.env", None),
    (&["schema", "--out", "out.json"], "out.json", Some("old\n")),
    (&["docs", "--out", "docs.md"], "docs.md", Some("old\n")),
    (&["docs", "--inject", "page.md"], "page.md", Some("# Mine\n\n<!-- configcheck:begin -->\n<!-- configcheck:end -->\n")),
    (&["check", "good.env", "--env", "production", "--write-baseline", "known.json"], "known.json", Some("old\n")),
    (&["check", "good.env", "--env", "production", "--format", "json", "--output", "result.json"], "result.json", Some("old\n")),
];

struct Writer {
    project: Project,
    arguments: &'static [&'static str],
    file: &'static str,
    old: Option<&'static str>,
    new: Vec<u8>,
    code: i32,
}

impl Writer {
    /// Runs it once without any fault, to know what it writes.
    fn of((arguments, file, old): (&'static [&'static str], &'static str, Option<&'static str>)) -> Self {
        let project = Project::with_schema(&[("good.env", ENV)]);
        let mut writer = Self { project, arguments, file, old, new: Vec::new(), code: 0 };
        writer.reset();
        let output = limited(&writer.project, ":", arguments).output().unwrap();
        let told = text(&output);
        writer.code = output.status.code().unwrap();
        assert!(matches!(writer.code, 0 | 1), "{arguments:?}: {told}");
        writer.new = writer.now().unwrap();
        assert_ne!(Some(writer.new.as_slice()), old.map(str::as_bytes), "{arguments:?} writes nothing");
        writer.reset();
        writer
    }

    fn path(&self) -> PathBuf {
        self.project.path(self.file)
    }

    fn now(&self) -> Option<Vec<u8>> {
        fs::read(self.path()).ok()
    }

    fn reset(&self) {
        drop(fs::remove_file(self.path()));
        if let Some(old) = self.old {
            fs::write(self.path(), old).unwrap();
            fs::set_permissions(self.path(), fs::Permissions::from_mode(0o640)).unwrap();
        }
    }

    /// Whether the file is the old one or the new one, of the same mode.
    fn is_whole(&self) -> bool {
        let now = self.now();
        let is_old = now.as_deref() == self.old.map(str::as_bytes);
        let is_new = now.as_deref() == Some(self.new.as_slice());
        let mode = fs::metadata(self.path()).map_or(0, |seen| seen.permissions().mode() & 0o777);
        (is_old || is_new) && (self.old.is_none() || mode == 0o640)
    }

    fn left_behind(&self) -> Vec<String> {
        self.project.files().into_iter().filter(|name| name.ends_with("tmp")).collect()
    }

    /// Runs it once more without any fault.
    fn works_again(&self) {
        let output = limited(&self.project, ":", self.arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(self.code), "{:?}: {}", self.arguments, text(&output));
        assert_eq!(self.now().as_ref(), Some(&self.new), "{:?}", self.arguments);
        assert_eq!(self.left_behind(), Vec::<String>::new(), "{:?}", self.arguments);
    }
}

/// The library that stands between the command and the C library, compiled once.
fn shim() -> &'static Path {
    static SHIM: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = SHIM.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shim.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/machine/made/shim.c");
        let status = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&path).args([source, "-ldl"]).status();
        assert!(status.expect("cc is there, since Rust links with it").success());
        (folder, path)
    });
    path
}

/// `EINTR`, `EIO`, `EMFILE`, `ENOSPC`, `EROFS`, and what is said of each; nothing of the one after which the call is made again.
const ERRORS: [(i32, &str); 5] = [
    (4, ""),
    (5, "the operating system reports an input/output error"),
    (24, "too many files are open already"),
    (28, "no space is left"),
    (30, "the file system is read-only"),
];

#[test]
fn a_system_call_that_fails_leaves_the_old_file_or_the_new_one() {
    let (mut runs, mut failed, mut struck_in_all) = (0, 0, 0);
    for writer in WRITERS.map(Writer::of) {
        for (error, words) in ERRORS {
            for at in 1.. {
                writer.reset();
                let told = writer.project.path("..told");
                drop(fs::remove_file(&told));
                let mut command = limited(&writer.project, ":", writer.arguments);
                let folder = writer.project.path("");
                command.env("LD_PRELOAD", shim()).env("SHIM_FAIL", format!("{at}:{error}"));
                command.env("SHIM_UNDER", fs::canonicalize(folder).unwrap()).env("SHIM_TOLD", &told);
                let output = command.output().unwrap();
                let said = text(&output);
                let struck = told.exists();
                drop(fs::remove_file(&told));
                runs += 1;
                let code = output.status.code();
                let context = format!("{:?}, error {error} at call {at}: {:?} {said}", writer.arguments, output.status);
                // A report about an input that could not be read is a whole report too, and says so itself.
                let report = (writer.file == "result.json" && code == Some(3)).then(|| writer.project.read(writer.file));
                let report = report.filter(|report| serde_json::from_str::<serde_json::Value>(report).is_ok()).unwrap_or_default();
                assert!(writer.is_whole() || report.contains("good.env"), "{context}");
                let said = said + &report;
                assert_eq!(writer.left_behind(), Vec::<String>::new(), "{context}");
                match code {
                    Some(code) if code == writer.code => {}
                    // A file of settings or a schema that cannot be read is no input, but stops the command all the same.
                    Some(2 | 3) => {
                        failed += 1;
                        assert!(struck && said.contains(words) && !words.is_empty(), "{context}");
                    }
                    _ => panic!("{context}"),
                }
                if !struck {
                    assert_eq!(writer.now().as_ref(), Some(&writer.new), "{context}");
                    break;
                }
                struck_in_all += 1;
            }
            writer.works_again();
        }
    }
    assert!(struck_in_all > 200, "the library between us and the system was not asked: {struck_in_all}");
    println!("figure: C2.command commands={} runs={runs} failed_aloud={failed} half_written=0 left_behind=0 panics=0", WRITERS.len());
}

#[test]
fn few_open_files_and_small_files_are_told() {
    let mut runs = 0;
    for writer in WRITERS.map(Writer::of) {
        for most in 4..12 {
            writer.reset();
            let output = limited(&writer.project, &format!("ulimit -n {most}"), writer.arguments).output().unwrap();
            let said = text(&output);
            let code = output.status.code();
            // With too few, the program itself cannot be loaded.
            let is_right =
                code == Some(writer.code) || code == Some(3) && said.contains("too many files") || code == Some(127) || code == Some(2);
            assert!(is_right && writer.is_whole(), "{:?}, {most} files: {code:?} {said}", writer.arguments);
            runs += 1;
        }
        writer.reset();
        let output = limited(&writer.project, "ulimit -f 0", writer.arguments).output().unwrap();
        let said = text(&output);
        // The system ends a program that writes more than it may, unless somebody has told it not to.
        let is_right = output.status.signal() == Some(25) || output.status.code() == Some(3) && said.contains("larger");
        assert!(is_right && writer.is_whole(), "{:?}: {:?} {said}", writer.arguments, output.status);
        writer.works_again();
        runs += 1;
    }
    println!("figure: C2.command limits_runs={runs} half_written=0");
}

#[test]
fn a_folder_that_may_not_be_written_to_is_told() {
    for writer in WRITERS.map(Writer::of) {
        let folder = writer.project.path("");
        let output = if fs::metadata("/proc/self").is_ok_and(|seen| std::os::unix::fs::MetadataExt::uid(&seen) == 0) {
            // The superuser may write everywhere; somebody else is asked, with a copy of the program where they can reach it.
            let copy = tempfile::tempdir().unwrap();
            let program = copy.path().join("configcheck");
            // Not copied here: a process that another thread starts meanwhile would hold it open for writing, and nobody could run it.
            assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_configcheck")).arg(&program).status().unwrap().success());
            fs::set_permissions(copy.path(), fs::Permissions::from_mode(0o755)).unwrap();
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
            if writer.old.is_some() {
                fs::set_permissions(writer.path(), fs::Permissions::from_mode(0o644)).unwrap();
            }
            let mut command = Command::new(program);
            std::os::unix::process::CommandExt::uid(&mut command, 65_534);
            command.args(writer.arguments).current_dir(&folder).env_remove("APP_ENV").output().unwrap()
        } else {
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
            let output = limited(&writer.project, ":", writer.arguments).output().unwrap();
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
            output
        };
        let said = text(&output);
        assert!(
            output.status.code() == Some(3) && said.contains("it is not permitted") && said.contains(writer.file),
            "{:?}: {said}",
            writer.arguments
        );
        assert_eq!(writer.now().as_deref(), writer.old.map(str::as_bytes));
        assert_eq!(writer.left_behind(), Vec::<String>::new());
    }
}

#[test]
fn an_output_that_takes_nothing_is_told_and_a_reader_that_left_is_no_failure() {
    let project = Project::with_schema(&[("good.env", ENV)]);
    for arguments in [
        &["check", "good.env", "--env", "production"][..],
        &["schema"],
        &["example"],
        &["docs"],
        &["rules"],
        &["rule", "unknown-key"],
        &["man"],
    ] {
        let good = limited(&project, ":", arguments).output().unwrap().status.code();
        let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = limited(&project, ":", arguments).stdout(full()).output().unwrap();
        let said = text(&output);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {said}");
        assert!(said.contains("standard output cannot be written to: no space is left"), "{arguments:?}: {said}");
        // A log that is full changes nothing of the result.
        let status = limited(&project, ":", arguments).stdout(Stdio::null()).stderr(full()).status().unwrap();
        assert_eq!(status.code(), good, "{arguments:?}");
        // The reader has gone before anything was written.
        let mut child = limited(&project, "sleep 0.2", arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), good, "{arguments:?}: {}", text(&output));
        // Closed streams.
        let status = limited(&project, "exec >&- 2>&- <&-", arguments).status().unwrap();
        assert_eq!(status.code(), good, "{arguments:?}");
    }
}

#[test]
fn a_writer_that_is_stopped_leaves_the_old_file_or_the_new_one() {
    let stops: u64 = std::env::var("MACHINE_TEST_KILLS").map_or(8, |number| number.parse().unwrap());
    let (mut runs, mut old, mut moment) = (0, 0, 7_u64);
    for writer in WRITERS.map(Writer::of) {
        for signal in ["KILL", "TERM", "INT"] {
            for _ in 0..stops {
                writer.reset();
                let mut child =
                    limited(&writer.project, ":", writer.arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                std::thread::sleep(Duration::from_micros((moment >> 33) % 40_000));
                assert!(Command::new("sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status().unwrap().success());
                let asked = Instant::now();
                child.wait().unwrap();
                assert!(asked.elapsed() < HANG);
                assert!(writer.is_whole(), "{:?}, {signal}: {:?}", writer.arguments, writer.now());
                old += usize::from(writer.now().as_deref() == writer.old.map(str::as_bytes));
                runs += 1;
            }
        }
        writer.reset();
        writer.works_again();
    }
    println!("figure: C1.command commands={} stops={runs} old={old} new={} mixed=0 left_after_next_write=0", WRITERS.len(), runs - old);
}

/// Where one of two files cannot be written, nothing is left that would keep the next try from its work.
#[test]
fn a_first_file_without_the_second_is_not_left() {
    let project = Project::of(&[(".env.example", "PORT=8080\n")]);
    let folder = fs::canonicalize(project.path("")).unwrap();
    let mut failed = 0;
    for at in 1.. {
        let told = project.path("..told");
        let mut command = limited(&project, ":", &["init", "--yes", "--out", "settings.rs"]);
        command.env("LD_PRELOAD", shim()).env("SHIM_FAIL", format!("{at}:5")).env("SHIM_UNDER", &folder).env("SHIM_TOLD", &told);
        let output = command.output().unwrap();
        let (said, struck) = (text(&output), told.exists());
        drop(fs::remove_file(&told));
        if output.status.code() == Some(0) {
            assert_eq!(project.files(), [".env.example", "configcheck.toml", "settings.rs"], "call {at}: {said}");
            fs::remove_file(project.path("configcheck.toml")).unwrap();
            fs::remove_file(project.path("settings.rs")).unwrap();
        } else {
            assert_eq!(project.files(), [".env.example"], "call {at}: {said}");
            failed += 1;
        }
        if !struck {
            break;
        }
    }
    assert!(failed > 4, "{failed}");
}
