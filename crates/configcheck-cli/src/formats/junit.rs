//! The XML of `JUnit`: one suite for each target and one test for each key, so that a green run shows what was checked.

use std::collections::{HashMap, HashSet};

use configcheck_checks::KeyVerdict;
use configcheck_core::Place;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::location::Location;
use super::wording::{UNREAD, line, lines, place, unread_lines};
use crate::findings::{Finding, Run, Target};

pub(super) fn render(run: &Run) -> String {
    let mut report = Report::new("configcheck");
    let all = run.findings();
    for target in &run.targets {
        let of_target = |finding: &&Finding<'_>| std::ptr::eq(finding.target, target) && !finding.is_accepted();
        report.add_test_suite(suite(run, target, &all.iter().filter(of_target).collect::<Vec<_>>()));
    }
    if !run.unread.is_empty() {
        let mut inputs = TestSuite::new("inputs");
        for unread in &run.unread {
            let path = xml(&Location::of_file(&unread.path).path);
            let lines = unread_lines(unread);
            let mut case = TestCase::new(path.as_str(), status(NonSuccessKind::Error, UNREAD, &lines));
            case.set_classname("inputs");
            case.extra.insert("file".into(), path.into());
            inputs.add_test_case(case);
        }
        report.add_test_suite(inputs);
    }
    // Writing to memory cannot fail.
    report.to_string().unwrap_or_default()
}

fn suite(run: &Run, target: &Target, findings: &[&Finding<'_>]) -> TestSuite {
    let mut suite = TestSuite::new(xml(&target.name));
    let service = run.schema.as_ref().map_or("", |schema| schema.name.as_str());
    let class = if service.is_empty() { target.name.clone() } else { format!("{}.{service}", target.name) };
    let mut by_key: HashMap<&str, Vec<&Finding<'_>>> = HashMap::new();
    for finding in findings {
        for key in finding.diagnostic.keys() {
            by_key.entry(key).or_default().push(finding);
        }
    }
    let mut others: Vec<&Finding<'_>> = findings.to_vec();
    let keys: HashSet<&str> = target.keys.iter().map(|key| key.variable.as_str()).collect();
    others.retain(|finding| !finding.diagnostic.keys().any(|key| keys.contains(key)));
    for key in &target.keys {
        let of_key = by_key.remove(key.variable.as_str()).unwrap_or_default();
        let otherwise = match key.verdict {
            KeyVerdict::NotCheckable => skipped(),
            _ => TestCaseStatus::success(),
        };
        suite.add_test_case(case(run, &key.variable, &class, &key.place, &of_key, otherwise));
    }
    for finding in others {
        let diagnostic = finding.diagnostic;
        let name = match place(&diagnostic.place).or_else(|| diagnostic.key.clone()) {
            Some(about) => format!("{}: {about}", diagnostic.rule.name),
            None => diagnostic.rule.name.to_owned(),
        };
        suite.add_test_case(case(run, &name, &class, &diagnostic.place, &[finding], TestCaseStatus::success()));
    }
    suite
}

/// One test. It fails with the first finding that fails the run; what weighs less is told beside it.
fn case(run: &Run, name: &str, class: &str, place: &Place, findings: &[&Finding<'_>], otherwise: TestCaseStatus) -> TestCase {
    let (failing, others): (Vec<&Finding<'_>>, Vec<&Finding<'_>>) =
        findings.iter().partition(|finding| finding.diagnostic.severity >= run.fail_on);
    let status = match failing.first() {
        None => otherwise,
        Some(first) => {
            let all: Vec<String> = failing.iter().flat_map(|finding| told(finding)).collect();
            let mut status = status(NonSuccessKind::Failure, first.diagnostic.rule.name, &all);
            status.set_message(xml(&first.diagnostic.message));
            status
        }
    };
    let mut case = TestCase::new(xml(name), status);
    case.set_classname(xml(class));
    let of_finding = failing.first().and_then(|finding| Location::of(&finding.diagnostic.place));
    if let Some(location) = of_finding.or_else(|| Location::of(place)) {
        case.extra.insert("file".into(), xml(&location.path).into());
        if let Some(line) = location.line {
            case.extra.insert("line".into(), line.to_string().into());
        }
    }
    if !others.is_empty() {
        case.set_system_out(xml_lines(&others.iter().flat_map(|finding| told(finding)).collect::<Vec<_>>()));
    }
    case
}

fn told(finding: &Finding<'_>) -> Vec<String> {
    let diagnostic = finding.diagnostic;
    let mut lines = lines(diagnostic);
    if let Some(first) = lines.first_mut() {
        let place = place(&diagnostic.place).map(|place| format!("{place}: ")).unwrap_or_default();
        first.insert_str(0, &format!("{place}{}[{}] ", diagnostic.severity, diagnostic.rule.name));
    }
    lines
}

fn status(kind: NonSuccessKind, rule: &str, lines: &[String]) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(rule);
    if let Some(first) = lines.first() {
        status.set_message(xml(first));
    }
    status.set_description(xml_lines(lines));
    status
}

fn skipped() -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message("not checkable here");
    status
}

fn xml_lines(lines: &[String]) -> String {
    lines.iter().map(|line| xml(line)).collect::<Vec<_>>().join("\n")
}

/// A text as XML can hold it: two characters are allowed in no document, however they are written.
fn xml(text: &str) -> String {
    line(text).replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}")
}
