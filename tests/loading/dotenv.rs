//! `.env` files as a layer: bad lines, duplicates, files that are none, parents that are left alone.

use configcheck::{AppConfig, Environment, Loader, Secret};

use super::{errors, findings, write};

#[derive(AppConfig)]
struct Settings {
    #[allow(dead_code)]
    app_env: Environment,
    #[allow(dead_code)]
    size: u8,
    #[allow(dead_code)]
    token: Option<Secret<String>>,
}

fn loader(folder: &std::path::Path) -> Loader {
    Loader::new().no_standard_mounts().dotenv_dir(folder).vars([("APP_ENV", "development")])
}

#[test]
fn a_bad_line_is_named_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".env", "TOKEN='hunter2 oops\nhunter2 without key\nSIZE=3\n");
    let report = loader(folder.path()).inspect::<Settings>();
    let path = folder.path().join(".env").display().to_string();
    let places: Vec<String> = findings(&report).into_iter().map(|(_, _, place)| place).collect();
    // What concerns no key comes first: it may explain the rest.
    assert_eq!(places, [format!("{path}:2:1"), format!("{path}:1:7")]);
    assert!(report.has_errors());
    assert!(!configcheck::render::plain(&report).contains("hunter2"));
}

#[test]
fn of_a_duplicate_the_last_counts_and_the_report_says_so() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".env", "SIZE=1\nSIZE=2\n");
    let loader = loader(folder.path());
    assert_eq!(loader.load::<Settings>().unwrap().size, 2);
    let report = loader.inspect::<Settings>();
    assert_eq!(findings(&report).iter().map(|(rule, key, _)| (*rule, *key)).collect::<Vec<_>>(), [("duplicate-key", "SIZE")]);
}

#[test]
fn parents_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".env", "SIZE=1\n");
    let child = folder.path().join("child");
    std::fs::create_dir(&child).unwrap();
    assert!(loader(&child).load::<Settings>().is_err());
}

#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    for kind in ["fifo", "directory", "device"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        match kind {
            "fifo" => assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success()),
            "directory" => std::fs::create_dir(&path).unwrap(),
            _ => std::os::unix::fs::symlink("/dev/zero", &path).unwrap(),
        }
        let report = loader(folder.path()).inspect::<Settings>();
        assert!(errors(&report).contains(&("unreadable-source", "")), "{kind}");
    }
}
