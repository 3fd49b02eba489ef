//! A number has no length.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(length(min = 1))]
    port: u16,
}

fn main() {}
