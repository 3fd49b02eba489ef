//! The baseline: the findings that a project has decided to live with for now, so that only new ones fail a run.
//!
//! A finding is known again by its fingerprint, in which there is no line and no value.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::findings::Run;

/// The name of the form, and its version.
const FORMAT: &str = "configcheck-baseline/v1";

/// Why a finding is accepted that stands in the baseline.
const REASON: &str = "in the baseline";

/// Digits of a fingerprint.
const FINGERPRINT: usize = 16;

/// The findings that are accepted for now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Baseline {
    entries: BTreeMap<String, Entry>,
}

/// One of them, with what tells a person which it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What identifies it from run to run.
    pub(crate) fingerprint: String,
    /// The rule's name.
    pub(crate) rule: String,
    /// The key.
    pub(crate) key: Option<String>,
    /// The environment.
    pub(crate) environment: Option<String>,
    /// Why it is accepted, when somebody said so.
    pub(crate) reason: Option<String>,
}

/// Reads a baseline.
pub(crate) fn parse(bytes: &[u8], path: &str) -> Result<Baseline, Failure> {
    let wrong = |message: &str| Failure::usage(message).at(path).help("write it anew: configcheck check --write-baseline FILE");
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        // The parser's own words may quote the file, and its column may stand behind something that tells its length so.
        wrong("the baseline is not JSON").at(format!("{path}:{}", error.line()))
    })?;
    if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(wrong(&format!("this is no baseline of the form {FORMAT}")));
    }
    let Some(findings) = value.get("findings").and_then(Value::as_array) else {
        return Err(wrong("the baseline has no list of findings"));
    };
    let mut baseline = Baseline::default();
    for (number, finding) in (1..).zip(findings) {
        let entry = entry(finding).map_err(|what: &str| wrong(&format!("finding {number} of the baseline {what}")))?;
        baseline.entries.insert(entry.fingerprint.clone(), entry);
    }
    Ok(baseline)
}

fn entry(value: &Value) -> Result<Entry, &'static str> {
    let row = value.as_object().ok_or("is not a table of names and texts")?;
    let fingerprint = text(row, "fingerprint")?.ok_or("has no fingerprint")?;
    if fingerprint.len() != FINGERPRINT || !fingerprint.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err("has a fingerprint that is not 16 digits of a hash");
    }
    let rule = text(row, "rule")?.ok_or("names no rule")?;
    Ok(Entry { fingerprint, rule, key: text(row, "key")?, environment: text(row, "environment")?, reason: text(row, "reason")? })
}

fn text(row: &Map<String, Value>, name: &str) -> Result<Option<String>, &'static str> {
    match row.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err("holds something else where a text belongs"),
    }
}

/// The baseline that accepts everything that this run found and nobody accepted otherwise. What was in a baseline before keeps its reason.
pub(crate) fn write(run: &Run) -> String {
    let mut entries: Vec<Entry> = Vec::new();
    for finding in run.findings() {
        let accepted = finding.diagnostic.suppressed.as_deref();
        let before = accepted.and_then(|reason| reason.strip_prefix(REASON));
        if accepted.is_some() && before.is_none() {
            continue;
        }
        entries.push(Entry {
            fingerprint: finding.fingerprint,
            rule: finding.diagnostic.rule.name.to_owned(),
            key: finding.diagnostic.key.clone(),
            environment: finding.target.environment.clone(),
            reason: before.and_then(|reason| reason.strip_prefix(": ")).map(ToOwned::to_owned),
        });
    }
    entries.sort_by(|one, other| one.order().cmp(&other.order()));
    let lines: Vec<String> = entries.iter().map(|entry| format!("    {}", entry.to_json())).collect();
    let findings = if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n  ]", lines.join(",\n")) };
    format!("{{\n  \"format\": \"{FORMAT}\",\n  \"findings\": {findings}\n}}\n")
}

impl Entry {
    /// What entries are sorted by, so that a change of one finding is a change of one line.
    fn order(&self) -> (&str, Option<&str>, Option<&str>, &str) {
        (&self.rule, self.key.as_deref(), self.environment.as_deref(), &self.fingerprint)
    }

    /// One line of the file.
    fn to_json(&self) -> String {
        let text = |text: Option<&str>| Value::from(text).to_string();
        let reason = self.reason.as_deref().map_or_else(String::new, |reason| format!(", \"reason\": {}", text(Some(reason))));
        format!(
            "{{\"fingerprint\": {}, \"rule\": {}, \"key\": {}, \"environment\": {}{reason}}}",
            text(Some(&self.fingerprint)),
            text(Some(&self.rule)),
            text(self.key.as_deref()),
            text(self.environment.as_deref()),
        )
    }
}

impl Baseline {
    /// Accepts the findings that stand in it, and hands back the entries that match nothing any more: they can be removed. An entry of an
    /// environment that was not checked is not among them.
    pub(crate) fn apply(&self, run: &mut Run) -> Vec<&Entry> {
        // Fingerprints are made of all findings together; each is known again by where it lies.
        let found: HashMap<*const _, &Entry> = run
            .findings()
            .into_iter()
            .filter_map(|finding| Some((std::ptr::from_ref(finding.diagnostic), self.entries.get(&finding.fingerprint)?)))
            .collect();
        for diagnostic in run.targets.iter_mut().flat_map(|target| &mut target.report.findings) {
            let entry = found.get(&std::ptr::from_ref(&*diagnostic)).filter(|_| diagnostic.suppressed.is_none());
            if let Some(entry) = entry {
                let reason = entry.reason.as_ref().map(|reason| format!("{REASON}: {reason}"));
                diagnostic.suppressed = Some(reason.unwrap_or_else(|| REASON.to_owned()));
            }
        }
        let again: HashSet<&str> = found.values().map(|entry| entry.fingerprint.as_str()).collect();
        let matches = |entry: &Entry| again.contains(entry.fingerprint.as_str());
        let was_checked = |entry: &Entry| run.targets.iter().any(|target| target.environment == entry.environment);
        self.entries.values().filter(|entry| was_checked(entry) && !matches(entry)).collect()
    }
}

#[cfg(test)]
mod tests {
    use configcheck_checks::rules::info_of;
    use configcheck_core::diagnostic::Tally;
    use configcheck_core::{Diagnostic, Place, Report, Severity};

    use super::*;
    use crate::findings::Target;

    fn finding(rule: &str, key: &str, line: u32) -> Diagnostic {
        let place = Place::File { path: ".env".to_owned(), line, column: 1, bytes: None };
        Diagnostic::new(info_of(rule).expect("there is such a rule"), "something is wrong").about(0, key).at(place)
    }

    fn run(environment: &str, findings: Vec<Diagnostic>) -> Run {
        let environment = Some(environment.to_owned());
        let report = Report { service: "shop".to_owned(), environment: environment.clone(), findings, tally: Tally::default() };
        let target = Target { name: "it".to_owned(), environment, report, keys: Vec::new(), sources: Vec::new() };
        Run {
            schema: None,
            targets: vec![target],
            unread: Vec::new(),
            fail_on: Severity::Error,
            fleets: Vec::new(),
            root: std::path::PathBuf::new(),
        }
    }

    fn reasons(run: &Run) -> Vec<Option<&str>> {
        run.targets[0].report.findings.iter().map(|finding| finding.suppressed.as_deref()).collect()
    }

    #[test]
    fn a_written_baseline_accepts_the_same_findings_on_other_lines() {
        let accepted = Diagnostic { suppressed: Some("on purpose".to_owned()), ..finding("weak-secret", "TOKEN", 9) };
        let first =
            run("test", vec![finding("unknown-key", "B", 4), finding("unknown-key", "A", 3), finding("invalid-value", "B", 4), accepted]);
        let text = write(&first);
        let rows: Vec<&str> = text.lines().filter_map(|line| line.split_once("\"rule\": ").map(|(_, behind)| behind)).collect();
        assert_eq!(
            rows,
            [
                r#""invalid-value", "key": "B", "environment": "test"},"#,
                r#""unknown-key", "key": "A", "environment": "test"},"#,
                r#""unknown-key", "key": "B", "environment": "test"}"#,
            ]
        );
        let baseline = parse(text.as_bytes(), "b.json").expect("it was written just now");
        let mut second =
            run("test", vec![finding("unknown-key", "A", 30), finding("unknown-key", "C", 3), finding("invalid-value", "B", 40)]);
        let gone: Vec<(&str, Option<&str>)> =
            baseline.apply(&mut second).iter().map(|entry| (entry.rule.as_str(), entry.key.as_deref())).collect();
        assert_eq!(gone, [("unknown-key", Some("B"))]);
        assert_eq!(reasons(&second), [Some("in the baseline"), None, Some("in the baseline")]);
        assert_eq!(write(&run("test", Vec::new())), "{\n  \"format\": \"configcheck-baseline/v1\",\n  \"findings\": []\n}\n");
    }

    #[test]
    fn a_reason_stays_and_an_environment_that_was_not_checked_is_not_gone() {
        let text =
            write(&run("test", vec![finding("unknown-key", "A", 3)])).replace("\"test\"}", "\"test\", \"reason\": \"until\\nMarch\"}");
        let baseline = parse(text.as_bytes(), "b.json").expect("it was written just now");
        let mut again = run("test", vec![finding("unknown-key", "A", 7)]);
        assert!(baseline.apply(&mut again).is_empty());
        assert_eq!(reasons(&again), [Some("in the baseline: until\nMarch")]);
        assert_eq!(write(&again), text);
        assert!(baseline.apply(&mut run("staging", Vec::new())).is_empty());
        let mut of_others = run("test", vec![Diagnostic { suppressed: Some("on purpose".to_owned()), ..finding("unknown-key", "A", 7) }]);
        assert!(baseline.apply(&mut of_others).is_empty());
        assert_eq!(reasons(&of_others), [Some("on purpose")]);
    }

    #[test]
    fn findings_that_are_alike_are_counted() {
        let text = write(&run("test", vec![finding("unknown-key", "A", 3)]));
        let baseline = parse(text.as_bytes(), "b.json").expect("it was written just now");
        let mut two = run("test", vec![finding("unknown-key", "A", 3), finding("unknown-key", "A", 8)]);
        assert!(baseline.apply(&mut two).is_empty());
        assert_eq!(reasons(&two), [Some("in the baseline"), None]);
    }

    #[test]
    fn says_what_is_no_baseline_and_quotes_nothing() {
        let of = |findings: &str| format!("{{\"format\": \"{FORMAT}\", \"findings\": {findings}}}");
        for (text, expected) in [
            ("{\n  hunter2-fake".to_owned(), "b.json:2: the baseline is not JSON"),
            ("{\"format\": \"hunter2-fake\"}".to_owned(), "b.json: this is no baseline of the form configcheck-baseline/v1"),
            (of("3"), "b.json: the baseline has no list of findings"),
            (of("[[]]"), "b.json: finding 1 of the baseline is not a table of names and texts"),
            (of("[{\"rule\": \"a\"}]"), "b.json: finding 1 of the baseline has no fingerprint"),
            (
                of("[{\"fingerprint\": \"hunter2-fake-123\", \"rule\": \"a\"}]"),
                "b.json: finding 1 of the baseline has a fingerprint that is not 16 digits of a hash",
            ),
            (of("[{\"fingerprint\": \"0123456789abcdef\"}]"), "b.json: finding 1 of the baseline names no rule"),
            (
                of("[{\"fingerprint\": \"0123456789abcdef\", \"rule\": \"a\", \"key\": 3}]"),
                "b.json: finding 1 of the baseline holds something else where a text belongs",
            ),
        ] {
            let failure = parse(text.as_bytes(), "b.json").expect_err(&text);
            let expected = format!("error: {expected}\n  help: write it anew: configcheck check --write-baseline FILE");
            assert_eq!(failure.to_string(), expected);
        }
    }
}
