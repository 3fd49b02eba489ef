//! Our readers of other programs' `.env` dialects beside the programs themselves, on random texts that favour what readers disagree about.
//!
//! `CONFIGCHECK_TEST_TEXTS=100000` asks for more texts than the usual number, and `CONFIGCHECK_TEST_SEED=7` for others.
#![expect(clippy::print_stdout, reason = "the figures are printed")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use configcheck_dotenv::{Dialect, read_as};
use configcheck_test_servers::{node, python};

mod texts;

/// So many texts are compared when nobody asks for more.
const TEXTS: usize = 4_000;

/// Texts that one process reads.
const BATCH: usize = 5_000;

/// What a program makes of a text: keys with their last values; none for a key without one.
type Variables = BTreeMap<String, Option<String>>;

#[test]
fn python_is_read_as_python_dotenv_reads() {
    let read = |texts: &str| answer(&python(), &[script("read.py")], texts);
    compare(Dialect::Python, &read);
}

#[test]
fn node_is_read_as_dotenv_reads() {
    let (node, packages) = node();
    let read = |texts: &str| answer(&node, &[script("read.js"), packages.clone()], texts);
    compare(Dialect::Node, &read);
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dialects").join(name)
}

/// Gives the texts to a program and reads its answer.
fn answer(program: &Path, arguments: &[PathBuf], texts: &str) -> String {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|problem| panic!("{} does not start: {problem}", program.display()));
    let mut stdin = child.stdin.take().unwrap();
    let texts = texts.to_owned();
    let writer = thread::spawn(move || stdin.write_all(texts.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{} ended with {}", program.display(), output.status);
    String::from_utf8(output.stdout).unwrap()
}

fn number(variable: &str, usual: usize) -> usize {
    std::env::var(variable).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

fn compare(dialect: Dialect, read: &dyn Fn(&str) -> String) {
    let (count, seed) = (number("CONFIGCHECK_TEST_TEXTS", TEXTS), number("CONFIGCHECK_TEST_SEED", 1));
    let texts = texts::random(seed as u64, count);
    let mut differences = Vec::new();
    for batch in texts.chunks(BATCH) {
        let answers: Vec<Variables> = serde_json::from_str(&read(&serde_json::to_string(batch).unwrap())).unwrap();
        assert_eq!(answers.len(), batch.len(), "one answer for each text");
        for (text, theirs) in batch.iter().zip(answers) {
            let ours = ours(dialect, text);
            if ours != theirs {
                differences.push(format!("{text:?}\n  ours:   {ours:?}\n  theirs: {theirs:?}"));
            }
        }
    }
    println!("figure: Z1.differential.{} texts={} differences={}", dialect.name(), texts.len(), differences.len());
    differences.sort_by_key(String::len);
    differences.truncate(10);
    assert!(differences.is_empty(), "{} is read otherwise:\n{}", dialect.name(), differences.join("\n"));
}

fn ours(dialect: Dialect, text: &str) -> Variables {
    let reading = read_as(text.as_bytes(), dialect, &|name| (name == "OUTER").then(|| "outer".to_owned()));
    let pair = |found: &configcheck_dotenv::Variable<'_>| (found.key.to_string(), found.value.as_ref().map(ToString::to_string));
    reading.variables.iter().map(pair).collect()
}
