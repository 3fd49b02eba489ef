//! A struct has no default of its own.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(nested, default = 1)]
    redis: Redis,
}

#[derive(AppConfig)]
struct Redis {
    url: String,
}

fn main() {}
