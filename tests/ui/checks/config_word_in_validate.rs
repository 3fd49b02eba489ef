//! A word of `config` says which attribute it belongs to.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(default = 8080)]
    port: u16,
}

fn main() {}
