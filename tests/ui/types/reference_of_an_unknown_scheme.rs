//! The schemes are known.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig)]
struct Settings {
    #[config(from = "valt:secret/data/app#key")]
    key: Secret<String>,
}

fn main() {}
