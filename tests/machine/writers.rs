//! Writing: the old bytes or the new ones, whatever fails and whenever the writer is killed.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use configcheck_files::faults::{Fault, inject};
use configcheck_files::replace;

use crate::child;

const OLD: &[u8] = b"old old old old\n";
const NEW: &[u8] = b"new new new new new new\n";

/// `ENOENT`, `EINTR`, `EIO`, `EACCES`, `ENFILE`, `EMFILE`, `ENOSPC`, `EROFS`, `EDQUOT`, `ESTALE`.
const ERRORS: [i32; 10] = [2, 4, 5, 13, 23, 24, 28, 30, 122, 116];

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_write_that_fails_leaves_the_old_bytes_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let (mut runs, mut written) = (0, 0);
    for is_new in [false, true] {
        for error in ERRORS {
            for at in 1.. {
                let _ = fs::remove_file(&path);
                if !is_new {
                    fs::write(&path, OLD).unwrap();
                    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
                }
                let fault = inject(at, Fault::Once(error));
                let result = replace(&path, NEW);
                let struck = fault.struck();
                drop(fault);
                runs += 1;
                let context = format!("error {error} at call {at} ({struck:?})");
                match &result {
                    Ok(()) => assert_eq!(fs::read(&path).unwrap(), NEW, "{context}"),
                    Err(_) if is_new => assert!(!path.exists(), "{context}"),
                    Err(_) => assert_eq!(fs::read(&path).unwrap(), OLD, "{context}"),
                }
                written += usize::from(result.is_ok());
                if !is_new {
                    assert_eq!(mode(&path), 0o640, "{context}");
                }
                let expected: &[&str] = if path.exists() { &["file"] } else { &[] };
                assert_eq!(names(folder.path()), expected, "{context}");
                if struck.is_none() {
                    assert!(result.is_ok());
                    break;
                }
                replace(&path, NEW).unwrap();
                assert_eq!(fs::read(&path).unwrap(), NEW);
            }
        }
    }
    println!("figure: C2.write runs={runs} written={written} half_written=0 left_behind=0 mode_changed=0");
}

#[test]
fn writes_of_one_byte_write_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let fault = inject(1, Fault::Short);
    replace(&path, NEW).unwrap();
    assert!(fault.calls() > u64::try_from(NEW.len()).unwrap());
    assert_eq!(fs::read(&path).unwrap(), NEW);
}

#[test]
fn a_fault_that_stays_leaves_at_most_what_the_next_writer_removes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    for error in [5, 28, 30] {
        for at in 1.. {
            fs::write(&path, OLD).unwrap();
            let fault = inject(at, Fault::Always(error));
            let result = replace(&path, NEW);
            let struck = fault.struck();
            drop(fault);
            let expected = if result.is_ok() { NEW } else { OLD };
            assert_eq!(fs::read(&path).unwrap(), expected, "error {error} from call {at} ({struck:?})");
            replace(&path, NEW).unwrap();
            assert_eq!(names(folder.path()), ["file"]);
            if struck.is_none() {
                break;
            }
        }
    }
}

/// How long the texts are: long enough for a kill to fall between the pieces of a write.
const LENGTH: usize = 300_000;

/// No test of its own: a writer that never stops.
#[test]
fn endless_writer() {
    if child::task().as_deref() != Some("write") {
        return;
    }
    let path = std::env::var_os("MACHINE_TEST_PATH").unwrap();
    println!("READY");
    for letter in [b'a', b'b'].into_iter().cycle() {
        replace(path.as_ref(), &vec![letter; LENGTH]).unwrap();
    }
}

#[test]
fn a_writer_that_is_killed_leaves_the_old_bytes_or_the_new() {
    let kills: usize = std::env::var("MACHINE_TEST_KILLS").map_or(100, |number| number.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, vec![b'a'; LENGTH]).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let (mut counts, mut left, mut moment) = ([0_usize; 2], 0, 1_u64);
    for kill in 0..kills {
        let mut writer = child::command("writers::endless_writer", "write");
        let mut writer = writer.env("MACHINE_TEST_PATH", &path).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let ready = BufReader::new(writer.stdout.take().unwrap()).lines().any(|line| line.unwrap().contains("READY"));
        assert!(ready);
        // Instants that no rhythm of the writer fits.
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros((moment >> 33) % 6_000));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(bytes.len(), LENGTH, "kill {kill}");
        assert!(bytes.iter().all(|byte| *byte == bytes[0]), "kill {kill}: the file is mixed");
        counts[usize::from(bytes[0] == b'b')] += 1;
        assert_eq!(mode(&path), 0o600, "kill {kill}");
        left += names(folder.path()).len() - 1;
        for name in names(folder.path()).iter().filter(|name| *name != "file") {
            assert_eq!(mode(&folder.path().join(name)) & 0o077, 0, "kill {kill}: others may open {name}");
        }
        // The next start removes what the killed one left.
        replace(&path, &bytes).unwrap();
        assert_eq!(names(folder.path()), ["file"], "kill {kill}");
    }
    println!(
        "figure: C1 kills={kills} first_text={} second_text={} mixed=0 interrupted_writes={left} left_after_next_write=0",
        counts[0], counts[1]
    );
    assert!(left > 0 || kills < 50, "no kill fell into a write, so that nothing was proved");
}

/// Two writers at once: neither takes the other's new file for an abandoned one.
#[test]
fn writers_beside_each_other_disturb_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "").unwrap();
    let end = Instant::now() + Duration::from_secs(2);
    std::thread::scope(|scope| {
        for letter in b'a'..=b'd' {
            let path = &path;
            scope.spawn(move || {
                while Instant::now() < end {
                    replace(path, &vec![letter; 5_000]).unwrap();
                }
            });
        }
        while Instant::now() < end {
            let bytes = fs::read(&path).unwrap();
            assert!(bytes.is_empty() || bytes.len() == 5_000 && bytes.iter().all(|byte| *byte == bytes[0]));
        }
    });
    assert_eq!(names(folder.path()), ["file"]);
}
