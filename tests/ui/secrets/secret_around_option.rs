//! `Option` stands outside.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig)]
struct Settings {
    key: Secret<Option<String>>,
}

fn main() {}
