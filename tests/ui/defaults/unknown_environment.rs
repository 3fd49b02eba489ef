//! An environment with a slip is offered in its right spelling.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default(developement = 8080))]
    port: u16,
}

fn main() {}
