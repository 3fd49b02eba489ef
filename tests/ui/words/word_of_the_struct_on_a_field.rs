//! A word of the struct says where it belongs.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(rename_all = "kebab-case")]
    port: u16,
}

fn main() {}
