//! The comparison as JSON, version 1. What it shows of values is what a finding may show.

use configcheck_core::json::Object;
use configcheck_schema::breaking::Change;

use super::Comparison;
use super::answers::{Answer, Start};
use crate::formats::{json_object, number};

pub(super) fn render(comparison: &Comparison) -> String {
    json_object(|object| {
        object.number("version", 1);
        object.text("old", &comparison.old);
        object.text("new", &comparison.new);
        object.text("fail_on", comparison.fail_on.name());
        object.list("changes", |list| {
            for (change, accepted) in &comparison.changes {
                list.object(|object| write_change(change, accepted.as_deref(), object));
            }
        });
        object.list("environments", |list| {
            for answers in &comparison.answers {
                list.object(|object| {
                    object.text("name", &answers.name);
                    object.object("release", |object| write_answer(&answers.release, object));
                    object.object("rollback", |object| write_answer(&answers.rollback, object));
                });
            }
        });
        object.list("unread", |list| {
            for unread in &comparison.unread {
                list.object(|object| {
                    object.text("path", &unread.path);
                    object.text("message", &unread.message);
                    object.text("help", &unread.help);
                });
            }
        });
    })
}

fn write_change(change: &Change, accepted: Option<&str>, object: &mut Object<'_>) {
    object.text("rule", change.rule);
    object.text("level", change.level.name());
    object.text_if("key", change.key.as_deref());
    object.text_if("environment", change.environment.as_deref());
    object.text("message", &change.message);
    object.text("next_step", &change.next_step);
    object.text_if("accepted", accepted);
}

fn write_answer(answer: &Answer, object: &mut Object<'_>) {
    let starts = match answer.start() {
        Start::Yes => "yes",
        Start::No => "no",
        Start::Unknown => "unknown",
    };
    object.text("starts", starts);
    object.number("elsewhere", number(answer.elsewhere));
    object.list("stops", |list| {
        for finding in &answer.stops {
            list.object(|object| {
                object.text("rule", finding.rule.name);
                object.text_if("key", finding.key.as_deref());
                object.text("message", &finding.message);
                object.text("place", &finding.place.to_string());
                let help: Vec<&str> = finding.help.iter().map(String::as_str).collect();
                object.texts_if("help", &help);
            });
        }
    });
}
