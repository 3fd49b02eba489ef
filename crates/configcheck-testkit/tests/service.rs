//! What the test kit proves of a service, and that it does not prove what is not so.
#![allow(clippy::unwrap_used, missing_docs)]

use std::panic::catch_unwind;

use configcheck::{AppConfig, ByteSize, Environment, Secret};
use configcheck_core::json::indented;
use configcheck_testkit::{
    assert_every_variable_loads, assert_example_is_current, assert_smallest_environment_loads, every_variable, load_from, schema_file,
    smallest_environment,
};

/// A service with a field of most kinds.
#[derive(AppConfig)]
#[config(name = "kit")]
struct Settings {
    #[allow(dead_code)]
    app_env: Environment,
    #[config(default = 8080)]
    port: u16,
    #[allow(dead_code)]
    #[validate(length(min = 32))]
    signing_key: Secret<String>,
    #[allow(dead_code)]
    #[validate(range(min = 2, max = 5))]
    workers: u8,
    #[allow(dead_code)]
    upload_limit: Option<ByteSize>,
    #[allow(dead_code)]
    #[config(required_in(production))]
    mail_from: Option<String>,
    #[allow(dead_code)]
    #[config(nested)]
    cache: Option<Cache>,
}

#[derive(AppConfig)]
struct Cache {
    #[allow(dead_code)]
    host: String,
}

#[test]
fn loads_from_a_map_and_nothing_else() {
    let variables = smallest_environment::<Settings>("development", &[]);
    let settings: Settings = load_from(variables).unwrap();
    assert_eq!(settings.port, 8080);
    assert!(load_from::<Settings>([("PORT", "1")]).is_err());
}

#[test]
fn the_smallest_environment_is_the_smallest() {
    assert_smallest_environment_loads::<Settings>("development", &[]);
    assert_smallest_environment_loads::<Settings>("production", &[]);
    let names = |environment| smallest_environment::<Settings>(environment, &[]).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names("development"), ["APP_ENV", "SIGNING_KEY", "WORKERS"]);
    assert_eq!(names("production"), ["APP_ENV", "SIGNING_KEY", "WORKERS", "MAIL_FROM"]);
}

#[test]
fn every_variable_set_loads() {
    assert_every_variable_loads::<Settings>("staging", &[]);
    assert_eq!(every_variable::<Settings>("staging", &[]).len(), 7);
}

#[test]
fn a_value_that_does_not_load_is_not_passed_over() {
    assert!(catch_unwind(|| assert_smallest_environment_loads::<Settings>("production", &[("WORKERS", "9")])).is_err());
    assert!(catch_unwind(|| assert_every_variable_loads::<Settings>("production", &[("PORT", "x")])).is_err());
}

#[test]
fn an_example_names_what_the_schema_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".env.example");
    let example = configcheck_core::example::dotenv_example(&Settings::schema());
    std::fs::write(&path, &example).unwrap();
    assert_example_is_current::<Settings>(&path);
    std::fs::write(&path, example.replace("WORKERS", "WORKRES")).unwrap();
    let path = path.clone();
    assert!(catch_unwind(move || assert_example_is_current::<Settings>(&path)).is_err());
}

#[test]
fn a_schema_file_says_what_the_code_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.schema.json");
    let schema = Settings::schema().to_json();
    for same in [schema.clone(), indented(&schema), indented(&schema).replace('\n', "\r\n")] {
        std::fs::write(&path, same).unwrap();
        schema_file::<Settings>(&path);
    }
    let check = |text: String, expected: &str| {
        std::fs::write(&path, text).unwrap();
        let path = path.clone();
        let panic = catch_unwind(move || schema_file::<Settings>(&path)).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        assert!(message.contains(expected), "{message}");
    };
    check(schema.replace("WORKERS", "WORKRES"), "added: WORKERS; removed: WORKRES; UPDATE_SCHEMA=1");
    check(schema.replace("\"text\":\"8080\"", "\"text\":\"80\""), "changed: PORT;");
    check(schema.replace("\"name\":\"kit\"", "\"name\":\"kat\""), "beside the keys");
    check(String::new(), "added: APP_ENV, CACHE_HOST");
}
