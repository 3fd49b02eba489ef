//! `public` contradicts the type.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig)]
struct Settings {
    #[config(public)]
    key: Secret<String>,
}

fn main() {}
