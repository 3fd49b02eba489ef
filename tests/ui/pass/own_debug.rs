//! With `no_debug` the service writes its own.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig, Debug)]
#[config(no_debug)]
struct Settings {
    port: u16,
    key: Secret<String>,
}

fn main() {
    let _ = Settings::schema();
}
