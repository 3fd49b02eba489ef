//! Picks the field of a fetched secret: a named value, or a place in JSON.

use std::collections::BTreeMap;

use configcheck_core::provider::{Fetched, OutcomeKind, Payload, Reason};
use configcheck_core::reference::SecretRef;
use configcheck_core::secret::{ExposeSecret as _, Secret};
use configcheck_core::value::{RawText, RawValue};

use super::decoding::options_of;
use crate::formats::{self, Format, Node, NodeKind};

const NO_FIELD: &str = "the secret is there, and this field is not in it";

type Picked = Result<RawValue, (OutcomeKind, Reason)>;

/// The value that a reference means: its field of the secret, decoded as its options say.
pub(super) fn pick(fetched: &Fetched, reference: &SecretRef) -> Picked {
    let options = options_of(reference).map_err(|reason| (OutcomeKind::BadReference, reason))?;
    match picked(&fetched.payload, reference.field())? {
        RawValue::Text(text) => options.applied_to(text).map(RawValue::Text),
        value => Ok(value),
    }
}

fn picked(payload: &Payload, field: Option<&str>) -> Picked {
    match (payload, field) {
        (Payload::Value(value), None) => Ok(text_of(value)),
        (Payload::Value(value), Some(field)) => in_json(value, &steps_of(field)),
        (Payload::Map(rows), Some(field)) => in_map(rows, field),
        (Payload::Map(_), None) => {
            let reason =
                Reason::new("the secret holds several fields").help("name the field after a #, as in age:secrets.env.age#JWT_SECRET");
            Err((OutcomeKind::Malformed, reason))
        }
    }
}

/// A field of named values. A pointer of several steps is a name of that path (`a.b` or `a/b`), or leads into the JSON of a value.
fn in_map(rows: &[(String, Secret<Vec<u8>>)], field: &str) -> Picked {
    let named = |name: &str| rows.iter().find(|(other, _)| other == name).map(|(_, value)| value);
    if let Some(value) = named(field) {
        return Ok(text_of(value));
    }
    let steps = steps_of(field);
    // The longest name first: what stands under a name of its own is not looked for elsewhere.
    for count in (1..=steps.len()).rev() {
        let (name, rest) = steps.split_at(count);
        let Some(value) = named(&name.join(".")).or_else(|| named(&name.join("/"))) else { continue };
        return if rest.is_empty() { Ok(text_of(value)) } else { in_json(value, rest) };
    }
    absent(NO_FIELD)
}

/// The steps of a JSON pointer; a field without a slash in front is one step.
fn steps_of(field: &str) -> Vec<String> {
    match field.strip_prefix('/') {
        Some(pointer) => pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect(),
        None => vec![field.to_owned()],
    }
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

fn in_json(value: &Secret<Vec<u8>>, steps: &[String]) -> Picked {
    let Ok(mut node) = formats::parse(Format::Json, value.expose_secret()) else {
        return Err((OutcomeKind::Malformed, Reason::new("a field is asked for, and the secret is not JSON")));
    };
    for step in steps {
        let next = match node.kind {
            NodeKind::Table(rows) => rows.into_iter().find(|(name, _, _)| name == step).map(|(_, _, node)| node),
            NodeKind::List(items) => index_of(step).and_then(|index| items.into_iter().nth(index)),
            NodeKind::Null | NodeKind::Scalar(_) => None,
        };
        match next {
            Some(found) => node = found,
            None => return absent(NO_FIELD),
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
    use super::*;

    fn secret(text: &str) -> Secret<Vec<u8>> {
        Secret::new(text.as_bytes().to_vec())
    }

    fn check(payload: Payload, reference: &str, expected: Result<&str, OutcomeKind>) {
        let reference = SecretRef::parse(reference).and_then(Result::ok).expect("a good reference");
        match (pick(&Fetched::new(payload), &reference), expected) {
            (Ok(RawValue::Text(text)), Ok(expected)) => assert_eq!(text.text(), Some(expected), "{reference}"),
            (Err((kind, _)), Err(expected)) => assert_eq!(kind, expected, "{reference}"),
            (other, _) => unreachable!("{reference}: {other:?}"),
        }
    }

    fn map() -> Payload {
        let rows = [
            ("key", "fake"),
            ("config", r#"{"db": {"password": "fake-db", "hosts": ["a", "b"]}, "x~/y": "odd", "port": 5432}"#),
            ("redis.url", "fake-redis"),
            ("mail/url", "fake-mail"),
            ("config.db", "fake-name-first"),
            ("a/b", "not JSON"),
            ("list.0", "fake-item"),
            ("x/y", "fake-slash"),
            ("x.y", "fake-dot"),
            ("f~g", "fake-tilde"),
        ];
        Payload::Map(rows.map(|(name, value)| (name.to_owned(), secret(value))).into())
    }

    #[test]
    fn a_field_of_a_map_is_a_name_or_leads_into_its_value() {
        let check = |field: &str, expected| check(map(), &format!("vault:a/b#{field}"), expected);
        check("key", Ok("fake"));
        check("/key", Ok("fake"));
        check("redis.url", Ok("fake-redis"));
        check("/redis/url", Ok("fake-redis"));
        check("/mail/url", Ok("fake-mail"));
        check("mail/url", Ok("fake-mail"));
        check("/config/port", Ok("5432"));
        check("/config/x~0~1y", Ok("odd"));
        check("/config/db", Ok("fake-name-first"));
        check("/config/other", Err(OutcomeKind::Absent));
        // What has a name of its own is not looked for elsewhere.
        check("/config/db/password", Err(OutcomeKind::Malformed));
        check("/a/b/c", Err(OutcomeKind::Malformed));
        check("/list/0", Ok("fake-item"));
        check("/x/y", Ok("fake-dot"));
        check("/x~1y", Ok("fake-slash"));
        check("/f~0g", Ok("fake-tilde"));
        for field in ["other", "/list", "/list/1", "//redis/url"] {
            check(field, Err(OutcomeKind::Absent));
        }
        check("config/port", Err(OutcomeKind::Absent));
    }

    #[test]
    fn a_field_of_one_value_is_a_place_in_its_json() {
        let check = |field: &str, expected| {
            let json = r#"{"db": {"password": "fake-db", "hosts": ["a", "b"]}, "a/b": "name"}"#;
            check(Payload::Value(secret(json)), &format!("aws-sm:shop{field}"), expected);
        };
        check("#/db/password", Ok("fake-db"));
        check("#/db/hosts/1", Ok("b"));
        check("#a/b", Ok("name"));
        check("#/a~1b", Ok("name"));
        check("#/db/hosts/01", Err(OutcomeKind::Absent));
        check("#db", Err(OutcomeKind::Malformed));
    }

    #[test]
    fn what_is_picked_is_decoded() {
        let rows = || Payload::Map(vec![("key".to_owned(), secret("aHVudGVyMg=="))]);
        check(rows(), "vault:a/b?encoding=base64#key", Ok("hunter2"));
        check(rows(), "vault:a/b?encoding=hex#key", Err(OutcomeKind::Malformed));
        check(rows(), "vault:a/b?encoding=rot13#key", Err(OutcomeKind::BadReference));
        check(rows(), "vault:a/b", Err(OutcomeKind::Malformed));
        check(Payload::Value(secret("fake\n")), "file:a", Ok("fake"));
    }

    fn rows(rows: &[(&str, &str)]) -> Vec<(String, Secret<Vec<u8>>)> {
        rows.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(value.as_bytes().to_vec()))).collect()
    }

    #[test]
    fn items_by_number_are_a_list_too() {
        let rows = rows(&[
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
