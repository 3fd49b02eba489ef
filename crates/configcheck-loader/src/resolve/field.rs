//! Picks the field of a fetched secret: a named value, or a place in JSON.

use configcheck_core::provider::{Fetched, OutcomeKind, Payload, Reason};
use configcheck_core::secret::{ExposeSecret as _, Secret};
use configcheck_core::value::{RawText, RawValue};

use crate::formats::{self, Format, Node, NodeKind};

type Picked = Result<RawValue, (OutcomeKind, Reason)>;

/// The value that a reference means.
pub(super) fn pick(fetched: &Fetched, field: Option<&str>) -> Picked {
    match (&fetched.payload, field) {
        (Payload::Value(value), None) => Ok(text_of(value)),
        (Payload::Value(value), Some(field)) => in_json(value, field),
        (Payload::Map(rows), Some(field)) => match rows.iter().find(|(name, _)| name == field.trim_start_matches('/')) {
            Some((_, value)) => Ok(text_of(value)),
            None => absent("the secret is there, and this field is not in it"),
        },
        (Payload::Map(_), None) => {
            let reason =
                Reason::new("the secret holds several fields").help("name the field after a #, as in age:secrets.env.age#JWT_SECRET");
            Err((OutcomeKind::Malformed, reason))
        }
    }
}

/// All named values of a secret; JSON text counts when it is an object.
pub(super) fn rows(fetched: &Fetched) -> Result<Vec<(String, RawValue)>, (OutcomeKind, Reason)> {
    match &fetched.payload {
        Payload::Map(rows) => Ok(rows.iter().map(|(name, value)| (name.clone(), text_of(value))).collect()),
        Payload::Value(value) => match formats::parse(Format::Json, value.expose_secret()) {
            Ok(Node { kind: NodeKind::Table(rows), .. }) => {
                let mut found = Vec::new();
                for (name, _, node) in rows {
                    flatten(name, node, &mut found);
                }
                Ok(found)
            }
            _ => Err((OutcomeKind::Malformed, Reason::new("the secret is no map of names and values"))),
        },
    }
}

fn in_json(value: &Secret<Vec<u8>>, field: &str) -> Picked {
    let Ok(mut node) = formats::parse(Format::Json, value.expose_secret()) else {
        return Err((OutcomeKind::Malformed, Reason::new("a field is asked for, and the secret is not JSON")));
    };
    let steps: Vec<String> = match field.strip_prefix('/') {
        Some(pointer) => pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect(),
        None => vec![field.to_owned()],
    };
    for step in steps {
        let next = match node.kind {
            NodeKind::Table(rows) => rows.into_iter().find(|(name, _, _)| *name == step).map(|(_, _, node)| node),
            NodeKind::List(items) => index_of(&step).and_then(|index| items.into_iter().nth(index)),
            NodeKind::Null | NodeKind::Scalar(_) => None,
        };
        match next {
            Some(found) => node = found,
            None => return absent("the secret is there, and this field is not in it"),
        }
    }
    scalar(node).ok_or_else(|| (OutcomeKind::Malformed, Reason::new("the field is no single value")))
}

/// The index in a step of a JSON pointer: digits without a leading zero.
fn index_of(step: &str) -> Option<usize> {
    let is_index = step == "0" || (!step.starts_with('0') && step.bytes().all(|byte| byte.is_ascii_digit()));
    if is_index { step.parse().ok() } else { None }
}

/// The values of a tree, those of tables under the path of the field, `redis.url`. Null is no value.
fn flatten(path: String, node: Node, found: &mut Vec<(String, RawValue)>) {
    match node.kind {
        NodeKind::Null => {}
        NodeKind::Scalar(text) => found.push((path, RawValue::Text(text))),
        NodeKind::List(items) => found.push((path, RawValue::List(items.into_iter().filter_map(scalar).collect()))),
        NodeKind::Table(rows) => {
            for (name, _, node) in rows {
                flatten(format!("{path}.{name}"), node, found);
            }
        }
    }
}

fn scalar(node: Node) -> Option<RawValue> {
    match node.kind {
        NodeKind::Scalar(text) => Some(RawValue::Text(text)),
        _ => None,
    }
}

fn text_of(value: &Secret<Vec<u8>>) -> RawValue {
    RawValue::Text(RawText::from_bytes(value.expose_secret().clone()).wiped_on_drop())
}

fn absent(message: &str) -> Picked {
    Err((OutcomeKind::Absent, Reason::new(message)))
}
