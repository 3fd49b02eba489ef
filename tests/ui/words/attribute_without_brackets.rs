//! The attribute needs brackets.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config = "PORT"]
    port: u16,
}

fn main() {}
