//! A group of one has nothing to choose from.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(one_of = "auth")]
    key: Option<String>,
    other: Option<String>,
}

fn main() {}
