//! A reference starts with its scheme.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig)]
struct Settings {
    #[config(from = "secret/data/app")]
    key: Secret<String>,
}

fn main() {}
