//! Settings with a secret are not cloned.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig, Clone)]
struct Settings {
    key: Secret<String>,
}

fn main() {}
