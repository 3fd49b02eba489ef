//! A value arrives byte for byte, from every source that can carry it.

use configcheck::{AppConfig, ExposeSecret, Loader, Secret};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::write;

#[derive(AppConfig)]
struct Pins {
    #[config(public)]
    password: String,
    token: Secret<String>,
}

/// What peers mangle: leading zeros, words, exponents, quotes, blanks, brackets, separators, dollars.
const PROBES: [&str; 16] = [
    "0123456", "true", "12345678901234567890", "\"quoted\"", " lead", "trail ", "[abc", "{x}", "1e5", "1_000", "a,b", "null", "pa$$word", "a#b c",
    "~", "C:\\dir\\new",
];

fn loader() -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().environment("development").vars(Vec::<(String, String)>::new())
}

fn check(loader: &Loader, expected: &str) {
    let pins: Pins = loader.load().unwrap();
    assert_eq!(pins.password, expected);
    assert_eq!(pins.token.expose_secret(), expected);
}

fn from_environment(value: &str) {
    check(&loader().vars([("PASSWORD", value), ("TOKEN", value)]), value);
}

fn from_dotenv(folder: &std::path::Path, written: &str, value: &str) {
    write(folder, ".env", format!("PASSWORD={written}\nTOKEN={written}\n"));
    check(&loader().dotenv_dir(folder), value);
}

fn from_toml(folder: &std::path::Path, value: &str) {
    let quoted = toml::Value::String(value.to_owned());
    write(folder, "pins.toml", format!("password = {quoted}\ntoken = {quoted}\n"));
    check(&loader().file(folder.join("pins.toml")), value);
}

fn from_json(folder: &std::path::Path, value: &str) {
    write(folder, "pins.json", serde_json::json!({ "password": value, "token": value }).to_string());
    check(&loader().file(folder.join("pins.json")), value);
}

fn from_yaml(folder: &std::path::Path, value: &str) {
    // A JSON string is a YAML double-quoted scalar.
    let quoted = serde_json::Value::String(value.to_owned());
    write(folder, "pins.yaml", format!("password: {quoted}\ntoken: {quoted}\n"));
    check(&loader().file(folder.join("pins.yaml")), value);
}

fn from_mounted(folder: &std::path::Path, value: &str) {
    write(folder, "password", value);
    write(folder, "TOKEN", value);
    check(&loader().mounted_dir(folder), value);
}

#[test]
fn probes_arrive_unchanged_from_every_source() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = tempfile::tempdir().unwrap();
    for probe in PROBES {
        from_environment(probe);
        from_dotenv(folder.path(), &format!("'{probe}'"), probe);
        from_toml(folder.path(), probe);
        from_json(folder.path(), probe);
        from_yaml(folder.path(), probe);
        from_mounted(mounted.path(), probe);
    }
}

#[test]
fn one_final_line_end_of_a_mounted_file_is_not_part_of_the_value() {
    let folder = tempfile::tempdir().unwrap();
    for (written, value) in [("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a", "a"), (" a ", " a ")] {
        write(folder.path(), "password", written);
        write(folder.path(), "token", written);
        check(&loader().mounted_dir(folder.path()), value);
    }
}

fn run(cases: u32, check: impl Fn(String)) {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(cases) });
    let values = prop_oneof![any::<String>(), "[ -~]{1,60}", "[\"'\\\\$#`{}\\[\\], =\t]{1,12}"];
    // A NUL fits into no variable, and an empty value is no value.
    let carried = values.prop_filter("carried", |value| !value.is_empty() && !value.contains('\0'));
    runner.run(&carried, |value| { check(value); Ok(()) }).unwrap();
}

/// The number of random values for each source: sources in memory take all 100,000, those through files as many as a run of tests can
/// afford; the rest of the way is covered by the readers' own property tests.
const IN_MEMORY: u32 = 100_000;
const THROUGH_FILES: u32 = 4_000;

#[test]
fn random_values_arrive_from_the_environment() {
    run(IN_MEMORY, |value| from_environment(&value));
}

#[test]
fn random_values_arrive_from_overrides() {
    run(IN_MEMORY, |value| check(&loader().set("PASSWORD", &value).set("TOKEN", &value), &value));
}

#[test]
fn random_values_arrive_from_dotenv_files() {
    let folder = tempfile::tempdir().unwrap();
    run(THROUGH_FILES, |value| {
        let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('\n', "\\n").replace('\r', "\\r");
        from_dotenv(folder.path(), &format!("\"{escaped}\""), &value);
    });
}

#[test]
fn random_values_arrive_from_config_files() {
    let folder = tempfile::tempdir().unwrap();
    run(THROUGH_FILES, |value| {
        from_toml(folder.path(), &value);
        from_json(folder.path(), &value);
    });
}

#[test]
fn random_values_arrive_from_mounted_files() {
    let folder = tempfile::tempdir().unwrap();
    run(THROUGH_FILES, |value| {
        if !value.ends_with('\n') {
            from_mounted(folder.path(), &value);
        }
    });
}
