//! A file is replaced whole or not at all, and stays who it was.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use configcheck_files::replace;

#[test]
fn a_new_file_holds_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    for bytes in [Vec::new(), b"PORT=8080\n".to_vec(), vec![b'x'; 3 << 20]] {
        let path = folder.path().join(format!("of {}", bytes.len()));
        replace(&path, &bytes).unwrap();
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "nothing else is left behind");
}

#[test]
fn an_old_file_keeps_its_mode_and_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("file"), folder.path().join("link"));
    fs::write(&path, "old").unwrap();
    symlink(&path, &link).unwrap();
    for mode in [0o600, 0o640, 0o755] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        replace(&link, mode.to_string().as_bytes()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), mode.to_string());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, mode);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn what_cannot_be_replaced_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |name: &str| replace(&folder.path().join(name), b"new").unwrap_err().kind();
    fs::create_dir(folder.path().join("inner")).unwrap();
    fs::write(folder.path().join("file"), "old").unwrap();
    assert_eq!(refused("inner"), io::ErrorKind::IsADirectory);
    assert_eq!(refused("absent/file"), io::ErrorKind::NotFound);
    assert_eq!(refused("file/file"), io::ErrorKind::NotADirectory);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}
