//! One of them would always be too much.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    a: String,
    #[config(conflicts = "a")]
    b: String,
}

fn main() {}
