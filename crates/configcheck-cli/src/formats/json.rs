//! The run as JSON, `configcheck/v1`: docs/schemas/configcheck-json-v1.json describes it. It is written out by hand, so that no change of a
//! type changes it unseen.

use configcheck_checks::KeyVerdict;
use configcheck_core::display::Shown;
use configcheck_core::json::Object;
use configcheck_core::{Place, Severity};

use super::fleet;
use super::json_text::{self, number};
use super::location::{Location, clean};
use crate::findings::{Finding, Run, Target, rule_url};

/// Its second part rises when a member goes or changes its meaning.
const FORMAT: &str = "configcheck/v1";

pub(super) fn render(run: &Run) -> String {
    let findings = run.findings();
    json_text::object(|o| {
        o.text("format", FORMAT);
        o.object("tool", |o| {
            o.text("name", "configcheck");
            o.text("version", env!("CARGO_PKG_VERSION"));
            o.text("url", env!("CARGO_PKG_REPOSITORY"));
        });
        if let Some(schema) = &run.schema {
            o.object("schema", |o| {
                o.text("name", &schema.name);
                o.text("path", &clean(&schema.path));
            });
        }
        o.object("summary", |o| write_summary(o, run, &findings));
        o.list("targets", |list| run.targets.iter().for_each(|target| list.object(|o| write_target(o, target))));
        o.list("findings", |list| findings.iter().for_each(|finding| list.object(|o| write_finding(o, run, finding))));
        o.list("unread", |list| {
            for unread in &run.unread {
                list.object(|o| {
                    o.text("path", &clean(&unread.path));
                    o.text("message", &unread.message);
                    o.text("help", &unread.help);
                });
            }
        });
        fleet::write(o, &run.fleets);
    })
}

fn write_summary(o: &mut Object<'_>, run: &Run, findings: &[Finding<'_>]) {
    write_counts(o, &run.targets);
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        o.number(severity.name(), number(run.count(severity)));
    }
    o.number("accepted", number(findings.iter().filter(|finding| finding.is_accepted()).count()));
}

fn write_counts(o: &mut Object<'_>, targets: &[Target]) {
    let tallies = || targets.iter().map(|target| target.report.tally);
    o.number("ok", number(tallies().map(|tally| tally.ok).sum()));
    o.number("bad", number(tallies().map(|tally| tally.bad).sum()));
    o.number("missing", number(tallies().map(|tally| tally.missing).sum()));
    o.number("not_checkable", number(tallies().map(|tally| tally.not_checkable).sum()));
}

fn write_target(o: &mut Object<'_>, target: &Target) {
    o.text("name", &target.name);
    o.text_if("environment", target.environment.as_deref());
    o.list("sources", |list| target.sources.iter().for_each(|source| list.text(&clean(source))));
    write_counts(o, std::slice::from_ref(target));
    o.list("keys", |list| {
        for key in &target.keys {
            list.object(|o| {
                o.text("variable", &key.variable);
                o.text("verdict", verdict(key.verdict));
            });
        }
    });
}

const fn verdict(verdict: KeyVerdict) -> &'static str {
    match verdict {
        KeyVerdict::Ok => "ok",
        KeyVerdict::Bad => "bad",
        KeyVerdict::Missing => "missing",
        KeyVerdict::NotCheckable => "not_checkable",
    }
}

fn write_finding(o: &mut Object<'_>, run: &Run, finding: &Finding<'_>) {
    let diagnostic = finding.diagnostic;
    o.text("rule", diagnostic.rule.name);
    o.text("code", diagnostic.rule.code);
    o.text("severity", diagnostic.severity.name());
    o.text("message", &diagnostic.message);
    o.text_if("key", diagnostic.key.as_deref());
    if !diagnostic.also.is_empty() {
        o.texts_if("keys", &diagnostic.keys().collect::<Vec<_>>());
    }
    o.text("target", &finding.target.name);
    o.text_if("environment", finding.target.environment.as_deref());
    o.text_if("service", run.schema.as_ref().map(|schema| schema.name.as_str()));
    write_place(o, &diagnostic.place);
    o.list("related", |list| {
        for (place, what) in &diagnostic.related {
            list.object(|o| {
                write_place(o, place);
                o.text("message", what);
            });
        }
    });
    o.text_if("expected", diagnostic.expected.as_deref());
    o.text_if("found", diagnostic.found.as_ref().map(Shown::as_str));
    o.list("help", |list| diagnostic.help.iter().for_each(|help| list.text(help)));
    o.text("url", &rule_url(diagnostic.rule.name));
    o.text("fingerprint", &finding.fingerprint);
    o.text_if("suppressed", diagnostic.suppressed.as_deref());
}

/// A `location` in a file, or a `place` that is none. The bytes stay out: they tell how long a value is.
fn write_place(o: &mut Object<'_>, place: &Place) {
    if let Some(location) = Location::of(place) {
        o.object("location", |o| write_location(o, &location));
        return;
    }
    let (kind, text) = match place {
        Place::File { path, .. } => ("file", Some(path.as_str())),
        Place::Variable(name) => ("variable", Some(name.as_str())),
        Place::Reference(reference) => ("reference", Some(reference.as_str())),
        Place::Source(name) => ("source", Some(name.as_str())),
        Place::Schema => ("schema", None),
        Place::Nowhere => ("nowhere", None),
        _ => ("other", None),
    };
    o.object("place", |o| {
        o.text("kind", kind);
        o.text_if("name", text);
    });
}

fn write_location(o: &mut Object<'_>, location: &Location) {
    o.text("path", &location.path);
    if let Some(line) = location.line {
        o.object("start", |o| {
            o.number("line", line);
            if let Some(column) = location.column {
                o.number("column", column);
            }
        });
    }
}
