//! A word of a field says where it belongs.

use configcheck::{AppConfig};

#[derive(AppConfig)]
#[config(default = 8080)]
struct Settings {
    port: u16,
}

fn main() {}
