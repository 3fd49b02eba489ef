//! How a place reads, whom a finding is about, and what a report counts.

use super::{Diagnostic, Place, Report, RuleInfo, Severity, Tally};

static MISSING: RuleInfo = RuleInfo { name: "missing-required", code: "CC001", severity: Severity::Error, summary: "", page: "" };
static UNKNOWN: RuleInfo = RuleInfo { name: "unknown-key", code: "CC005", severity: Severity::Warning, summary: "", page: "" };

fn file(line: u32, column: u32) -> Place {
    Place::File { path: "deploy/\u{1b}.env".to_owned(), line, column, bytes: Some((20, 4_711)) }
}

fn check_place(place: &Place, shown: &str, debug: &str) {
    assert_eq!(place.to_string(), shown);
    assert_eq!(format!("{place:?}"), debug);
}

#[test]
fn a_place_steers_no_terminal_and_tells_no_length() {
    check_place(&file(0, 0), "deploy/\\u{1b}.env", "File { path: \"deploy/\\u{1b}.env\", line: 0, column: 0, .. }");
    check_place(&file(3, 0), "deploy/\\u{1b}.env:3", "File { path: \"deploy/\\u{1b}.env\", line: 3, column: 0, .. }");
    check_place(&file(3, 6), "deploy/\\u{1b}.env:3:6", "File { path: \"deploy/\\u{1b}.env\", line: 3, column: 6, .. }");
    check_place(&Place::Variable("A\nB".to_owned()), "environment variable A\\nB", "Variable(\"A\\nB\")");
    check_place(&Place::Reference("file:\u{9b}".to_owned()), "reference file:\\u{9b}", "Reference(\"file:\\u{9b}\")");
    check_place(&Place::Source("\u{202e}x".to_owned()), "\\u{202e}x", "Source(\"\\u{202e}x\")");
    check_place(&Place::Schema, "the schema", "Schema");
    check_place(&Place::Nowhere, "not set anywhere", "Nowhere");
}

#[test]
fn severities_have_their_words() {
    assert_eq!([Severity::Note, Severity::Warning, Severity::Error].map(|severity| severity.to_string()), ["note", "warning", "error"]);
}

#[test]
fn a_finding_is_about_its_key_and_those_with_the_same_cause() {
    let mut finding = Diagnostic::new(&MISSING, "three keys are not set").about(4, "PORT");
    finding.also = vec![(6, "HOST".to_owned()), (9, "USER".to_owned())];
    assert_eq!(finding.indexes().collect::<Vec<_>>(), [4, 6, 9]);
    assert_eq!(finding.keys().collect::<Vec<_>>(), ["PORT", "HOST", "USER"]);
    assert_eq!([0, 4, 5, 6, 9].map(|index| finding.is_about(index)), [false, true, false, true, true]);
    let of_nothing = Diagnostic::new(&UNKNOWN, "a key is unknown");
    assert_eq!((of_nothing.indexes().count(), of_nothing.keys().count()), (0, 0));
}

#[test]
fn accepted_findings_do_not_count() {
    let finding = |rule: &'static RuleInfo, suppressed: Option<&str>| Diagnostic {
        suppressed: suppressed.map(ToOwned::to_owned),
        ..Diagnostic::new(rule, "something is wrong")
    };
    let report = |findings| Report { service: "shop".to_owned(), environment: None, findings, tally: Tally::default() };

    let open = report(vec![finding(&MISSING, None), finding(&UNKNOWN, Some("later")), finding(&MISSING, None), finding(&UNKNOWN, None)]);
    assert!(open.has_errors());
    assert_eq!([Severity::Note, Severity::Warning, Severity::Error].map(|severity| open.count(severity)), [0, 1, 2]);
    assert_eq!(open.active().count(), 3);
    assert_eq!(
        (open.of_rule("unknown-key").count(), open.of_rule("missing-required").count(), open.of_rule("weak-secret").count()),
        (1, 2, 0)
    );

    let accepted = report(vec![finding(&MISSING, Some("later")), finding(&UNKNOWN, None)]);
    assert!(!accepted.has_errors());
    assert_eq!(accepted.of_rule("missing-required").count(), 0);
}
