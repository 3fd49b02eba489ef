//! Two fields cannot share a variable.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    port: u16,
    #[config(env = "PORT")]
    other: u16,
}

fn main() {}
