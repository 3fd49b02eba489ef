//! A char is one character.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default = "ab")]
    mark: char,
}

fn main() {}
