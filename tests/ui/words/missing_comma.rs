//! Words are separated by commas.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(live allow_empty)]
    text: String,
}

fn main() {}
