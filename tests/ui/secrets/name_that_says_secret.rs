//! A name that says secret needs the type, or the word `public`.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    db_password: String,
}

fn main() {}
