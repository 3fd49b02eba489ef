//! The examples of docs/formats.md are what the formats write.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::super::{Format, step_summary};
use super::rendered;
use super::sample::example;

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats.md")).unwrap()
}

/// The first block of code below a heading.
fn block(page: &str, heading: &str) -> String {
    let section = page.split("\n## ").find(|section| section.lines().next() == Some(heading)).unwrap_or_else(|| panic!("no {heading}"));
    let block = section.split("```").nth(1).unwrap();
    block.split_once('\n').unwrap().1.to_owned()
}

fn json(text: &str) -> Value {
    serde_json::from_str(&text.replace("VERSION", env!("CARGO_PKG_VERSION"))).unwrap()
}

#[test]
fn the_examples_are_what_is_written() {
    let page = page();
    let check = |heading, format| assert_eq!(block(&page, heading), rendered(format, &example()));
    check("concise", Format::Concise);
    check("github", Format::Github);
    check("junit", Format::Junit);
    let check = |heading, format| assert_eq!(json(&block(&page, heading)), json(&rendered(format, &example())));
    check("json", Format::Json);
    check("gitlab", Format::Gitlab);
    check("rdjson", Format::Rdjson);
    assert_eq!(json(&block(&page, "sarif")), json(&rendered(Format::Sarif, &example()))["runs"][0]["results"][0]);
    assert_eq!(block(&page, "The summary of a step"), step_summary(&example()));
}
