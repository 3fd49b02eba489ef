//! The threat model names the test that holds each of its rows: every one of them exists, and no row is without one unless it says why.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// The rows of the model, E1 to E28.
const ROWS: usize = 28;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The rows of the page: their number and their text.
fn rows(page: &str) -> Vec<(String, String)> {
    let sections = page.split("\n## E").skip(1);
    sections.map(|section| (format!("E{}", section.split(' ').next().unwrap()), section.to_owned())).collect()
}

/// The tests that a row names, as file and function.
fn tests(row: &str) -> Vec<(&str, &str)> {
    let Some((_, named)) = row.split_once("\n- Tests: ") else { return Vec::new() };
    named.split('`').skip(1).step_by(2).map(|name| name.split_once("::").unwrap_or((name, ""))).collect()
}

/// Whether a source has a test of this name: a function with `#[test]` above it.
fn has(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let start = format!("fn {name}(");
    lines.iter().enumerate().any(|(number, line)| {
        let above = lines[..number].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        (line.starts_with(&start) || line.contains(&format!(" {start}"))) && above.into_iter().any(|line| line.contains("test]"))
    })
}

#[test]
fn every_test_of_the_threat_model_exists() {
    let page = fs::read_to_string(root().join("docs/threat-model.md")).unwrap();
    let rows = rows(&page);
    let numbers: Vec<&str> = rows.iter().map(|(number, _)| number.as_str()).collect();
    assert_eq!(numbers, (1..=ROWS).map(|number| format!("E{number}")).collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for (number, row) in &rows {
        let tests = tests(row);
        let reason = row.split_once("\n- Not held by a test: ").map(|(_, reason)| reason.trim());
        if tests.is_empty() && reason.is_none_or(str::is_empty) {
            wrong.push(format!("{number} names no test and does not say why"));
        }
        for (file, name) in tests {
            let source = fs::read_to_string(root().join(file)).unwrap_or_default();
            if !has(&source, name) {
                wrong.push(format!("{number}: there is no test {name} in {file}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_function_is_a_test_only_with_its_attribute() {
    let source = "#[test]\n#[ignore]\nfn one() {}\n\nfn two() {}\n\n#[tokio::test]\nasync fn three() {}\n";
    assert_eq!(["one", "two", "three", "on"].map(|name| has(source, name)), [true, false, true, false]);
}
