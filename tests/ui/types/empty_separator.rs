//! Nothing separates nothing.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(separator = "")]
    names: Vec<String>,
}

fn main() {}
