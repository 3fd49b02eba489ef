//! The struct inside derives `AppConfig` too.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(nested)]
    redis: Redis,
}

struct Redis;

fn main() {}
