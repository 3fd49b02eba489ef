//! The words contradict each other.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(secret, public)]
    key: String,
}

fn main() {}
