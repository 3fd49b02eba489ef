//! Text stands in quotes.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default = 8080)]
    name: String,
}

fn main() {}
