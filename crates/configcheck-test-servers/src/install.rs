//! Where the servers lie, after `tests/servers/install.py` saw to it that they are there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The folder of the script that installs and the one that guards.
fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/servers")
}

/// The script that a server runs below.
pub(crate) fn guard() -> PathBuf {
    scripts().join("guard.py")
}

/// Where a program lies that the installation has, or the folder of libraries.
pub(crate) fn place(name: &str) -> Option<&'static Path> {
    static PLACES: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    PLACES.get_or_init(install).get(name).map(PathBuf::as_path)
}

/// Where a program lies.
pub(crate) fn program(name: &str) -> &'static Path {
    place(name).unwrap_or_else(|| panic!("the servers of the tests are installed without {name}"))
}

/// Installs what is not there, and reads where everything is.
fn install() -> BTreeMap<String, PathBuf> {
    let script = scripts().join("install.py");
    let done = Command::new("python3")
        .arg(&script)
        .output()
        .unwrap_or_else(|problem| panic!("the servers of the tests need python3 on PATH, which does not start: {problem}"));
    let output = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{} failed\n{output}{}", script.display(), String::from_utf8_lossy(&done.stderr));
    let places = output.lines().find_map(|line| line.strip_prefix("places: ")).unwrap_or_else(|| panic!("no places in `{output}`"));
    let text = fs::read_to_string(places).unwrap_or_else(|problem| panic!("{places}: {problem}"));
    text.lines().filter_map(|line| line.split_once('=')).map(|(name, path)| (name.to_owned(), PathBuf::from(path))).collect()
}

/// The environment of a server: a home that is empty, and where unpacked libraries are.
pub(crate) fn environment(home: &Path) -> Vec<(&'static str, PathBuf)> {
    let mut variables = vec![("HOME", home.to_owned())];
    if let Some(libraries) = place("libraries") {
        variables.push(("LD_LIBRARY_PATH", libraries.to_owned()));
    }
    variables
}

/// The real `sops`. Give it `--disable-version-check`: it asks the network for a newer one otherwise.
pub fn sops() -> PathBuf {
    program("sops").to_owned()
}

/// The real `age`.
pub fn age() -> PathBuf {
    program("age").to_owned()
}

/// The real `age-keygen`.
pub fn age_keygen() -> PathBuf {
    program("age-keygen").to_owned()
}

/// The real `etcdctl`. It talks the third version of the protocol when `ETCDCTL_API` is `3`.
pub fn etcdctl() -> PathBuf {
    program("etcdctl").to_owned()
}

/// Python with the packages of `requirements.txt`, python-dotenv among them.
pub fn python() -> PathBuf {
    program("python").to_owned()
}

/// Node, and the folder of the packages of `package-lock.json`, dotenv among them.
pub fn node() -> (PathBuf, PathBuf) {
    (program("node").to_owned(), program("node-packages").to_owned())
}
