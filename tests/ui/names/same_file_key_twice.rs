//! Two fields cannot share a key of config files.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    port: u16,
    #[config(rename = "port")]
    other: u16,
}

fn main() {}
