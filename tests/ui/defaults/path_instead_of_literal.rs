//! A default is a literal.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default = DEFAULT_PORT)]
    port: u16,
}

const DEFAULT_PORT: u16 = 8080;

fn main() {}
