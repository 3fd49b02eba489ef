//! A process runs in one environment.

use configcheck::{AppConfig, Environment};

#[derive(AppConfig)]
struct Settings {
    app_env: Environment,
    other: Option<Environment>,
}

fn main() {}
