//! The methods that the derive adds: `load`, `load_async`, `load_or_exit`, `schema`.

use std::future::Future;

use configcheck::{AppConfig, Error, Schema};

#[derive(AppConfig)]
struct Settings {
    #[config(default = 8080)]
    port: u16,
}

#[test]
fn the_methods_have_their_types() {
    fn future<F: Future<Output = Result<Settings, Error>> + Send>(_: fn() -> F) {}
    let _: fn() -> Result<Settings, Error> = Settings::load;
    let _: fn() -> Settings = Settings::load_or_exit;
    let _: fn() -> Schema = Settings::schema;
    future(Settings::load_async);
}

#[test]
fn the_schema_is_the_structs() {
    assert_eq!(Settings::schema().keys().len(), 1);
    assert_eq!(Settings::schema().name(), "settings");
}
