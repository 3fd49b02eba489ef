//! No text of the outside world breaks a format: each of 10,000 runs is read back by a real reader and has as much in it as was found.

use std::borrow::Cow;
use std::collections::HashSet;

use configcheck_core::Severity;
use configcheck_core::display::escaped;
use serde_json::Value;

use super::super::sarif::RULES;
use super::super::{Format, step_summary};
use super::generator::Generator;
use super::rendered;
use crate::findings::{Finding, Run};

const RUNS: u64 = 10_000;

/// Calls the check with every run, in several threads.
fn check_all(check: impl Fn(&Run, &str) + Sync, render: impl Fn(&Run) -> String + Sync) {
    let check_share = |share: u64| {
        for seed in (0..RUNS).filter(|seed| seed % 2 == share) {
            let run = Generator::new(seed).run();
            let text = render(&run);
            assert!(
                text.lines().all(|line| matches!(escaped(line), Cow::Borrowed(_))),
                "run {seed} has a character that steers:\n{text:?}"
            );
            assert!(!text.contains('\r'), "run {seed} has a carriage return");
            check(&run, &text);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| check_share(0));
        scope.spawn(|| check_share(1));
    });
}

fn check_format(format: Format, check: impl Fn(&Run, &str) + Sync) {
    check_all(check, |run| rendered(format, run));
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn active<'a>(findings: &'a [Finding<'a>]) -> impl Iterator<Item = &'a Finding<'a>> {
    findings.iter().filter(|finding| !finding.is_accepted())
}

#[test]
fn concise_has_one_line_for_each_finding() {
    check_format(Format::Concise, |run, text| {
        assert_eq!(text.lines().count(), active(&run.findings()).count() + run.unread.len(), "{text}");
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::") && !line.contains("##")), "{text}");
    });
}

#[test]
fn json_gives_back_the_very_texts() {
    check_format(Format::Json, |run, text| {
        let document = parsed(text);
        let findings = run.findings();
        let read = document["findings"].as_array().unwrap();
        assert_eq!(read.len(), findings.len());
        for (finding, read) in findings.iter().zip(read) {
            let diagnostic = finding.diagnostic;
            assert_eq!(read["message"], diagnostic.message);
            assert_eq!(read["target"], finding.target.name);
            assert_eq!(read.get("key").and_then(Value::as_str), diagnostic.key.as_deref());
            assert_eq!(read.get("suppressed").and_then(Value::as_str), diagnostic.suppressed.as_deref());
            assert_eq!(read["help"].as_array().unwrap().len(), diagnostic.help.len());
        }
        assert_eq!(document["unread"].as_array().unwrap().len(), run.unread.len());
    });
}

#[test]
fn sarif_has_a_result_for_each_finding() {
    // The rules are the same in every run of our making, and would be most of what is read here.
    let render = |run: &Run| rendered(Format::Sarif, run).replace(RULES.as_str(), "[]");
    let check = |run: &Run, text: &str| {
        let document = parsed(text);
        let runs = document["runs"].as_array().unwrap();
        assert_eq!(runs.len(), run.targets.len().max(1));
        let results = runs.iter().flat_map(|run| run["results"].as_array().unwrap());
        assert_eq!(results.count(), run.findings().len());
        let ids: HashSet<&str> = runs.iter().map(|run| run["automationDetails"]["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), runs.len(), "{ids:?}");
    };
    check_all(check, render);
}

#[test]
fn github_gets_one_command_for_each_finding() {
    check_format(Format::Github, |run, text| {
        let findings = run.findings();
        let count = |severity| active(&findings).filter(|finding| finding.diagnostic.severity == severity).count();
        let counts = [count(Severity::Error) + run.unread.len(), count(Severity::Warning), count(Severity::Note)];
        let is_too_much = counts.iter().any(|count| *count > 10);
        let notices = if is_too_much { counts[2].min(9) + 1 } else { counts[2] };
        let of_kind = |kind: &str| text.lines().filter(|line| line.starts_with(&format!("::{kind} title=configcheck"))).count();
        assert_eq!([of_kind("error"), of_kind("warning"), of_kind("notice")], [counts[0].min(10), counts[1].min(10), notices], "{text}");
        assert_eq!(text.lines().count(), of_kind("error") + of_kind("warning") + of_kind("notice"), "{text}");
        for line in text.lines() {
            let (properties, data) = line[2..].split_once("::").unwrap();
            assert!(!properties.contains(':'), "{line}");
            assert!(data.split("%0A").all(|line| !line.trim_start().starts_with("::")), "{line}");
            assert!(data.replace("%25", "").replace("%0A", "").find('%').is_none(), "{line}");
            assert!(!line.contains("##"), "{line}");
        }
    });
}

#[test]
fn gitlab_gets_an_issue_with_its_own_fingerprint_for_each_finding() {
    check_format(Format::Gitlab, |run, text| {
        let document = parsed(text);
        let issues = document.as_array().unwrap();
        assert_eq!(issues.len(), active(&run.findings()).count() + run.unread.len());
        let fingerprints: HashSet<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
        assert_eq!(fingerprints.len(), issues.len());
        for issue in issues {
            let path = issue["location"]["path"].as_str().unwrap();
            assert!(!path.is_empty() && !path.starts_with("./"), "{path:?}");
            assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        }
    });
}

#[test]
fn junit_has_a_test_for_each_key_and_fails_with_the_run() {
    check_format(Format::Junit, |run, text| {
        let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error} in {text}"));
        let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
        let findings = run.findings();
        let has_key = |finding: &&Finding<'_>| finding.target.keys.iter().any(|key| finding.diagnostic.key.as_ref() == Some(&key.variable));
        let keys: usize = run.targets.iter().map(|target| target.keys.len()).sum();
        let others = active(&findings).filter(|finding| !has_key(finding)).count();
        assert_eq!(count("testcase"), keys + others + run.unread.len());
        assert_eq!(count("error"), run.unread.len());
        let fails = active(&findings).any(|finding| finding.diagnostic.severity >= run.fail_on);
        assert_eq!(count("failure") > 0, fails);
        let root = document.root_element();
        let told = |name: &str| root.attribute(name).unwrap().parse::<usize>().unwrap();
        assert_eq!((told("tests"), told("failures"), told("skipped")), (count("testcase"), count("failure"), count("skipped")));
    });
}

#[test]
fn rdjson_has_a_diagnostic_for_each_finding() {
    check_format(Format::Rdjson, |run, text| {
        let document = parsed(text);
        let diagnostics = document["diagnostics"].as_array().unwrap();
        assert_eq!(diagnostics.len(), active(&run.findings()).count() + run.unread.len());
        assert!(diagnostics.iter().all(|diagnostic| diagnostic["location"]["path"].as_str().is_some_and(|path| !path.is_empty())));
    });
}

#[test]
fn the_summary_has_a_row_for_each_finding() {
    let check = |run: &Run, text: &str| {
        let rows = text.lines().filter(|line| line.starts_with("| ")).collect::<Vec<_>>();
        let findings = run.findings();
        let count = active(&findings).count();
        assert_eq!(rows.len(), if count == 0 { 0 } else { count + 2 }, "{text}");
        for row in rows.iter().skip(2) {
            let bars = row.replace("\\\\", "").replace("\\|", "");
            assert_eq!(bars.matches('|').count(), 7, "{row}");
            assert!(!row.contains('<') && !row.contains('>'), "{row}");
        }
        assert_eq!(text.lines().filter(|line| line.starts_with("- ")).count(), run.unread.len());
    };
    check_all(check, step_summary);
}
