//! The JSON Schema of config files: a valid one, that accepts the files of a service and refuses what the service would refuse.
#![allow(clippy::unwrap_used, clippy::panic, dead_code)]

use std::collections::BTreeMap;
use std::time::Duration;

use configcheck::{AppConfig, ByteSize, ConfigValue, Environment, Secret, Url};
use serde_json::{Value, json};

use super::json_schema;

#[derive(AppConfig)]
#[config(name = "shop", environments(qa = staging))]
struct Settings {
    app_env: Environment,
    /// Where it listens.
    #[config(default = 8080)]
    #[validate(range(min = 1024))]
    port: u16,
    #[validate(range(exclusive_min = 0, max = 1))]
    rate: Option<f64>,
    #[validate(length(min = 2, max = 4))]
    code: String,
    level: Level,
    #[config(default(development = "hunter2-fake"), example = "hunter2-fake")]
    #[validate(length(min = 32))]
    signing_key: Secret<String>,
    #[config(default = "https://user:hunter2-fake@host/")]
    upstream: Url,
    #[config(deprecated)]
    wait: Option<Duration>,
    limit: Option<ByteSize>,
    #[validate(length(max = 2))]
    peers: Option<Vec<u8>>,
    labels: Option<BTreeMap<String, u8>>,
    #[validate(contains(pattern = "a.b"))]
    text: Option<String>,
    on: Option<bool>,
    #[config(nested)]
    cache: Option<Cache>,
    #[config(nested)]
    mail: Mail,
    #[config(flatten)]
    flat: Option<Flat>,
}

#[derive(ConfigValue)]
enum Level {
    Low,
    High,
}

#[derive(AppConfig)]
struct Cache {
    size: u8,
}

#[derive(AppConfig)]
struct Mail {
    host: String,
    #[config(example = "587")]
    port: Option<u16>,
}

#[derive(AppConfig)]
struct Flat {
    depth: u8,
}

#[test]
fn it_accepts_and_refuses_files() {
    let text = json_schema(&Settings::schema());
    assert!(!text.contains("hunter2-fake"), "{text}");
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let good = json!({"code": "abc", "level": "low", "mail": {"host": "h"}});
    let with = |place: &str, value: Value| {
        let mut file = good.clone();
        let (parent, name) = place.rsplit_once('/').unwrap();
        file.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(name.to_owned(), value);
        file
    };
    assert!(validator.is_valid(&good));
    for (place, value) in [
        ("/app_env", json!("qa")),
        ("/app_env", json!("prod")),
        ("/port", json!(1024)),
        ("/rate", json!(0.5)),
        ("/signing_key", json!("vault:a/b#c")),
        ("/wait", json!("1h 30m")),
        ("/limit", json!("64KiB")),
        ("/limit", json!(64)),
        ("/peers", json!([1, 2])),
        ("/peers", json!("1,2")),
        ("/labels", json!({"a": 1})),
        ("/text", json!("xa.bx")),
        ("/on", json!(true)),
        ("/cache", json!({"size": 1})),
        ("/mail/port", json!(25)),
        ("/depth", json!(1)),
    ] {
        assert!(validator.is_valid(&with(place, value.clone())), "{place} {value} is refused");
    }
    for (place, value) in [
        ("/app_env", json!("live")),
        ("/port", json!(1023)),
        ("/port", json!(70000)),
        ("/port", json!(1024.5)),
        ("/rate", json!(0)),
        ("/rate", json!(1.5)),
        ("/code", json!("a")),
        ("/code", json!("abcde")),
        ("/level", json!("middle")),
        ("/wait", json!("long")),
        ("/limit", json!("64 apples")),
        ("/peers", json!([1, 2, 3])),
        ("/peers", json!([300])),
        ("/labels", json!({"a": 300})),
        ("/text", json!("axb")),
        ("/on", json!("yes")),
        ("/cache", json!({})),
        ("/mail", json!({})),
        ("/mail/more", json!(1)),
        ("/more", json!(1)),
    ] {
        assert!(!validator.is_valid(&with(place, value.clone())), "{place} {value} is accepted");
    }
    for missing in ["code", "level", "mail"] {
        let mut file = good.clone();
        file.as_object_mut().unwrap().remove(missing);
        assert!(!validator.is_valid(&file), "{missing} is not demanded");
    }
}

#[test]
fn it_says_what_an_editor_shows() {
    let schema: Value = serde_json::from_str(&json_schema(&Settings::schema())).unwrap();
    let of = |name: &str| schema["properties"][name].clone();
    assert_eq!(schema["title"], "shop");
    assert_eq!(
        of("port"),
        json!({"description": "Where it listens.", "type": "integer", "minimum": 1024, "maximum": 65535, "default": 8080})
    );
    assert_eq!(of("signing_key"), json!({"type": "string", "writeOnly": true}));
    assert_eq!(of("upstream"), json!({"type": "string", "format": "uri"}));
    assert_eq!(of("wait")["deprecated"], true);
    assert_eq!(of("cache")["required"], json!(["size"]));
    assert_eq!(schema["required"], json!(["code", "level", "mail"]));
}
