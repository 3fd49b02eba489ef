//! Settings that hold a secret have no `Serialize` either.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig, serde::Serialize)]
struct Settings {
    key: Secret<String>,
}

fn main() {}
