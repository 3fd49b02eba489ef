//! Reads project files: the example of the documentation, and each kind of mistake with its place.

use std::fs;
use std::path::Path;

use configcheck_checks::rules::{info_of, infos};
use configcheck_dotenv::Dialect;
use serde_json::{Value, json};
use toml::de::{DeTable, DeValue};

use super::*;

fn documentation(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(path)).expect("the page is there")
}

/// The first block of TOML of the page: the full example.
fn example() -> String {
    let page = documentation("configcheck-toml.md");
    let (_, behind) = page.split_once("```toml\n").expect("the page has an example");
    behind.split_once("```").expect("the example ends").0.to_owned()
}

fn schema() -> Value {
    serde_json::from_str(&documentation("schemas/configcheck-toml.json")).expect("the schema is JSON")
}

fn as_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => json!(text.as_ref()),
        DeValue::Boolean(is) => json!(is),
        DeValue::Array(items) => items.iter().map(|item| as_json(item.get_ref())).collect(),
        DeValue::Table(table) => as_object(table),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => json!(0),
    }
}

fn as_object(table: &DeTable<'_>) -> Value {
    Value::Object(table.iter().map(|(key, value)| (key.get_ref().to_string(), as_json(value.get_ref()))).collect())
}

#[test]
fn the_example_of_the_documentation_sets_everything() {
    let file = parse(example().as_bytes(), "configcheck.toml").map_err(|failure| failure.to_string()).expect("the example is good");
    for text in [&file.schema, &file.example, &file.service, &file.dialect, &file.baseline] {
        assert!(text.is_some());
    }
    assert_eq!(file.readers.map(|readers| readers.len()), Some(2));
    assert_eq!(file.fail_on, Some(Severity::Warning));
    assert_eq!(file.exclude.len(), 1);
    let names: Vec<(&str, Option<EnvironmentKind>, usize)> =
        file.environments.iter().map(|one| (one.name.as_str(), one.kind, one.files.len())).collect();
    assert_eq!(names, [("staging", None, 2), ("prod-eu", Some(EnvironmentKind::Production), 1)]);
    let level = |name| file.policy.level_of(info_of(name).expect("there is such a rule"));
    assert_eq!(level("plaintext-secret"), Some(configcheck_checks::Level::At(Severity::Error)));
    assert_eq!(level("localhost-in-production"), Some(configcheck_checks::Level::Off));
    assert_eq!(file.policy.without_reason().count(), 0);
    assert!(parse(b"", "configcheck.toml").is_ok_and(|file| file.policy.is_empty() && file.environments.is_empty()));
}

#[test]
fn the_schema_for_editors_says_the_same() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let example = example();
    let example = DeTable::parse(&example).expect("the example is TOML");
    let errors: Vec<String> = validator.iter_errors(&as_object(example.get_ref())).map(|error| error.instance_path().to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let words = |path: &str| -> Vec<String> {
        let words = schema.pointer(path).and_then(Value::as_array).expect("the schema lists them");
        words.iter().filter_map(|word| word.as_str().map(ToOwned::to_owned)).collect()
    };
    let names: Vec<&str> = infos().flat_map(|info| [info.name, info.code]).collect();
    assert_eq!(words("/$defs/rule/enum"), names, "the rules in docs/schemas/configcheck-toml.json");
    assert_eq!(words("/$defs/dialect/enum"), DIALECTS);
    for dialect in Dialect::ALL {
        assert!(DIALECTS.contains(&dialect.name()), "{} cannot be written in configcheck.toml", dialect.name());
    }
    let mut keys: Vec<&str> = KEYS.to_vec();
    keys.sort_unstable();
    let properties = schema["properties"].as_object().expect("the schema has properties");
    assert_eq!(properties.keys().collect::<Vec<_>>(), keys);
    for (broken, is_valid) in [
        (json!({"fail-on": "off"}), false),
        (json!({"rules": {"unknown-key": "off"}}), true),
        (json!({"rules": {"no-such-rule": "off"}}), false),
        (json!({"accept": [{"rule": "unknown-key"}]}), false),
        (json!({"environments": {"qa": {"kind": "staging"}}}), true),
        (json!({"environments": {"qa": {"kind": "qa"}}}), false),
        (json!({"shcema": "a"}), false),
    ] {
        assert_eq!(validator.is_valid(&broken), is_valid, "{broken}");
    }
}

fn check(text: &str, expected: &str) {
    let failure = parse(text.as_bytes(), "configcheck.toml").map(|_| ()).expect_err(text);
    assert_eq!(failure.to_string(), expected, "{text}");
    assert_eq!(failure.exit(), crate::exit::Exit::Usage);
}

#[test]
fn says_everything_that_is_wrong_with_its_place() {
    check(
        "\
shcema = \"hunter2-fake\"
fail-on = \"eror\"
dialect = \"hunter2-fake\"
exclude = [\"a{\", 3]
hunter2-fake = 1

[environments.qa]
kind = \"stagin\"
[environments.\"a b\"]
files = [\".env\"]

[rules]
unknow-key = \"error\"
weak-secret = \"fatal\"
CC001 = true

[[accept]]
rule = \"missing-requird\"
reason = \" \"
[[accept]]
key = \"PORT\"
",
        "\
error: configcheck.toml:1:1: this key is not known
  help: did you mean schema?
error: configcheck.toml:2:11: this is not a weight of findings
  help: did you mean error? write one of error, warning, note
error: configcheck.toml:3:11: this is not a dialect of .env files
  help: write one of configcheck, posix-sh, docker-run, compose, node, python, ruby, dotenvy, systemd, kubectl
error: configcheck.toml:4:12: this is no pattern of file names
  help: write one as in .gitignore, such as \"legacy/**\"
error: configcheck.toml:4: this is a number, and something else belongs here
  help: write a text in quotes
error: configcheck.toml:5:1: this key is not known
  help: the keys here are schema, example, service, dialect, readers, fail-on, exclude, baseline, environments, rules, accept
error: configcheck.toml:8:8: this is not a kind of environment
  help: did you mean staging? write one of development, test, staging, production
error: configcheck.toml:9:15: an environment's name is made of letters, digits, -, _ and .
  help: give it the name that APP_ENV has there
error: configcheck.toml:13:1: this is no rule
  help: did you mean unknown-key?
error: configcheck.toml:14:15: this is not a level
  help: write one of error, warning, note, off
error: configcheck.toml:15:9: this is true or false, and something else belongs here
  help: write a text in quotes
error: configcheck.toml:18:8: this is no rule
  help: did you mean missing-required?
error: configcheck.toml:19:10: this is empty
  help: write something, or remove the key
error: configcheck.toml:20:1: rule is missing here
  help: write a rule's name or its code CC…: configcheck rules lists them
error: configcheck.toml:20:1: reason is missing here
  help: say why the finding is accepted: who reads it later must know when the reason is gone",
    );
}

#[test]
fn says_what_is_no_toml_in_words_of_its_own() {
    check(
        "\u{feff}schema = hunter2-fake\nschema = \"a\"\n",
        "\
error: configcheck.toml:1:10: this is not TOML
  help: write NAME = \"text\", lists as [\"a\", \"b\"], and tables as [name]
error: configcheck.toml:2:1: a key stands here for the second time
  help: keep one of them",
    );
    let failure = parse(b"a = 1\nb = \"\xff\"", "c.toml").map(|_| ()).expect_err("it is not UTF-8");
    assert_eq!(failure.to_string(), "error: c.toml:2: the file is not UTF-8\n  help: save it as UTF-8");
    check(
        "accept = 1\nrules = []\nenvironments = { a = 1 }\n",
        "\
error: configcheck.toml:1:10: this is a number, and something else belongs here
  help: write tables of findings, as in [[accept]]
error: configcheck.toml:2:9: this is a list, and something else belongs here
  help: write a table of rules, as in [rules]
error: configcheck.toml:3: this is a number, and something else belongs here
  help: write a table for each environment, as in [environments.production]",
    );
}

#[test]
fn counts_what_is_too_much() {
    let text: String = (0..25).map(|at| ["not-a-real-secret-", &at.to_string(), " = 1\n"].concat()).collect();
    let failure = parse(text.as_bytes(), "c.toml").map(|_| ()).expect_err("no key is known").to_string();
    assert!(failure.ends_with("error: c.toml: 5 more problems"), "{failure}");
    assert_eq!(failure.matches("this key is not known").count(), 20);
    assert!(!failure.contains("secret"), "{failure}");
}
