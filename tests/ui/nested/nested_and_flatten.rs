//! The words contradict each other.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(nested, flatten)]
    redis: Redis,
}

#[derive(AppConfig)]
struct Redis {
    url: String,
}

fn main() {}
