//! The keys of a flattened struct stand beside the others.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(flatten, prefix = "R_")]
    redis: Redis,
}

#[derive(AppConfig)]
struct Redis {
    url: String,
}

fn main() {}
