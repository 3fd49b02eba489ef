//! How the three forms read, and that no text of the outside world gets through them unescaped.

use configcheck_core::diagnostic::Tally;
use configcheck_core::{Report, Severity};

use super::samples::{Hostile, checkout};
use super::{Style, json, plain, terminal};

const REPORTS: u64 = 2_000;

#[test]
fn every_run_reads_the_same() {
    let first = (plain(&checkout()), terminal(&checkout(), Style::default()), json(&checkout()));
    for _ in 0..100 {
        assert_eq!((plain(&checkout()), terminal(&checkout(), Style::default()), json(&checkout())), first);
    }
}

#[test]
fn a_report_without_open_findings_says_so() {
    let mut report = checkout();
    report.findings.retain(|finding| finding.suppressed.is_some());
    let expected = "\
ok: the configuration of checkout (production) is in order

summary: no findings; 8 keys: 2 ok, 4 bad, 1 missing, 1 not checked
accepted: 1 finding, not shown here";
    assert_eq!(plain(&report), expected);
    assert_eq!(terminal(&report, Style::default()), expected);

    let nothing = Report { service: String::new(), environment: None, tally: Tally::default(), findings: Vec::new() };
    assert_eq!(plain(&nothing), "ok: the configuration is in order");
    assert_eq!(terminal(&nothing, Style::default()), "ok: the configuration is in order");
}

#[test]
fn the_head_line_counts_every_severity() {
    let mut report = checkout();
    report.findings.iter_mut().for_each(|finding| finding.suppressed = None);
    let head = |report: &Report| plain(report).lines().next().map(ToOwned::to_owned);
    assert_eq!(head(&report).as_deref(), Some("error: the configuration of checkout (production) has 5 errors, 1 warning and 1 note"));
    report.findings.retain(|finding| finding.severity != Severity::Error);
    assert_eq!(head(&report).as_deref(), Some("warning: the configuration of checkout (production) has 1 warning and 1 note"));
}

#[test]
fn only_states_with_keys_are_counted() {
    let mut report = checkout();
    report.findings.clear();
    report.tally = Tally { ok: 3, ..Tally::default() };
    assert_eq!(plain(&report).lines().last(), Some("summary: no findings; 3 keys: 3 ok"));
}

#[test]
fn a_style_is_what_was_asked_for() {
    let style = Style::default().color(true).width(60);
    assert_eq!(style, Style { color: true, width: Some(60) });
    assert_ne!(terminal(&checkout(), style), terminal(&checkout(), Style::default().color(true)));
    assert!(json(&checkout()).starts_with(r#"{"version":1,"service":"checkout","#));
}

#[test]
fn hostile_text_steers_nothing() {
    for seed in 0..REPORTS {
        let report = Hostile::new(seed).report();
        for width in [0, 40, 80, 200] {
            let style = Style::default().width(width);
            check_harmless(&report, &terminal(&report, style));
            check_harmless(&report, &without_colors(&terminal(&report, style.color(true))));
        }
        check_harmless(&report, &plain(&report));
    }
}

#[test]
fn hostile_text_stays_within_json() {
    for seed in 0..REPORTS {
        let report = Hostile::new(seed).report();
        let text = json(&report);
        assert!(!text.contains('\n') && !text.contains(steers), "{text:?}");
        let value: serde_json::Value = serde_json::from_str(&text).expect("the document parses");
        assert_eq!(value["service"], report.service.as_str());
        let findings = value["findings"].as_array().expect("findings are a list");
        assert_eq!(findings.len(), report.findings.len());
        for (finding, value) in report.findings.iter().zip(findings) {
            assert_eq!(value["message"], finding.message.as_str());
            assert_eq!(value["key"].as_str(), finding.key.as_deref());
        }
    }
}

fn check_harmless(report: &Report, text: &str) {
    assert!(!text.contains(|c| c != '\n' && steers(c)), "{text:?}");
    for (start, severity) in [("error[", Severity::Error), ("warning[", Severity::Warning), ("note[", Severity::Note)] {
        assert_eq!(text.lines().filter(|line| line.starts_with(start)).count(), report.count(severity), "{text}");
    }
    assert!(!text.lines().any(|line| line.starts_with("::")), "{text}");
}

/// Written out once more, apart from the product's own list.
fn steers(c: char) -> bool {
    let code = u32::from(c);
    code < 0x20
        || (0x7f..=0x9f).contains(&code)
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Takes away `ESC [ digits m` and nothing else.
pub(super) fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';').expect("a colour ends");
        assert_eq!(&part[end..=end], "m", "{text:?}");
        bare.push_str(&part[end + 1..]);
    }
    bare
}
