//! A default of a secret would stand in the code.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig)]
struct Settings {
    #[config(default = "not-a-real-key")]
    key: Secret<String>,
}

fn main() {}
