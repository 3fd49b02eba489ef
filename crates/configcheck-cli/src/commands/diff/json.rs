//! The comparison as JSON, version 1. No value is in it, and nothing that tells of one but whether two are the same.

use configcheck_core::Environment;
use configcheck_core::json::Object;

use super::comparison::{Comparison, Row};
use super::side::{Side, Spot};
use crate::formats::json_text;

pub(super) fn render(a: &Side, b: &Side, comparison: &Comparison) -> String {
    json_text::object(|object| {
        object.number("version", 1);
        object.object("a", |object| write_side(a, object));
        object.object("b", |object| write_side(b, object));
        object.bool("differs", comparison.differs());
        write_rows("only_in_a", &comparison.only_in_a, object);
        write_rows("only_in_b", &comparison.only_in_b, object);
        if !comparison.keys_only {
            write_rows("different", &comparison.different, object);
            write_rows("same_secrets", &comparison.same_secrets, object);
        }
        object.number("in_common", json_text::number(comparison.in_common));
    })
}

fn write_side(side: &Side, object: &mut Object<'_>) {
    object.text("name", &side.name);
    object.text_if("environment", side.environment.as_ref().map(Environment::name));
    let files: Vec<&str> = side.files.iter().map(String::as_str).collect();
    object.texts_if("files", &files);
    object.list("unnamed", |list| side.unnamed.iter().for_each(|spot| list.object(|object| write_spot(spot, object))));
    object.list("unread", |list| {
        for unread in &side.unread {
            list.object(|object| {
                object.text("path", &unread.path);
                object.text("message", &unread.message);
                object.text("help", &unread.help);
            });
        }
    });
}

fn write_rows(name: &str, rows: &[Row], object: &mut Object<'_>) {
    object.list(name, |list| {
        for row in rows {
            list.object(|object| {
                object.text("key", &row.name);
                for (label, spot) in [("a", &row.in_a), ("b", &row.in_b)] {
                    if let Some(spot) = spot {
                        object.object(label, |object| write_spot(spot, object));
                    }
                }
                if let Some(declared) = row.declared {
                    object.bool("declared", declared);
                    object.bool("secret", row.secret);
                }
                object.text_if("where_it_lacks", row.absence.map(super::comparison::Absence::name));
                object.text_if("type", row.type_name.as_deref());
                let notes: Vec<&str> = row.notes.iter().map(String::as_str).collect();
                object.texts_if("notes", &notes);
            });
        }
    });
}

fn write_spot(spot: &Spot, object: &mut Object<'_>) {
    object.text("path", &spot.path);
    object.number("line", spot.line);
    object.number("column", spot.column);
}
