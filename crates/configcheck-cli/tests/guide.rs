//! The pages of docs/guide and the README show what the command really prints: their console blocks are run, in order, in one folder a page.
//!
//! `<!-- file: NAME -->` before a block writes it to a file, `<!-- cargo build -p NAME -->` puts a program of this repository below
//! `target/debug`. What a block prints on both streams stands behind its command, and `[exit 1]` where it did not end with 0.
//! `UPDATE_PAGES=1` writes the outputs anew.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test that cannot go on has failed, and its name says what it is")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The folder of the built command.
fn programs() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_configcheck")).parent().unwrap().to_owned()
}

/// A fenced block: the line above it, its language, and the lines of the page that are within it.
struct Block<'p> {
    above: &'p str,
    language: &'p str,
    lines: std::ops::Range<usize>,
}

fn blocks<'p>(page: &[&'p str]) -> Vec<Block<'p>> {
    let (mut blocks, mut at) = (Vec::new(), 0);
    while at < page.len() {
        if let Some(language) = page[at].strip_prefix("```") {
            let end = at + 1 + page[at + 1..].iter().position(|line| *line == "```").expect("every block ends");
            blocks.push(Block { above: page[..at].last().unwrap_or(&""), language, lines: at + 1..end });
            at = end;
        }
        at += 1;
    }
    blocks
}

/// What stands in a comment such as `<!-- file: .env -->`.
fn comment<'p>(line: &'p str, start: &str) -> Option<&'p str> {
    line.strip_prefix("<!-- ")?.strip_suffix(" -->")?.strip_prefix(start)
}

/// Builds a program of this repository and copies it to where cargo would have put it in the reader's clone.
fn build(name: &str, folder: &Path) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).args(["build", "--quiet", "--locked", "-p", name]).current_dir(root()).status().unwrap();
    assert!(status.success(), "{name} does not build");
    fs::create_dir_all(folder.join("target/debug")).unwrap();
    fs::copy(programs().join(name), folder.join("target/debug").join(name)).unwrap();
}

/// Runs a line in a shell of the folder, and gives back what the page should show of it.
fn run(line: &str, folder: &Path) -> String {
    let path = format!("{}:{}", programs().display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.args(["-c", &format!("exec 2>&1\n{line}")]).current_dir(folder).env_clear().env("PATH", path).env("HOME", folder);
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "guide").env(format!("GIT_{who}_EMAIL"), "guide@example.com");
    }
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap());
    let output = command.output().unwrap();
    let mut shown = String::from_utf8(output.stdout).unwrap();
    assert!(!shown.contains("hunter2"), "{line} prints a secret:\n{shown}");
    if !shown.is_empty() && !shown.ends_with('\n') {
        shown.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => writeln!(shown, "[exit {code}]").unwrap(),
        None => panic!("{line} was killed"),
    }
    shown
}

/// The page with the outputs that its blocks have now, and how many commands were run.
fn replay(page: &str, is_run: impl Fn(&Block, &[&str]) -> bool) -> (String, usize) {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<&str> = page.lines().collect();
    let (mut replayed, mut from, mut commands) = (String::new(), 0, 0);
    for line in &lines {
        if let Some(name) = comment(line, "cargo build -p ") {
            build(name, folder.path());
        }
    }
    for block in blocks(&lines) {
        let inner = &lines[block.lines.clone()];
        if let Some(name) = comment(block.above, "file: ") {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{}\n", inner.join("\n"))).unwrap();
        }
        if !is_run(&block, inner) {
            continue;
        }
        lines[from..block.lines.start].iter().for_each(|line| writeln!(replayed, "{line}").unwrap());
        for line in inner.iter().filter_map(|line| line.strip_prefix("$ ")) {
            writeln!(replayed, "$ {line}\n{}", run(line, folder.path()).trim_end_matches('\n')).unwrap();
            while replayed.ends_with("\n\n") {
                replayed.pop();
            }
            commands += 1;
        }
        from = block.lines.end;
    }
    lines[from..].iter().for_each(|line| writeln!(replayed, "{line}").unwrap());
    (replayed, commands)
}

fn check(name: &str, is_run: impl Fn(&Block, &[&str]) -> bool) {
    let path = root().join(name);
    let page = fs::read_to_string(&path).unwrap();
    let (replayed, commands) = replay(&page, is_run);
    assert!(commands > 0, "{name} runs nothing");
    if std::env::var_os("UPDATE_PAGES").is_some() {
        fs::write(path, replayed).unwrap();
    } else if replayed != page {
        let at = replayed.lines().zip(page.lines()).take_while(|(now, then)| now == then).count();
        let rest = |text: &str| text.lines().skip(at).take(12).collect::<Vec<_>>().join("\n");
        panic!("{name}:{} shows\n{}\nand the command prints\n{}", at + 1, rest(&page), rest(&replayed));
    }
}

#[test]
fn every_page_of_the_guide_shows_what_is_printed() {
    let mut names: Vec<String> =
        fs::read_dir(root().join("docs/guide")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    // What this page shows is Rust, and is run as documentation tests.
    names.retain(|name| name != "memory.md");
    names.sort();
    for name in names {
        check(&format!("docs/guide/{name}"), |block, _| block.language == "console");
    }
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    check("README.md", |block, lines| block.language == "console" && lines.first().is_some_and(|line| line.starts_with("$ configcheck ")));
}
