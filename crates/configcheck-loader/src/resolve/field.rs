//! Picks the field of a fetched secret: a named value, or a place in JSON.

use std::collections::BTreeMap;

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
        (Payload::Map(rows), Some(field)) => match in_rows(rows, field) {
            Some(value) => Ok(text_of(value)),
            None => absent("the secret is there, and this field is not in it"),
        },
        (Payload::Map(_), None) => {
            let reason =
                Reason::new("the secret holds several fields").help("name the field after a #, as in age:secrets.env.age#JWT_SECRET");
            Err((OutcomeKind::Malformed, reason))
        }
    }
}

/// The named value that a field means: by its name, or by a pointer whose steps are the name's parts, as `/a/b` of `a.b`.
fn in_rows<'a>(rows: &'a [(String, Secret<Vec<u8>>)], field: &str) -> Option<&'a Secret<Vec<u8>>> {
    let find = |wanted: &str| rows.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
    let Some(pointer) = field.strip_prefix('/') else { return find(field) };
    find(&steps_of(pointer).join(".")).or_else(|| find(pointer))
}

/// The steps of a JSON pointer.
fn steps_of(pointer: &str) -> Vec<String> {
    pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

/// All named values of a secret; JSON text counts when it is an object.
pub(super) fn rows(fetched: &Fetched) -> Result<Vec<(String, RawValue)>, (OutcomeKind, Reason)> {
    match &fetched.payload {
        Payload::Map(rows) => {
            let values = rows.iter().map(|(name, value)| (name.clone(), text_of(value)));
            Ok(values.chain(lists(rows)).collect())
        }
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

/// The lists among named values: `hosts` of `hosts.0`, `hosts.1` and so on, in this order and with nothing else below `hosts`. Their items
/// stay there by name too.
fn lists(rows: &[(String, Secret<Vec<u8>>)]) -> Vec<(String, RawValue)> {
    let mut found: BTreeMap<&str, Vec<RawValue>> = BTreeMap::new();
    let item = |name: &'_ str| name.rsplit_once('.').and_then(|(list, index)| Some((list.len(), index_of(index)?)));
    for (name, value) in rows {
        let Some((length, index)) = item(name) else { continue };
        let items = found.entry(&name[..length]).or_default();
        if items.len() == index {
            items.push(text_of(value));
        }
    }
    // A list of which something is missing would be a shorter one.
    let mut below: BTreeMap<&str, usize> = found.keys().map(|list| (*list, 0)).collect();
    for (name, _) in rows {
        for (at, _) in name.match_indices('.') {
            below.entry(&name[..at]).and_modify(|count| *count += 1);
        }
    }
    found.retain(|list, items| below.get(list) == Some(&items.len()));
    found.into_iter().map(|(list, items)| (list.to_owned(), RawValue::List(items))).collect()
}

fn in_json(value: &Secret<Vec<u8>>, field: &str) -> Picked {
    let Ok(mut node) = formats::parse(Format::Json, value.expose_secret()) else {
        return Err((OutcomeKind::Malformed, Reason::new("a field is asked for, and the secret is not JSON")));
    };
    let steps: Vec<String> = match field.strip_prefix('/') {
        Some(pointer) => steps_of(pointer),
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

#[cfg(test)]
mod tests {
    use configcheck_core::secret::ExposeSecret as _;

    use super::{RawValue, Secret, in_rows, lists};

    fn map(rows: &[(&str, &str)]) -> Vec<(String, Secret<Vec<u8>>)> {
        rows.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(value.as_bytes().to_vec()))).collect()
    }

    #[test]
    fn a_pointer_follows_the_parts_of_a_name() {
        let rows = map(&[("a.b", "1"), ("a.c.0", "2"), ("d/e", "3"), ("f~g", "4"), ("plain", "5"), ("x/y", "6"), ("x.y", "7")]);
        let check = |field: &str, expected: Option<&str>| {
            let found = in_rows(&rows, field).map(|value| String::from_utf8_lossy(value.expose_secret()).into_owned());
            assert_eq!(found.as_deref(), expected, "{field}");
        };
        check("a.b", Some("1"));
        check("/a/b", Some("1"));
        check("/a/c/0", Some("2"));
        check("/d~1e", Some("3"));
        check("/d/e", Some("3"));
        check("/f~0g", Some("4"));
        check("/plain", Some("5"));
        check("/x/y", Some("7"));
        for field in ["/a", "/a/b/", "//a/b", "a", "/a/c", "/a/c/1", "d", "/b"] {
            check(field, None);
        }
    }

    #[test]
    fn items_by_number_are_a_list_too() {
        let rows = map(&[
            ("h.0", "a"),
            ("h.1", "b"),
            ("x.1", "c"),
            ("y.0", "d"),
            ("y.2", "e"),
            ("z.0.k", "f"),
            ("m.00", "g"),
            ("p.0", "h"),
            ("p.1.k", "i"),
        ]);
        let found: Vec<_> = lists(&rows)
            .into_iter()
            .map(|(name, value)| match value {
                RawValue::List(items) => (name, items.len()),
                _ => (name, 0),
            })
            .collect();
        assert_eq!(found, [("h".to_owned(), 2)], "a list of which something is missing is none");
    }
}
