//! The report as JSON, version 1. The form is written out here by hand, so that no change of a type changes it unseen.

use configcheck_core::diagnostic::Tally;
use configcheck_core::display::Shown;
use configcheck_core::json::{Json, Object};
use configcheck_core::{Diagnostic, Place, Report};

/// Rises when a member goes or changes its meaning.
const VERSION: u32 = 1;

/// Renders a report.
pub(super) fn render(report: &Report) -> String {
    Json::object(|o| {
        o.number("version", VERSION);
        o.text("service", &report.service);
        o.text_if("environment", report.environment.as_deref());
        o.object("tally", |o| tally(o, report.tally));
        o.list("findings", |list| report.findings.iter().for_each(|finding| list.object(|o| write_finding(o, finding))));
    })
}

fn tally(o: &mut Object<'_>, tally: Tally) {
    let mut count = |key, count: usize| o.number(key, u64::try_from(count).unwrap_or(u64::MAX));
    count("ok", tally.ok);
    count("bad", tally.bad);
    count("not_checkable", tally.not_checkable);
    count("missing", tally.missing);
}

fn write_finding(o: &mut Object<'_>, finding: &Diagnostic) {
    o.text("rule", finding.rule.name);
    o.text("code", finding.rule.code);
    o.text("severity", finding.severity.name());
    o.text_if("key", finding.key.as_deref());
    if !finding.also.is_empty() {
        o.texts_if("keys", &finding.keys().collect::<Vec<_>>());
    }
    o.text("message", &finding.message);
    o.object("place", |o| write_place(o, &finding.place));
    o.list("related", |list| {
        for (place, what) in &finding.related {
            list.object(|o| {
                o.object("place", |o| write_place(o, place));
                o.text("message", what);
            });
        }
    });
    o.text_if("expected", finding.expected.as_deref());
    o.text_if("found", finding.found.as_ref().map(Shown::as_str));
    o.list("help", |list| finding.help.iter().for_each(|help| list.text(help)));
    o.text_if("suppressed", finding.suppressed.as_deref());
}

fn write_place(o: &mut Object<'_>, place: &Place) {
    match place {
        Place::File { path, line, column, .. } => {
            o.text("kind", "file");
            o.text("path", path);
            number_if(o, "line", *line);
            number_if(o, "column", *column);
        }
        Place::Variable(name) => kind_with(o, "variable", "name", name),
        Place::Reference(reference) => kind_with(o, "reference", "reference", reference),
        Place::Source(name) => kind_with(o, "source", "name", name),
        Place::Schema => o.text("kind", "schema"),
        Place::Nowhere => o.text("kind", "nowhere"),
        other => kind_with(o, "other", "text", &other.to_string()),
    }
}

fn kind_with(o: &mut Object<'_>, kind: &str, key: &str, text: &str) {
    o.text("kind", kind);
    o.text(key, text);
}

fn number_if(o: &mut Object<'_>, key: &str, number: u32) {
    if number > 0 {
        o.number(key, number);
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::checkout;
    use super::*;

    #[test]
    fn writes_version_1() {
        let mut report = checkout();
        report.findings.retain(|finding| finding.suppressed.is_some() || finding.key.as_deref() == Some("PORT"));
        let expected = concat!(
            r#"{"version":1,"service":"checkout","environment":"production","#,
            r#""tally":{"ok":2,"bad":4,"not_checkable":1,"missing":1},"findings":["#,
            r#"{"rule":"invalid-value","code":"CC002","severity":"error","key":"PORT","#,
            r#""message":"PORT is not a whole number from 0 to 65535","#,
            r#""place":{"kind":"file","path":".env","line":3,"column":6},"#,
            r#""related":[{"place":{"kind":"variable","name":"PORT"},"message":"set there too, and not used"}],"#,
            r#""expected":"a whole number from 0 to 65535","found":"80a80","help":["an example: 8080"]},"#,
            r#"{"rule":"deprecated-key","code":"CC008","severity":"note","key":"CACHE_URL","message":"CACHE_URL is deprecated","#,
            r#""place":{"kind":"nowhere"},"related":[],"help":[],"suppressed":"until the move"}]}"#,
        );
        assert_eq!(render(&report), expected);
    }

    #[test]
    fn names_each_kind_of_place() {
        let check = |place: Place, expected: &str| assert_eq!(Json::object(|o| write_place(o, &place)), expected);
        let file = |line, column| Place::File { path: "a".into(), line, column, bytes: Some((0, 1)) };
        check(file(0, 0), r#"{"kind":"file","path":"a"}"#);
        check(file(2, 0), r#"{"kind":"file","path":"a","line":2}"#);
        check(file(2, 5), r#"{"kind":"file","path":"a","line":2,"column":5}"#);
        check(Place::Variable("A".into()), r#"{"kind":"variable","name":"A"}"#);
        check(Place::Reference("file:a".into()), r#"{"kind":"reference","reference":"file:a"}"#);
        check(Place::Source("overrides".into()), r#"{"kind":"source","name":"overrides"}"#);
        check(Place::Schema, r#"{"kind":"schema"}"#);
        check(Place::Nowhere, r#"{"kind":"nowhere"}"#);
    }

    #[test]
    fn all_keys_of_one_cause_are_named() {
        let mut report = checkout();
        report.findings.retain(|finding| finding.key.as_deref() == Some("PORT"));
        assert!(!render(&report).contains(r#""keys""#));
        report.findings[0].also = vec![(2, "HOST".to_owned())];
        assert!(render(&report).contains(r#""key":"PORT","keys":["PORT","HOST"],"message""#));
    }
}
