//! Attributes write the names of environments in full.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default(prod = 8080))]
    port: u16,
}

fn main() {}
