//! A number is no text.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(email)]
    port: u16,
}

fn main() {}
