//! `dialect-divergence`: other readers of `.env` files make something else of a line.

use std::borrow::Cow;

use configcheck_core::display::escaped;
use configcheck_core::snapshot::{Divergence, DivergentReading};
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::Context;

pub(super) struct DialectDivergence;

static INFO: RuleInfo = RuleInfo {
    name: "dialect-divergence",
    code: "CC023",
    severity: Severity::Warning,
    summary: "Other readers of .env files make another value of a line; a note when only tools do, and no library.",
    page: include_str!("dialect_divergence.md"),
};

/// The number of lines that are named one by one. A file with more of them is written for another reader.
const MOST_NAMED: usize = 20;

/// What to write so that all agree, by words of how a reader differs.
const ADVICE: [(&[&str], &str); 7] = [
    (&["quote"], "docker run --env-file and kubectl take quotes as a part of the value: leave them out where the value needs none"),
    (&["at the #"], "put a value with a # in it into single quotes: every library takes what is between them as it is"),
    (&["comment"], "write the comment on a line of its own, above the value"),
    (
        &["$", "expand", "substitut", "variable"],
        "most libraries replace nothing between single quotes; dotenv-expand and python-dotenv replace ${NAME} even there, so that such a \
         value is better mounted as a file",
    ),
    (&["blank"], "write no blanks around the = and at the ends, and put a value with blanks in it into single quotes"),
    (&["backslash"], "write no backslashes, or put the value into single quotes, where libraries leave them alone"),
    (
        &["the lines", "line end"],
        "write the value on one line, for example in base64, or name a file that holds it; end lines as Unix does",
    ),
];

impl Rule for DialectDivergence {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        !context.snapshot().divergences.is_empty()
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let divergences = &context.snapshot().divergences;
        findings.extend(divergences.iter().take(MOST_NAMED).map(|divergence| finding(context, divergence)));
        if let Some(next) = divergences.get(MOST_NAMED) {
            let more = &divergences[MOST_NAMED..];
            let mut rest = Diagnostic::new(&INFO, format!("{} more lines read differently elsewhere, the first of them here", more.len()))
                .at(context.place_of(next.origin, ""))
                .help("look whether this file is written for another reader, and name the one that reads it");
            rest.severity = more.iter().map(severity).max().unwrap_or(INFO.severity);
            findings.push(rest);
        }
    }
}

/// A tool that sets variables from the file may never see it; a library that reads it differs at the next start.
fn severity(divergence: &Divergence) -> Severity {
    if divergence.readings.iter().any(|reading| reading.is_library) { Severity::Warning } else { Severity::Note }
}

fn finding(context: &Context<'_>, divergence: &Divergence) -> Diagnostic {
    let name = match (divergence.key, &divergence.name) {
        (Some(key), _) => Cow::Borrowed(&*context.schema().keys()[key].variable),
        (None, Some(name)) => escaped(name),
        (None, None) => Cow::Borrowed("a value here"),
    };
    let mut finding = Diagnostic::new(&INFO, format!("{name} reads differently elsewhere")).at(context.place_of(divergence.origin, &name));
    finding.severity = severity(divergence);
    finding.key_index = divergence.key;
    finding.key = (divergence.key.is_some() || divergence.name.is_some()).then(|| name.into_owned());
    let ways: Vec<String> = ways(&divergence.readings).into_iter().map(|(readers, how)| format!("{}: {how}", readers.join(", "))).collect();
    finding.help = vec![ways.join("; ")];
    finding.help.extend(advice(&divergence.readings).map(ToOwned::to_owned));
    finding
}

/// The ways in which readers differ, each with those that do.
fn ways(readings: &[DivergentReading]) -> Vec<(Vec<&'static str>, &'static str)> {
    let mut ways: Vec<(Vec<&str>, &str)> = Vec::new();
    for reading in readings {
        match ways.iter_mut().find(|(_, how)| *how == reading.how) {
            Some((readers, _)) => readers.push(reading.reader),
            None => ways.push((vec![reading.reader], reading.how)),
        }
    }
    ways
}

/// What to write so that all agree.
fn advice(readings: &[DivergentReading]) -> impl Iterator<Item = &'static str> {
    let is_about = |words: &[&str]| readings.iter().any(|reading| words.iter().any(|word| reading.how.contains(word)));
    let fitting: Vec<&str> = ADVICE.iter().filter(|(words, _)| is_about(words)).map(|(_, advice)| *advice).collect();
    let is_plain = fitting.is_empty();
    fitting
        .into_iter()
        .chain(is_plain.then_some("write NAME=value without quotes, blanks, #, $ and backslashes: all readers agree on that"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{Case, check, text};

    #[test]
    fn says_who_reads_what_and_what_to_write() {
        let readings =
            [("docker-run", false, "keeps the quotes"), ("node", true, "cuts the value at the #"), ("kubectl", false, "keeps the quotes")];
        check(
            &DialectDivergence,
            Case::new(&[text("HOST")])
                .divergent(3, Some("HOST"), &readings)
                .divergent(4, Some("COLOUR"), &readings[..1])
                .divergent(5, None, &[("ruby", true, "refuses the file at this line")])
                .divergent(6, None, &[("python", true, "puts something else in place of the $")]),
            "\
warning: HOST reads differently elsewhere
  about HOST #0, at .env:3:1
  help: docker-run, kubectl: keeps the quotes; node: cuts the value at the #
  help: docker run --env-file and kubectl take quotes as a part of the value: leave them out where the value needs none
  help: put a value with a # in it into single quotes: every library takes what is between them as it is
note: COLOUR reads differently elsewhere
  about COLOUR, at .env:4:1
  help: docker-run: keeps the quotes
  help: docker run --env-file and kubectl take quotes as a part of the value: leave them out where the value needs none
warning: a value here reads differently elsewhere
  about -, at .env:5:1
  help: ruby: refuses the file at this line
  help: write NAME=value without quotes, blanks, #, $ and backslashes: all readers agree on that
warning: a value here reads differently elsewhere
  about -, at .env:6:1
  help: python: puts something else in place of the $
  help: most libraries replace nothing between single quotes; dotenv-expand and python-dotenv replace ${NAME} even there, so that such a \
value is better mounted as a file",
        );
    }

    #[test]
    fn counts_what_is_too_much() {
        let mut case = Case::new(&[text("HOST")]);
        for line in 1..=23 {
            case = case.divergent(line, None, &[("kubectl", false, "keeps the quotes")]);
        }
        let (schema, snapshot) = case.finish();
        let policy = crate::Policy::new();
        let mut findings = Vec::new();
        DialectDivergence.check(&Context::new(&schema, &snapshot, &policy), &mut findings);
        assert_eq!(findings.len(), 21);
        let last = &findings[20];
        let line = format!("{} {} {}", last.severity, last.place, last.message);
        assert_eq!(line, "note .env:21:1 3 more lines read differently elsewhere, the first of them here");
    }
}
