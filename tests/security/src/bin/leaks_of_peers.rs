//! What Configcheck's peers print of a secret: the same shapes, failures that each of them can have, and the ways in which an error is told,
//! searched by the oracle of `tests/leaks`.
//!
//! Each load runs in a process of its own, this program again, whose environment is that of the case: some of the peers read nothing else.
//! A cell is one output of one failure. It leaks when it holds a piece of six bytes of the secret in any encoding of the search, and is
//! derived when it holds none and differs all the same from that of another secret of the same shape. Where a peer can be told that a field
//! is a secret, it is told.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use configcheck_security::figure;

#[path = "leaks_of_peers/peers.rs"]
mod peers;
#[path = "../../../leaks/search.rs"]
#[allow(dead_code, reason = "the oracle's own tests are not run here")]
mod search;
#[path = "../../../leaks/shapes.rs"]
#[allow(dead_code, reason = "the oracle's own tests are not run here")]
mod shapes;

use peers::{PEERS, Peer};
use search::Needles;

/// Asks this program for one load: the peer and the failure behind it.
const ONE: &str = "--one";

/// The variable with the folder in which a load may write a file.
pub(crate) const FOLDER: &str = "LEAKS_OF_PEERS_FOLDER";

/// What a failure does with the secret: the variables of the process.
type Variables = fn(&[u8]) -> Vec<(&'static str, Vec<u8>)>;

/// The failures: each by its name, with the environment in which it happens. `TEXT` is what a file is made of.
pub(crate) const FAILURES: [(&str, Variables); 9] = [
    ("wrong type", |secret| vec![("TOKEN", secret.to_vec())]),
    ("unknown variant", |secret| vec![("TOKEN", secret.to_vec())]),
    ("unknown field", |secret| vec![("TEXT", secret.to_vec())]),
    ("missing", |secret| vec![("TOKEN", secret.to_vec())]),
    ("bad syntax", |secret| vec![("TEXT", secret.to_vec())]),
    ("not UTF-8", |secret| vec![("TOKEN", [secret, b"\xff"].concat())]),
    ("bad URL", |secret| vec![("TOKEN", [b"postgres://app:".as_slice(), secret, b"@db.example.com:99999/shop"].concat())]),
    ("validator", |secret| vec![("TOKEN", secret.to_vec())]),
    ("own check that quotes", |secret| vec![("TOKEN", secret.to_vec())]),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [one, peer, failure] = arguments.as_slice()
        && one == ONE
    {
        let peer = PEERS.iter().find(|other| other.name == peer).expect("the peer is in the list");
        println!("{}", serde_json::to_string(&peer.outputs(failure)).expect("texts are JSON"));
        return ExitCode::SUCCESS;
    }
    let folder = std::env::temp_dir().join(format!("leaks-of-peers-{}", std::process::id()));
    std::fs::create_dir(&folder).expect("a folder for files can be made");
    for peer in &PEERS {
        let counts = measured(peer, &folder);
        let values: [(&str, &dyn Display); 4] =
            [("cells", &counts.cells), ("leaks", &counts.leaks), ("derived", &counts.derived), ("failures", &counts.failures.len())];
        println!("{}", figure(&format!("L1.peer.{}", peer.name), &values));
        for (failure, leaks) in &counts.failures {
            println!("  {failure}: {leaks} leak");
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder is this program's own");
    ExitCode::SUCCESS
}

/// What was found of one peer.
#[derive(Default)]
struct Counts {
    cells: usize,
    leaks: usize,
    derived: usize,
    failures: BTreeMap<&'static str, usize>,
}

fn measured(peer: &Peer, folder: &Path) -> Counts {
    let mut counts = Counts::default();
    for shape in shapes::all().iter().filter(|shape| shape.is_searchable()) {
        let needles = Needles::of(&shape.canary);
        for (failure, variables) in FAILURES.iter().filter(|(failure, _)| peer.can_fail(failure)) {
            let run = |secret: &[u8]| load(peer.name, failure, folder, &variables(secret));
            let (canary, control) = (run(&shape.canary), run(&shape.control));
            for (channel, text) in &canary {
                let other = control.iter().find(|(name, _)| name == channel).map_or("", |(_, text)| text);
                let leaks = !needles.hits(text.as_bytes(), other.as_bytes()).is_empty();
                counts.cells += 1;
                counts.leaks += usize::from(leaks);
                counts.derived += usize::from(!leaks && text != other);
                *counts.failures.entry(failure).or_default() += usize::from(leaks);
            }
        }
    }
    counts
}

/// One load in a process of its own: what each channel says, or nothing where the load is good.
fn load(peer: &str, failure: &str, folder: &Path, variables: &[(&str, Vec<u8>)]) -> Vec<(String, String)> {
    let variables = variables.iter().map(|(name, value)| (OsStr::new(*name), OsString::from_vec(value.clone())));
    let program = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(program);
    command.args([ONE, peer, failure]).env_clear().env(FOLDER, folder).envs(variables);
    let output = command.output().expect("this program runs");
    assert!(output.status.success(), "{peer}, {failure}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a load ends with its outputs")
}
