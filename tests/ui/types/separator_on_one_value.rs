//! One value has nothing to separate.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(separator = ";")]
    port: u16,
}

fn main() {}
