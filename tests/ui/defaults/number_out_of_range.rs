//! A number that the type cannot hold.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default = 80800)]
    port: u16,
}

fn main() {}
