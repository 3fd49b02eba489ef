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
                Ok(rows.into_iter().filter_map(|(name, _, node)| Some((name, scalar(node)?))).collect())
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
            NodeKind::List(items) => step.parse::<usize>().ok().and_then(|index| items.into_iter().nth(index)),
            NodeKind::Null | NodeKind::Scalar(_) => None,
        };
        match next {
            Some(found) => node = found,
            None => return absent("the secret is there, and this field is not in it"),
        }
    }
    scalar(node).ok_or_else(|| (OutcomeKind::Malformed, Reason::new("the field is no single value")))
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
