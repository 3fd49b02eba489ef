//! Every word of the attributes does what `docs/attributes.md` says: one file for each topic, each test from attribute to report.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "fields of these structs are declared for the schema and not all are read")]

mod agreement;
mod checks;
mod debug;
mod defaults;
mod deserialize;
mod environments;
mod hygiene;
mod methods;
mod names;
mod nested;
mod relations;
mod secrets;
mod types;
mod value_enum;
mod warnings;
mod words;

use configcheck::{AppConfig, Loader};
use configcheck_core::schema::FieldSpec;

/// A loader that reads the given variables and nothing else.
fn loader(variables: &[(&str, &str)]) -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().vars(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

/// The struct that the variables make.
fn load<T: AppConfig>(variables: &[(&str, &str)]) -> T {
    match loader(variables).load::<T>() {
        Ok(loaded) => loaded,
        Err(error) => panic!("{error}"),
    }
}

/// The struct that a TOML file makes.
fn load_toml<T: AppConfig>(text: &str) -> T {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.toml");
    std::fs::write(&path, text).unwrap();
    match loader(&[]).file(path).load::<T>() {
        Ok(loaded) => loaded,
        Err(error) => panic!("{error}"),
    }
}

/// The findings that the variables make, each as `rule VARIABLE`.
fn findings<T: AppConfig>(variables: &[(&str, &str)]) -> Vec<String> {
    let report = loader(variables).inspect::<T>();
    report.active().map(|finding| format!("{} {}", finding.rule.name, finding.key.as_deref().unwrap_or("-"))).collect()
}

/// Everything that the findings say.
fn said<T: AppConfig>(variables: &[(&str, &str)]) -> String {
    let report = loader(variables).inspect::<T>();
    let lines = report.active().map(|finding| {
        let expected = finding.expected.as_deref().unwrap_or_default();
        format!("{} {expected} {}", finding.message, finding.help.join(" "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What the schema says of a variable.
fn spec<T: AppConfig>(variable: &str) -> &'static FieldSpec {
    let schema = T::layout();
    let named = schema.key_named(variable.as_bytes()).expect("the variable is declared");
    schema.keys()[named.key].spec
}

/// The variables of a struct, in order.
fn variables<T: AppConfig>() -> Vec<String> {
    T::layout().keys().iter().map(|key| key.variable.to_string()).collect()
}

/// The paths of a struct in config files, in order.
fn file_paths<T: AppConfig>() -> Vec<String> {
    T::layout().keys().iter().map(|key| key.file_path.to_string()).collect()
}
