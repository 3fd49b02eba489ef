//! A reference is read by its whole grammar.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig)]
struct Settings {
    #[config(from = "vault:secret/data/../sys#key")]
    key: Secret<String>,
}

fn main() {}
