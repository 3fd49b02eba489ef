//! Every input of the committed corpus, and every input that a fault was found with, holds.
#![expect(clippy::print_stdout, reason = "the figures are printed")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use configcheck_fuzz_oracles::{ALL, DOTENV_TIME, Target};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus")
}

/// The inputs of a target, in the order of their names.
fn inputs(target: &Target) -> Vec<PathBuf> {
    let folder = corpus().join(target.name);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The target that measures time is left to `run.py`, where the readers are optimised.
#[test]
fn every_input_of_the_corpus_holds() {
    for target in ALL.iter().filter(|target| target.name != DOTENV_TIME.name) {
        let files = inputs(target);
        assert!(files.len() >= 10, "{} has a corpus", target.name);
        let failed: Vec<_> = files.iter().filter(|file| catch_unwind(|| (target.check)(&fs::read(file).unwrap())).is_err()).collect();
        println!("figure: {} replayed={} failed={}", target.row, files.len(), failed.len());
        assert!(failed.is_empty(), "{} fails on {failed:?}", target.name);
    }
}

#[test]
fn every_folder_of_the_corpus_is_of_a_target() {
    let mut folders: Vec<String> = fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let mut names: Vec<&str> = ALL.iter().map(|target| target.name).collect();
    folders.sort();
    names.sort_unstable();
    assert_eq!(folders, names);
}

#[test]
fn the_corpus_is_small() {
    let bytes: u64 = ALL.iter().flat_map(inputs).map(|file| fs::metadata(file).unwrap().len()).sum();
    assert!(bytes < 2 << 20, "{bytes} bytes");
}
