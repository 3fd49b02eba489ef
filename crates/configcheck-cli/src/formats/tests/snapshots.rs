//! How each format reads. `UPDATE_SNAPSHOTS=1 cargo test -p configcheck-cli` writes what is there now into `snapshots/`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::super::{Format, Style, render, step_summary};
use super::rendered;
use super::sample::sample;

fn check(name: &str, text: &str) {
    let text = text.replace(concat!("\"version\":\"", env!("CARGO_PKG_VERSION"), "\""), "\"version\":\"VERSION\"");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formats/tests/snapshots").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name} has changed");
}

#[test]
fn each_format_reads_as_before() {
    let formats = [
        (Format::Concise, "concise.txt"),
        (Format::Json, "json.json"),
        (Format::Github, "github.txt"),
        (Format::Gitlab, "gitlab.json"),
        (Format::Junit, "junit.xml"),
        (Format::Rdjson, "rdjson.json"),
        (Format::Text, "text.txt"),
    ];
    for (format, name) in formats {
        check(name, &rendered(format, &sample()));
    }
    check("step_summary.md", &step_summary(&sample()));
    check("text_verbose.txt", &render(Format::Text, &sample(), Style { verbose: true, ..Style::default() }));
}

/// Without the pages of the rules, which change with them.
#[test]
fn sarif_reads_as_before() {
    let mut document: Value = serde_json::from_str(&rendered(Format::Sarif, &sample())).unwrap();
    for run in document["runs"].as_array_mut().unwrap() {
        run["tool"]["driver"]["version"] = "VERSION".into();
        let rules = run["tool"]["driver"]["rules"].as_array_mut().unwrap();
        rules.truncate(1);
        rules[0]["help"]["markdown"] = "PAGE".into();
        for result in run["results"].as_array_mut().unwrap() {
            assert!(result["ruleIndex"].is_u64());
            result["ruleIndex"] = 0.into();
        }
    }
    check("sarif.json", &format!("{document:#}\n"));
}
