//! Whatever a path leads to, the answer comes at once, is the right one and takes little memory.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot lay out its files has failed")]

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use configcheck_files::{Contents, DEFAULT_LIMIT, DIRECTORY_LIMIT, ENTRY_LIMIT, Refusal, read, read_directory};

/// Generous, since machines that run tests are busy; a reader that waits for a pipe waits for ever.
const SOON: Duration = Duration::from_secs(2);

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.at(name);
        fs::write(&path, bytes).expect("the file is written");
        path
    }
}

fn check(path: &Path, expected: Result<&[u8], Refusal>) {
    let start = Instant::now();
    let result = read(path, DEFAULT_LIMIT);
    assert!(start.elapsed() < SOON, "it waited");
    assert_eq!(result.as_ref().map(|contents| contents.bytes.as_slice()).map_err(|refusal| *refusal), expected);
}

fn make_fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
}

#[test]
fn regular_files_and_links_to_them_are_read() {
    let place = Place::new();
    let file = place.file("plain", b"not-a-real-secret\n");
    check(&file, Ok(b"not-a-real-secret\n"));
    check(&place.file("empty", b""), Ok(b""));
    check(&place.file("nul", b"\0\xff\r\n"), Ok(b"\0\xff\r\n"));
    symlink(&file, place.at("link")).unwrap();
    symlink("link", place.at("link to link")).unwrap();
    check(&place.at("link to link"), Ok(b"not-a-real-secret\n"));
}

#[test]
fn access_is_told() {
    let place = Place::new();
    let file = place.file("open", b"x");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o646)).unwrap();
    fs::hard_link(&file, place.at("second name")).unwrap();
    let access = read(&file, DEFAULT_LIMIT).unwrap().access;
    assert_eq!((access.mode, access.links), (Some(0o646), Some(2)));
    assert!(access.owner.is_some() && access.is_world_readable() && access.is_world_writable());
}

#[test]
fn what_is_no_file_is_refused_under_its_name() {
    let place = Place::new();
    make_fifo(&place.at("pipe"));
    check(&place.at("pipe"), Err(Refusal::Fifo));
    symlink(place.at("pipe"), place.at("link to pipe")).unwrap();
    check(&place.at("link to pipe"), Err(Refusal::Fifo));
    let _listener = UnixListener::bind(place.at("socket")).unwrap();
    check(&place.at("socket"), Err(Refusal::Socket));
    check(place.0.path(), Err(Refusal::Directory));
    check(Path::new("/dev/zero"), Err(Refusal::Device));
    check(Path::new("/dev/null"), Err(Refusal::Device));
    check(Path::new("/dev/tty"), Err(Refusal::Device));
    check(&place.at("absent"), Err(Refusal::NotFound));
    check(&place.file("file", b"x").join("below"), Err(Refusal::NotADirectory));
    check(Path::new(""), Err(Refusal::NotFound));
    check(Path::new("a\0b"), Err(Refusal::Failed(std::io::ErrorKind::InvalidInput)));
}

#[test]
fn links_that_lead_nowhere_are_refused() {
    let place = Place::new();
    symlink(place.at("absent"), place.at("dangling")).unwrap();
    check(&place.at("dangling"), Err(Refusal::NotFound));
    symlink(place.at("b"), place.at("a")).unwrap();
    symlink(place.at("a"), place.at("b")).unwrap();
    check(&place.at("a"), Err(Refusal::LinkLoop));
}

#[test]
fn a_file_that_may_not_be_read_is_denied() {
    let place = Place::new();
    let file = place.file("closed", b"not-a-real-secret");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&file).is_ok() {
        return; // The superuser may read everything.
    }
    check(&file, Err(Refusal::Denied));
}

#[test]
fn large_and_sparse_files_are_refused_without_reading_them() {
    let place = Place::new();
    let limit = usize::try_from(DEFAULT_LIMIT).unwrap();
    let full = vec![b'x'; limit];
    check(&place.file("full", &full), Ok(&full));
    check(&place.file("over", vec![b'x'; limit + 1]), Err(Refusal::TooLarge { limit: DEFAULT_LIMIT }));
    File::create(place.at("sparse")).unwrap().set_len(10 << 30).unwrap();
    check(&place.at("sparse"), Err(Refusal::TooLarge { limit: DEFAULT_LIMIT }));
}

#[test]
#[cfg(target_os = "linux")]
fn files_that_do_not_say_their_size_are_read_to_the_limit() {
    let contents = read(Path::new("/proc/self/status"), DEFAULT_LIMIT).unwrap();
    assert!(contents.bytes.starts_with(b"Name:"));
    assert_eq!(read(Path::new("/proc/self/status"), 16).unwrap_err(), Refusal::TooLarge { limit: 16 });
    assert!(read(Path::new("/proc/self/environ"), DEFAULT_LIMIT).is_ok());
    assert_eq!(read(Path::new("/proc/self/mem"), DEFAULT_LIMIT).unwrap_err(), Refusal::Broken);
}

#[test]
fn a_growing_file_ends_at_the_limit() {
    let place = Place::new();
    let path = place.file("growing", b"x");
    while_running(
        |stop| {
            let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
            for _ in 0..4096 {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                file.write_all(&[b'x'; 4096]).unwrap();
            }
        },
        || {
            for _ in 0..200 {
                match read(&path, DEFAULT_LIMIT) {
                    Ok(contents) => assert!(contents.bytes.capacity() <= (1 << 20) + 1),
                    Err(refusal) => assert!(matches!(refusal, Refusal::TooLarge { .. } | Refusal::Changed), "{refusal}"),
                }
            }
        },
    );
}

#[test]
fn a_file_swapped_for_a_pipe_never_makes_us_wait() {
    let place = Place::new();
    let path = place.file("swapped", b"one");
    make_fifo(&place.at("pipe"));
    place.file("regular", b"two");
    let start = Instant::now();
    while_running(
        |stop| {
            let spare = place.at("spare");
            while !stop.load(Ordering::Relaxed) {
                for source in ["pipe", "regular"] {
                    let _ = fs::remove_file(&spare);
                    fs::hard_link(place.at(source), &spare).unwrap();
                    fs::rename(&spare, &path).unwrap();
                }
            }
        },
        || {
            for _ in 0..10_000 {
                match read(&path, DEFAULT_LIMIT) {
                    Ok(contents) => assert!(matches!(contents.bytes.as_slice(), b"one" | b"two")),
                    Err(refusal) => assert!(matches!(refusal, Refusal::Fifo | Refusal::Changed), "{refusal}"),
                }
            }
        },
    );
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_file_that_is_replaced_is_whole() {
    let place = Place::new();
    let path = place.file("replaced", vec![b'a'; 50_000]);
    while_running(
        |stop| {
            for letter in (b'a'..=b'z').cycle() {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let new = place.file("new", vec![letter; 50_000]);
                fs::rename(new, &path).unwrap();
            }
        },
        || {
            for _ in 0..2_000 {
                match read(&path, DEFAULT_LIMIT) {
                    Ok(contents) => {
                        assert_eq!(contents.bytes.len(), 50_000);
                        assert!(contents.bytes.iter().all(|byte| *byte == contents.bytes[0]));
                    }
                    Err(refusal) => assert_eq!(refusal, Refusal::Changed),
                }
            }
        },
    );
}

/// Runs the reader while the other disturbs it.
fn while_running(disturb: impl FnOnce(&AtomicBool) + Send, run: impl FnOnce()) {
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

fn check_directory(path: &Path, expected: &[(&str, Result<&[u8], Refusal>)]) {
    let entries = read_directory(path, DEFAULT_LIMIT, |_| true).expect("the directory can be read");
    let entries: Vec<_> = entries.iter().map(|(name, contents)| (name.as_str(), shown(contents))).collect();
    assert_eq!(entries, expected);
}

fn shown(contents: &Result<Contents, Refusal>) -> Result<&[u8], Refusal> {
    contents.as_ref().map(|contents| contents.bytes.as_slice()).map_err(|refusal| *refusal)
}

#[test]
fn the_files_of_a_directory_come_sorted_and_without_hidden_ones() {
    let place = Place::new();
    place.file("b", b"2");
    place.file("a", b"1");
    place.file(".hidden", b"3");
    place.file("..old", b"4");
    fs::create_dir(place.at("inner")).unwrap();
    make_fifo(&place.at("pipe"));
    symlink(place.at("a"), place.at("link")).unwrap();
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;
        fs::write(place.0.path().join(std::ffi::OsStr::from_bytes(b"\xff")), b"5").unwrap();
    }
    check_directory(
        place.0.path(),
        &[("a", Ok(b"1")), ("b", Ok(b"2")), ("inner", Err(Refusal::Directory)), ("link", Ok(b"1")), ("pipe", Err(Refusal::Fifo))],
    );
    let wanted = read_directory(place.0.path(), DEFAULT_LIMIT, |name| name == "b").unwrap();
    assert_eq!(wanted.len(), 1);
}

#[test]
fn what_is_no_directory_is_refused() {
    let place = Place::new();
    let check = |path: &Path, expected| assert_eq!(read_directory(path, DEFAULT_LIMIT, |_| true).unwrap_err(), expected);
    check(&place.at("absent"), Refusal::NotFound);
    check(&place.file("file", b"x"), Refusal::NotADirectory);
    make_fifo(&place.at("pipe"));
    check(&place.at("pipe"), Refusal::NotADirectory);
}

#[test]
fn what_was_read_is_not_printed() {
    let place = Place::new();
    let contents = read(&place.file("secret", b"not-a-real-secret"), DEFAULT_LIMIT).unwrap();
    let printed = format!("{contents:?}");
    assert!(printed.starts_with("Contents { access: Access {") && !printed.contains("real") && !printed.contains("110"), "{printed}");
}

#[test]
fn a_directory_is_bounded() {
    let place = Place::new();
    let full = vec![b'x'; 1 << 20];
    for number in 0..16 {
        place.file(&format!("full{number}"), &full);
    }
    assert_eq!(read_directory(place.0.path(), DEFAULT_LIMIT, |_| true).map(|entries| entries.len()), Ok(16));
    place.file("one more", b"x");
    let refusal = read_directory(place.0.path(), DEFAULT_LIMIT, |_| true).unwrap_err();
    assert_eq!(refusal, Refusal::DirectoryTooLarge { limit: DIRECTORY_LIMIT });
    for number in 0..ENTRY_LIMIT {
        place.file(&format!("empty{number}"), b"");
    }
    let refusal = read_directory(place.0.path(), DEFAULT_LIMIT, |_| false).unwrap_err();
    assert_eq!(refusal, Refusal::TooManyEntries { limit: ENTRY_LIMIT });
}

/// Lays out a generation as the kubelet does, and lets `..data` lead to it.
fn publish(place: &Place, number: u32) {
    let name = format!("..generation{number}");
    fs::create_dir(place.at(&name)).unwrap();
    for key in ["user", "password"] {
        fs::write(place.at(&name).join(key), number.to_string()).unwrap();
    }
    symlink(&name, place.at("..data_tmp")).unwrap();
    fs::rename(place.at("..data_tmp"), place.at("..data")).unwrap();
}

#[test]
fn a_kubernetes_volume_is_read_through_its_generation() {
    let place = Place::new();
    publish(&place, 1);
    for key in ["user", "password"] {
        symlink(format!("..data/{key}"), place.at(key)).unwrap();
    }
    check_directory(place.0.path(), &[("password", Ok(b"1")), ("user", Ok(b"1"))]);
    check(&place.at("user"), Ok(b"1"));
}

#[test]
fn a_copy_of_a_kubernetes_volume_is_a_plain_directory() {
    let place = Place::new();
    fs::create_dir(place.at("..data")).unwrap();
    place.file("user", b"1");
    check_directory(place.0.path(), &[("user", Ok(b"1"))]);
}

#[test]
fn all_keys_are_of_one_generation() {
    let place = Place::new();
    publish(&place, 0);
    while_running(
        |stop| {
            for number in 1..u32::MAX {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                publish(&place, number);
                fs::remove_dir_all(place.at(&format!("..generation{}", number - 1))).unwrap();
            }
        },
        || {
            for _ in 0..2_000 {
                match read_directory(place.0.path(), DEFAULT_LIMIT, |_| true) {
                    Ok(entries) => {
                        assert_eq!(entries.len(), 2);
                        assert_eq!(shown(&entries[0].1).unwrap(), shown(&entries[1].1).unwrap());
                    }
                    Err(refusal) => assert_eq!(refusal, Refusal::Changed),
                }
            }
        },
    );
}

#[test]
fn nothing_printed_holds_the_text_of_a_file() {
    let place = Place::new();
    let contents = read(&place.file("secret", b"not-a-real-secret"), DEFAULT_LIMIT).unwrap();
    assert!(!format!("{contents:?}").contains("not-a-real"));
}
