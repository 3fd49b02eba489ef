//! What is known is not declared.

use configcheck::{AppConfig, Environment};

#[derive(AppConfig)]
#[config(environments(prod = production))]
struct Settings {
    app_env: Environment,
}

fn main() {}
