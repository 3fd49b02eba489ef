//! The help of every command: as committed, narrow enough, and with a description of each option.
//!
//! `UPDATE_PAGES=1` writes the committed pages anew.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod project;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use project::Project;

/// The widest line, in columns.
const WIDEST: usize = 100;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help")
}

/// The commands with what the list says of them.
fn commands(root: &str) -> Vec<(String, String)> {
    let list = root.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let split = |line: &str| line.trim().split_once("  ").map(|(name, about)| (name.to_owned(), about.trim().to_owned()));
    list.map(|line| split(line).unwrap_or_else(|| panic!("the list of commands has a line without a description: {line}"))).collect()
}

/// Every page by its name.
fn pages() -> Vec<(String, String)> {
    let project = Project::with_schema(&[]);
    let root = project.line("--help").exits(0).stdout;
    let commands = commands(&root);
    assert!(commands.len() > 5, "{root}");
    let pages = commands.into_iter().map(|(name, about)| {
        let page = project.line(&format!("{name} --help")).exits(0).stdout;
        assert_eq!(page.lines().next(), Some(about.as_str()), "{name} says of itself what the list says");
        (name, page)
    });
    [("configcheck".to_owned(), root.clone())].into_iter().chain(pages).collect()
}

#[test]
fn pages_are_as_committed() {
    let mut known = BTreeSet::new();
    for (name, page) in pages() {
        let file = folder().join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_PAGES").is_some() {
            fs::write(&file, &page).unwrap();
        }
        let committed = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(committed, page, "{} has drifted; UPDATE_PAGES=1 writes it anew", file.display());
        known.insert(file);
    }
    for entry in fs::read_dir(folder()).unwrap() {
        let file = entry.unwrap().path();
        assert!(known.contains(&file), "{} is the page of no command", file.display());
    }
}

#[test]
fn lines_are_narrow_enough() {
    for (name, page) in pages() {
        for line in page.lines() {
            assert!(line.chars().count() <= WIDEST, "{name}: {line}");
        }
    }
}

#[test]
fn every_argument_is_described() {
    for (name, page) in pages() {
        let lines: Vec<&str> = page.lines().collect();
        let is_argument = |line: &str| {
            let text = line.trim_start();
            let indent = line.len() - text.len();
            (2..=6).contains(&indent) && (text.starts_with('-') || text.starts_with('<') || text.starts_with('['))
        };
        let mut count = 0;
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_argument(line)) {
            // The description stands behind the option, or below it.
            let behind = line.trim_start().split_once("  ").map(|(_, rest)| rest.trim());
            let below = lines.get(at + 1).map(|next| next.trim()).filter(|next| !is_argument(next));
            let description = behind.or(below).unwrap_or_default();
            assert!(description.starts_with(|first: char| first.is_uppercase()), "{name}: no description: {line}");
            assert!(!description.ends_with('.'), "{name}: a full stop: {description}");
            count += 1;
        }
        assert!(count > 3, "{name} has options:\n{page}");
    }
}

#[test]
fn every_page_has_examples_or_exit_codes() {
    for (name, page) in pages() {
        let examples: Vec<&str> =
            page.lines().skip_while(|line| *line != "Examples:").skip(1).take_while(|line| line.starts_with("  ")).collect();
        assert!(!examples.is_empty() || page.contains("Exit codes: 0 "), "{name} shows how it is used");
        for example in examples {
            assert!(example.trim().contains(&format!("configcheck {name}")), "{name}: {example}");
        }
    }
}
