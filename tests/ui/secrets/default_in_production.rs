//! A default of a secret for production would stand in the code.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig)]
struct Settings {
    #[config(default(development = "not-a-real-key", production = "not-a-real-key"))]
    key: Secret<String>,
}

fn main() {}
