//! What is left out, what stands in for a missing place, and where a column is known.

use clap::ValueEnum as _;
use configcheck_checks::KeyVerdict;
use configcheck_core::{Diagnostic, Place};
use serde_json::Value;

use super::super::{Format, step_summary};
use super::rendered;
use super::sample::{file, key, rule, run, sample, target};

fn one(place: Place) -> Diagnostic {
    Diagnostic::new(rule("missing-required"), "PORT is not set").about(0, "PORT").at(place)
}

fn parsed(format: Format, diagnostic: Diagnostic) -> Value {
    let run = run(vec![target("production", vec![diagnostic], Vec::new(), &["./deploy/.env"])]);
    serde_json::from_str(&rendered(format, &run)).unwrap()
}

#[test]
fn formats_have_their_names() {
    let check = |name: &str, expected| assert_eq!(Format::from_str(name, false).as_ref(), Ok(&expected));
    check("text", Format::Text);
    check("json", Format::Json);
    check("json-v1", Format::Json);
    let names: Vec<String> =
        Format::value_variants().iter().map(|format| format.to_possible_value().unwrap().get_name().to_owned()).collect();
    assert_eq!(names, ["text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson"]);
}

#[test]
fn a_finding_without_a_file_points_at_one() {
    let check = |format, pointer: &str, place: Place, expected: &str| {
        assert_eq!(parsed(format, one(place)).pointer(pointer).unwrap(), expected);
    };
    let uri = "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri";
    check(Format::Sarif, uri, Place::Nowhere, "deploy/.env");
    check(Format::Sarif, uri, Place::Schema, "config.schema.json");
    check(Format::Sarif, uri, file("./a b/ü:%.env", 1, 1), "a%20b/%C3%BC%3A%25.env");
    check(Format::Sarif, uri, file("//etc/.env", 1, 1), "file:///etc/.env");
    if cfg!(unix) {
        check(Format::Sarif, uri, file("C:\\a.env", 1, 1), "C%3A%5Ca.env");
    }
    check(Format::Gitlab, "/0/location/path", Place::Nowhere, "config.schema.json");
    check(Format::Gitlab, "/0/location/path", file(".//./a.env", 1, 1), "a.env");
    check(Format::Rdjson, "/diagnostics/0/location/path", Place::Variable("PORT".to_owned()), "deploy/.env");
}

#[test]
fn a_byte_column_is_written_where_it_is_known() {
    let check = |place: Place, expected: &str| {
        assert_eq!(parsed(Format::Rdjson, one(place)).pointer("/diagnostics/0/location/range/start").unwrap().to_string(), expected);
    };
    let place = |line, column, start| Place::File { path: "a".to_owned(), line, column, bytes: Some((start, start + 1)) };
    check(place(1, 3, 4), r#"{"column":5,"line":1}"#);
    check(place(7, 1, 90), r#"{"column":1,"line":7}"#);
    check(place(7, 3, 90), r#"{"line":7}"#);
}

#[test]
fn no_format_tells_how_long_a_value_is() {
    let of_length = |length: u32| {
        let place = Place::File { path: ".env".to_owned(), line: 3, column: 6, bytes: Some((20, 20 + length)) };
        run(vec![target("production", vec![one(place)], Vec::new(), &[])])
    };
    for format in Format::value_variants() {
        assert_eq!(rendered(*format, &of_length(4)), rendered(*format, &of_length(40)));
    }
}

#[test]
fn what_is_accepted_is_left_out_or_marked() {
    for format in [Format::Concise, Format::Github, Format::Gitlab, Format::Junit, Format::Rdjson] {
        assert!(!rendered(format, &sample()).contains("SESSION_KEY is weak"), "{format:?}");
    }
    for format in [Format::Json, Format::Sarif] {
        assert_eq!(rendered(format, &sample()).matches("rotated on Monday").count(), 1, "{format:?}");
    }
    assert!(!step_summary(&sample()).contains("SESSION"));
}

#[test]
fn an_incomplete_run_is_told_in_every_format() {
    for format in Format::value_variants().iter().filter(|format| **format != Format::Text) {
        assert!(rendered(*format, &sample()).contains("permission denied"), "{format:?}");
    }
    let sarif = rendered(Format::Sarif, &sample());
    assert!(sarif.contains(r#""executionSuccessful":false"#) && !sarif.contains(r#""executionSuccessful":true"#));
    assert!(parsed(Format::Sarif, one(Place::Nowhere)).pointer("/runs/0/invocations/0/executionSuccessful").unwrap().as_bool().unwrap());
}

#[test]
fn a_summary_stays_below_the_limit_of_github() {
    let findings: Vec<Diagnostic> =
        (0..2_000).map(|number| Diagnostic::new(rule("unknown-key"), format!("{number} {}", "|".repeat(1_000)))).collect();
    let text = step_summary(&run(vec![target("production", findings, Vec::new(), &[])]));
    let rows = text.lines().filter(|line| line.starts_with("| warning")).count();
    assert!(text.len() <= 1 << 20 && text.len() > 1_000_000, "{}", text.len());
    assert!(text.ends_with(&format!("\n{} lines not shown: GitHub takes 1 MiB from one step.\n", 2_000 - rows)), "{rows}");
}

#[test]
fn a_finding_about_several_keys_is_one_of_each() {
    let of = |also: &[(usize, &str)]| {
        let mut finding = Diagnostic::new(rule("unresolved-reference"), "A and B were not fetched").about(0, "A").at(file(".env", 1, 1));
        finding.also = also.iter().map(|(index, name)| (*index, (*name).to_owned())).collect();
        let keys = ["A", "B"].map(|name| key(name, KeyVerdict::Bad, Place::Nowhere)).into();
        run(vec![target("production", vec![finding], keys, &[".env"])])
    };
    let both = of(&[(1, "B")]);
    assert!(rendered(Format::Json, &both).replace([' ', '\n'], "").contains(r#""key":"A","keys":["A","B"]"#));
    assert!(!rendered(Format::Json, &of(&[])).contains(r#""keys": ["A""#));
    let junit = rendered(Format::Junit, &both);
    assert_eq!(junit.matches("<failure").count(), 2, "{junit}");
    // With another key it is another finding, so that no baseline accepts the new one unseen.
    assert_ne!(both.findings()[0].fingerprint, of(&[]).findings()[0].fingerprint);
}
