//! A source of one secret, and the check of how many copies a load from it leaves.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::probed::{Found, Probe, run};
use crate::scan::{Copy, Count};

const PROBE: &str = env!("CARGO_BIN_EXE_memory-probe");

/// The probe with the allocator that wipes.
const PROBE_THAT_WIPES: &str = env!("CARGO_BIN_EXE_memory-probe-that-wipes");

/// The variable of the probe's secret.
pub const VARIABLE: &str = "PROBE_VALUE";

impl Bounds {
    /// At most so many of the secret, and of the credential, whether or not the secret is alive.
    pub const fn of(secret: usize, credential: usize) -> Self {
        let (secret, credential) = (Count::all(secret), Count::all(credential));
        Self { alive: secret, dropped: secret, credential_alive: credential, credential_dropped: credential }
    }

    fn is_within(&self, most: &Self) -> bool {
        self.alive.any <= most.alive.any
            && self.dropped.any <= most.dropped.any
            && self.credential_alive.any <= most.credential_alive.any
            && self.credential_dropped.any <= most.credential_dropped.any
    }
}

/// No copy anywhere.
pub const NONE: Bounds = Bounds::of(0, 0);

/// A source, ready to be read.
#[derive(Clone)]
pub struct Source<'a> {
    shape: &'a str,
    /// The arguments that name the source, when it is not the environment.
    arguments: Vec<String>,
    variables: Vec<(&'a str, String)>,
    folder: &'a Path,
    values: Vec<&'a str>,
    /// What the probe shows to be given the secret, which is looked for too.
    credential: Option<&'a str>,
    program: &'a str,
}

/// How many copies there are at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Of the secret, outside of itself.
    pub alive: Count,
    /// Of the secret, when it has been dropped.
    pub dropped: Count,
    /// Of the credential, while the secret is alive.
    pub credential_alive: Count,
    /// Of the credential, when the secret has been dropped.
    pub credential_dropped: Count,
}

impl<'a> Source<'a> {
    pub fn new(folder: &'a TempDir, values: &[&'a str]) -> Self {
        Self {
            shape: "text",
            arguments: Vec::new(),
            variables: Vec::new(),
            folder: folder.path(),
            values: values.to_vec(),
            credential: None,
            program: PROBE,
        }
    }

    pub fn shape(self, shape: &'a str) -> Self {
        Self { shape, ..self }
    }

    pub fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    pub fn variable(mut self, name: &'a str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Has it read by the probe with the allocator that wipes.
    pub fn wiped(self) -> Self {
        Self { program: PROBE_THAT_WIPES, ..self }
    }

    pub fn credential(self, credential: &'a str) -> Self {
        Self { credential: Some(credential), ..self }
    }

    /// Writes a file into the folder.
    pub fn file(self, name: &str, text: &str) -> Self {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// What is found of it; with bounds, those that it comes down to.
    fn found(self, is_refused: bool, most: Option<Bounds>) -> Vec<Found> {
        let values_end = self.values.len();
        let is_expected = |at: usize, count: Count| match most {
            Some(most) => count.any <= if at < values_end { most.alive.any } else { most.credential_alive.any },
            None => true,
        };
        let arguments = [self.shape.to_owned()].into_iter().chain(self.arguments).map(Into::into).collect();
        let variables = self.variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let values = self.values.into_iter().chain(self.credential).map(str::to_owned).collect();
        run(&Probe { program: self.program, arguments, variables, folder: self.folder, values }, is_refused, is_expected)
    }
}

fn sum(found: &[Found], count: fn(&Found) -> Count) -> Count {
    found.iter().map(count).fold(Count::all(0), |sum, count| Count {
        whole: sum.whole + count.whole,
        tail: sum.tail + count.tail,
        any: sum.any + count.any,
    })
}

/// Prints how many copies were found: of the whole, of the last 16 bytes, of any 16 bytes that were looked for.
fn print(row: &str, values: &[Found], credential: &[Found]) -> Bounds {
    let bounds = Bounds {
        alive: sum(values, Found::alive),
        dropped: sum(values, Found::dropped),
        credential_alive: sum(credential, Found::alive),
        credential_dropped: sum(credential, Found::dropped),
    };
    let Bounds { alive, dropped, credential_alive, credential_dropped } = bounds;
    print!("figure: M1.{row} alive={alive} dropped={dropped}");
    if !credential.is_empty() {
        print!(" credential_alive={credential_alive} credential_dropped={credential_dropped}");
    }
    println!();
    bounds
}

/// A source of a good secret that leaves so many copies.
#[track_caller]
pub fn check(row: &str, source: Source<'_>, expected: Bounds) {
    let (bounds, found) = measure(row, source, None);
    assert_eq!(bounds, expected, "{row}: {found:?}");
}

/// A source of a good secret that leaves at most so many copies: those are in buffers of others, which may be written over by then.
#[track_caller]
pub fn check_at_most(row: &str, source: Source<'_>, most: Bounds) {
    let (bounds, found) = measure(row, source, Some(most));
    assert!(bounds.is_within(&most), "{row}: {bounds:?}, {found:?}");
}

#[track_caller]
fn measure(row: &str, source: Source<'_>, most: Option<Bounds>) -> (Bounds, Vec<Found>) {
    let count = source.values.len();
    let found = source.found(false, most);
    let (values, credential) = found.split_at(count);
    let bounds = print(row, values, credential);
    for found in values {
        assert_eq!(found.inside.len(), count, "{row}: each value lies inside its secret");
        let is_inside = |copy: &&Copy| copy.is_whole && found.inside.iter().any(|range| range.start == copy.address);
        assert_eq!(found.alive.iter().filter(is_inside).count(), 1, "{row}: the scan sees the secret itself");
    }
    (bounds, found)
}

/// A source whose secret is refused, and how many copies of it are there when the report is.
#[track_caller]
pub fn check_refused(row: &str, source: Source<'_>, most: Bounds) {
    let found = source.found(true, None);
    let bounds = print(row, &found, &[]);
    assert!(bounds.is_within(&most), "{row}: {bounds:?}, {found:?}");
}
