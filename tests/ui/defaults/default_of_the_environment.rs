//! The environment has no default.

use configcheck::{AppConfig, Environment};

#[derive(AppConfig)]
struct Settings {
    #[config(default = "development")]
    app_env: Environment,
}

fn main() {}
