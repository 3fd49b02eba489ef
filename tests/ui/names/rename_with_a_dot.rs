//! A dot in a key would mean a table.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(rename = "http.port")]
    port: u16,
}

fn main() {}
