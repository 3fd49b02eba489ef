//! What differs in staging and production: `.env` files are not read, and what only they hold is missing, with the place.

use configcheck::{AppConfig, Environment, Loader, Secret};

use super::{errors, write};

#[derive(AppConfig)]
struct Settings {
    #[allow(dead_code)]
    app_env: Environment,
    #[allow(dead_code)]
    token: Secret<String>,
}

#[derive(AppConfig)]
struct Plain {
    size: u8,
}

fn loader(folder: &std::path::Path) -> Loader {
    write(folder, ".env", "TOKEN=not-a-real-token\nSIZE=3\n");
    Loader::new().no_standard_mounts().dotenv_dir(folder).vars(Vec::<(String, String)>::new())
}

#[test]
fn dotenv_files_are_read_in_development_and_test_alone() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["development", "dev", "test"] {
        assert!(loader(folder.path()).environment(name).load::<Settings>().is_ok(), "{name}");
    }
    for name in ["staging", "stage", "production", "prod"] {
        let Err(error) = loader(folder.path()).environment(name).load::<Settings>() else { panic!("{name} must not load") };
        assert_eq!(errors(error.report()), [("ignored-dotenv", "TOKEN")], "{name}");
        let text = error.to_string();
        assert!(text.contains(".env:1:7") && !text.contains("not-a-real"), "{text}");
    }
    assert!(loader(folder.path()).environment("production").dotenv_everywhere().load::<Settings>().is_ok());
}

#[test]
fn there_is_no_default_environment() {
    let folder = tempfile::tempdir().unwrap();
    let Err(error) = loader(folder.path()).load::<Settings>() else { panic!("it must not load") };
    assert_eq!(errors(error.report())[0], ("missing-required", "APP_ENV"));
}

#[test]
fn dotenv_may_name_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let loader = loader(folder.path());
    write(folder.path(), ".env", "APP_ENV=dev\nTOKEN=not-a-real-token\n");
    assert_eq!(loader.load::<Settings>().unwrap().app_env, Environment::Development);
    write(folder.path(), ".env", "APP_ENV=production\nTOKEN=not-a-real-token\n");
    let Err(error) = loader.load::<Settings>() else { panic!("it must not load") };
    assert_eq!(errors(error.report()), [("ignored-dotenv", "TOKEN")]);
}

#[test]
fn a_bad_name_is_a_finding_with_the_names() {
    let loader = Loader::new().no_dotenv().no_standard_mounts().vars([("APP_ENV", "prodction"), ("TOKEN", "not-a-real-token")]);
    let Err(error) = loader.load::<Settings>() else { panic!("it must not load") };
    assert_eq!(errors(error.report()), [("invalid-value", "APP_ENV")]);
    assert!(error.to_string().contains("production"), "{error}");
}

#[test]
fn a_struct_without_anything_of_an_environment_needs_none() {
    let loader = Loader::new().no_dotenv().no_standard_mounts().vars([("SIZE", "3")]);
    assert_eq!(loader.load::<Plain>().unwrap().size, 3);
}

#[test]
fn no_layer_but_the_process_and_dotenv_chooses_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.toml", "app_env = 'staging'\n");
    let loader = Loader::new().no_dotenv().no_standard_mounts().vars([("TOKEN", "not-a-real-token")]).file(folder.path().join("a.toml"));
    let Err(error) = loader.load::<Settings>() else { panic!("it must not load") };
    assert!(errors(error.report()).contains(&("unreadable-source", "APP_ENV")), "{error}");
    assert_eq!(error.kind(), configcheck::ErrorKind::Invalid);
}

#[test]
fn an_override_may_name_the_environment_of_a_struct_without_a_field_for_it() {
    #[derive(AppConfig)]
    struct Hosts {
        #[config(default(development = "dev", production = "prod"))]
        host: String,
    }
    let loader = Loader::new().no_dotenv().no_standard_mounts().vars([("APP_ENV", "development")]);
    assert_eq!(loader.load::<Hosts>().unwrap().host, "dev");
    assert_eq!(loader.set("APP_ENV", "production").load::<Hosts>().unwrap().host, "prod");
}
