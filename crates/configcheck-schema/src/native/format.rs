//! The published JSON Schema of the native form accepts what is written and refuses what the reader refuses.
#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::{Value, json};

use super::tests::Settings;
use crate::read;

fn published() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("../../../../docs/schemas/configcheck-schema-v1.json")).unwrap();
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("it is no JSON Schema: {error}"));
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn it_accepts_what_is_written() {
    let published = published();
    let example =
        read(b"# required\nA=\nDB_PASSWORD=x\n# @type=array(number(min=1.5), separator=\";\") @deprecated\nB=1\n").unwrap().schema;
    for written in [Settings::schema().to_json(), example.to_json()] {
        let written: Value = serde_json::from_str(&written).unwrap();
        let errors: Vec<String> = published.iter_errors(&written).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn it_refuses_what_the_reader_refuses() {
    let published = published();
    let written: Value = serde_json::from_str(&Settings::schema().to_json()).unwrap();
    let port = written["keys"].as_array().unwrap().iter().position(|key| key["variable"] == "PORT").unwrap();
    let port = format!("/keys/{port}");
    let check = |place: &str, value: Option<Value>| {
        let mut broken = written.clone();
        let (parent, name) = place.rsplit_once('/').unwrap();
        let parent = broken.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value.clone() {
            Some(value) => drop(parent.insert(name.to_owned(), value)),
            None => drop(parent.remove(name).unwrap()),
        }
        assert!(!published.is_valid(&broken), "the JSON Schema accepts {place} {value:?}");
        assert!(read(broken.to_string().as_bytes()).is_err(), "the reader accepts {place} {value:?}");
    };
    for name in ["version", "name", "environment_variable", "keys"] {
        check(&format!("/{name}"), None);
    }
    check("/version", Some(json!(2)));
    check("/keys", Some(json!({})));
    check("/more", Some(json!(1)));
    check("/environments", Some(json!({"qa": "live"})));
    for name in ["variable", "path", "file_path", "type", "required"] {
        check(&format!("{port}/{name}"), None);
    }
    for (name, value) in [
        ("variable", json!("9")),
        ("path", json!("a..b")),
        ("required", json!("yes")),
        ("more", json!(1)),
        ("separator", json!("")),
        ("aliases", json!(["A-B"])),
        ("type", json!({"kind": "txt"})),
        ("type", json!({"kind": "text", "min": 1})),
        ("type", json!({"kind": "integer", "min": 0})),
        ("type", json!({"kind": "choice", "words": []})),
        ("defaults", json!([{"texts": "a"}])),
        ("deprecated", json!(true)),
        ("guesses", json!([{"aspect": "all", "reason": ""}])),
        ("constraints", json!([{"check": "odd"}])),
        ("constraints", json!([{"check": "length", "min": -1}])),
        ("constraints", json!([{"check": "regex"}])),
    ] {
        check(&format!("{port}/{name}"), Some(value));
    }
}

#[test]
fn the_example_of_the_page_is_a_schema() {
    let page = include_str!("../../../../docs/schema-format.md");
    let example = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(published().is_valid(&serde_json::from_str(example).unwrap()));
    let schema = read(example.as_bytes()).unwrap().schema;
    assert_eq!((schema.name(), schema.keys().len()), ("checkout", 2));
    let members: Value = serde_json::from_str(include_str!("../../../../docs/schemas/configcheck-schema-v1.json")).unwrap();
    let described = |place: &str| members.pointer(place).and_then(Value::as_object).unwrap().keys().cloned().collect::<Vec<_>>();
    for name in described("/properties").into_iter().chain(described("/$defs/key/properties")) {
        assert!(page.contains(&format!("`{name}`")), "docs/schema-format.md says nothing of {name}");
    }
}
