//! A kind with a slip is offered in its right spelling.

use configcheck::{AppConfig, Environment};

#[derive(AppConfig)]
#[config(environments(qa = stagin))]
struct Settings {
    app_env: Environment,
}

fn main() {}
