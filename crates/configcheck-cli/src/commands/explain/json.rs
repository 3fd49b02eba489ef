//! The explanation as JSON, version 1. It holds of a value what the text holds, and no more.

use configcheck_core::display::Shown;
use configcheck_core::json::Object;
use configcheck_core::{Diagnostic, Place};

use super::Explanation;
use super::layers::Row;
use super::outcome::Outcome;
use crate::findings::{Unread, rule_url};
use crate::formats::json_text;

pub(super) fn render(explained: &[Explanation], unread: &[Unread]) -> String {
    json_text::object(|object| {
        object.number("version", 1);
        object.list("explained", |list| explained.iter().for_each(|one| list.object(|object| write_explanation(one, object))));
        object.list("unread", |list| {
            for unread in unread {
                list.object(|object| {
                    object.text("path", &unread.path);
                    object.text("message", &unread.message);
                    object.text("help", &unread.help);
                });
            }
        });
    })
}

fn write_explanation(explanation: &Explanation, object: &mut Object<'_>) {
    let Explanation { declaration, outcomes } = explanation;
    object.text("key", &declaration.variable);
    object.text("declared", &declaration.place);
    object.text_if("doc", Some(declaration.doc.as_str()).filter(|doc| !doc.is_empty()));
    object.list("facts", |list| {
        for (word, fact) in &declaration.facts {
            list.object(|object| {
                object.text("what", word);
                object.text("text", fact);
            });
        }
    });
    object.list("targets", |list| outcomes.iter().for_each(|outcome| list.object(|object| write_outcome(outcome, object))));
}

fn write_outcome(outcome: &Outcome, object: &mut Object<'_>) {
    object.text("target", &outcome.target);
    object.text_if("environment", outcome.environment.as_deref());
    object.text("verdict", outcome.verdict_name());
    object.list("places", |list| outcome.rows.iter().for_each(|row| list.object(|object| write_row(row, object))));
    object.text("decision", &outcome.decision);
    if let Some(reference) = &outcome.reference {
        object.object("reference", |object| {
            object.text("text", &reference.text);
            object.text("scheme", reference.scheme);
            object.text("path", &reference.path);
            object.text_if("field", reference.field.as_deref());
            object.text("id", &reference.id);
            object.text_if("needs", reference.needs.as_deref());
            object.text_if("answer", reference.answer.as_deref());
            object.bool("fetched", false);
        });
    }
    object.list("findings", |list| outcome.findings.iter().for_each(|finding| list.object(|object| write_finding(finding, object))));
}

fn write_row(row: &Row, object: &mut Object<'_>) {
    object.text("layer", row.layer);
    object.text("state", row.state.name());
    write_place(&row.place, object);
    object.text_if("name", row.name.as_deref());
    object.text_if("value", row.shown.as_ref().map(Shown::as_str));
}

fn write_place(place: &Place, object: &mut Object<'_>) {
    match place {
        Place::File { path, line, column, .. } => {
            object.text("path", path);
            for (word, number) in [("line", *line), ("column", *column)] {
                if number > 0 {
                    object.number(word, number);
                }
            }
        }
        Place::Variable(name) => object.text("variable", name),
        Place::Reference(text) => object.text("reference", text),
        Place::Source(name) => object.text("source", name),
        _ => {}
    }
}

fn write_finding(finding: &Diagnostic, object: &mut Object<'_>) {
    object.text("rule", finding.rule.name);
    object.text("code", finding.rule.code);
    object.text("severity", finding.severity.name());
    object.text("message", &finding.message);
    write_place(&finding.place, object);
    object.text_if("expected", finding.expected.as_deref());
    object.text_if("found", finding.found.as_ref().map(Shown::as_str));
    let help: Vec<&str> = finding.help.iter().map(String::as_str).collect();
    object.texts_if("help", &help);
    object.text_if("accepted", finding.suppressed.as_deref());
    object.text("url", &rule_url(finding.rule.name));
}
