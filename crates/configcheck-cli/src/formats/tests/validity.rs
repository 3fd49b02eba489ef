//! The JSON formats against the schemas that describe them: SARIF against the one of OASIS, ours against the one in the documentation.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use configcheck_checks::rules;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::super::Format;
use super::generator::Generator;
use super::rendered;
use super::sample::{run, sample};
use crate::findings::Run;

const HOSTILE_RUNS: u64 = 300;

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn check_all(format: Format, validator: &Validator) {
    let hostile = (0..HOSTILE_RUNS).map(|seed| Generator::new(seed).run());
    let runs: Vec<Run> = [sample(), run(Vec::new())].into_iter().chain(hostile).collect();
    for run in runs {
        let document: Value = serde_json::from_str(&rendered(format, &run)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{document:#}");
    }
}

/// The package of `serde-sarif` holds the schema of OASIS.
fn sarif_schema() -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let host = Command::new("rustc").arg("-vV").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let arguments = ["metadata", "--locked", "--format-version", "1", "--filter-platform", host];
    let output = Command::new(cargo).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == "serde-sarif").unwrap();
    Path::new(package["manifest_path"].as_str().unwrap()).with_file_name("src").join("schema.json")
}

#[test]
fn sarif_keeps_to_the_standard() {
    let mut schema = read(&sarif_schema());
    assert_eq!(schema["title"], "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema");
    // It ends in a bracket that is no expression for this reader. We write no language.
    for definition in ["run", "toolComponent"] {
        schema["definitions"][definition]["properties"]["language"].as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    // What tflint and kics once wrote, to see that the schema refuses it.
    let mut wrong: Value = serde_json::from_str(&rendered(Format::Sarif, &sample())).unwrap();
    wrong["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"] = json!({"startLine": -1});
    assert!(!validator.is_valid(&wrong));
    check_all(Format::Sarif, &validator);
}

#[test]
fn sarif_is_read_by_another_reader() {
    let sarif: serde_sarif::sarif::Sarif = serde_json::from_str(&rendered(Format::Sarif, &sample())).unwrap();
    let read = sarif.runs[0].tool.driver.rules.as_ref().unwrap();
    assert_eq!(read.len(), rules::ALL.len());
    for (rule, read) in rules::ALL.iter().zip(read) {
        assert_eq!(read.id, rule.info().name);
        assert_eq!(read.help.as_ref().unwrap().markdown.as_deref(), Some(rule.info().page));
    }
    for result in sarif.runs[0].results.as_ref().unwrap() {
        let index = usize::try_from(result.rule_index.unwrap()).unwrap();
        assert_eq!(result.rule_id.as_deref(), Some(rules::ALL[index].info().name));
    }
}

/// Readers must bear new members; the documentation must know each of them.
fn closed(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        if object.contains_key("properties") {
            object.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
        object.values_mut().for_each(closed);
    } else if let Some(list) = schema.as_array_mut() {
        list.iter_mut().for_each(closed);
    }
}

#[test]
fn json_keeps_to_its_schema() {
    let mut schema = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas/configcheck-json-v1.json"));
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    closed(&mut schema);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for pointer in ["/format", "/summary/not_checkable", "/targets/0/keys/0/verdict", "/findings/0/fingerprint", "/unread/0/path"] {
        let mut wrong: Value = serde_json::from_str(&rendered(Format::Json, &sample())).unwrap();
        *wrong.pointer_mut(pointer).unwrap() = json!(["wrong"]);
        assert!(!validator.is_valid(&wrong), "{pointer} may be anything");
    }
    check_all(Format::Json, &validator);
}
