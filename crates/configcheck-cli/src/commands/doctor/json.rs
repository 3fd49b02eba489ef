//! The diagnosis as JSON, version 1. It holds what the text holds, and no value.

use std::time::SystemTime;

use configcheck_core::json::Object;

use super::diagnosis::{Diagnosis, Finding, Line, Manager};
use crate::formats::{json_text, number};

pub(super) fn render(diagnosis: &Diagnosis) -> String {
    json_text::object(|object| {
        object.number("version", 1);
        object.text("target", &diagnosis.target);
        object.text_if("environment", diagnosis.environment.as_deref());
        object.object("summary", |object| {
            let (readable, allowed, failed) = diagnosis.counts();
            object.number("readable", number(readable));
            object.number("allowed", number(allowed));
            object.number("failed", number(failed));
        });
        object.list("managers", |list| diagnosis.managers.iter().for_each(|one| list.object(|object| write_manager(one, object))));
        object.list("findings", |list| diagnosis.findings.iter().for_each(|one| list.object(|object| write_finding(one, object))));
    })
}

fn write_manager(manager: &Manager, object: &mut Object<'_>) {
    object.text("scheme", manager.scheme);
    object.text_if("login", manager.login.as_deref());
    if let Some(took) = manager.took {
        object.number("milliseconds", took.as_millis().try_into().unwrap_or(i128::MAX));
    }
    object.text_if("identity", manager.identity.as_deref());
    object.list("details", |list| {
        for (label, text) in &manager.details {
            list.object(|object| {
                object.text("what", label);
                object.text("text", text);
            });
        }
    });
    write_time(object, "expires", manager.expires);
    object.list("references", |list| manager.references.iter().for_each(|line| list.object(|object| write_line(line, object))));
}

fn write_line(line: &Line, object: &mut Object<'_>) {
    object.text("reference", &line.reference);
    object.list("variables", |list| line.variables.iter().for_each(|name| list.text(name)));
    object.text("state", line.state.name());
    object.text_if("version", line.version.as_deref());
    write_time(object, "created", line.created);
    write_time(object, "not_after", line.not_after);
    if let Some(took) = line.took {
        object.number("milliseconds", took.as_millis().try_into().unwrap_or(i128::MAX));
    }
    object.text_if("note", line.note.as_deref());
}

fn write_finding(finding: &Finding, object: &mut Object<'_>) {
    object.text("severity", if finding.is_error { "error" } else { "warning" });
    object.text_if("outcome", finding.kind.map(configcheck_core::provider::OutcomeKind::name));
    object.list("variables", |list| finding.variables.iter().for_each(|name| list.text(name)));
    object.text("message", &finding.message);
    object.list("help", |list| finding.help.iter().for_each(|help| list.text(help)));
}

fn write_time(object: &mut Object<'_>, key: &str, time: Option<SystemTime>) {
    if let Some(time) = time.filter(|time| *time >= SystemTime::UNIX_EPOCH) {
        object.text(key, &humantime::format_rfc3339_seconds(time).to_string());
    }
}
