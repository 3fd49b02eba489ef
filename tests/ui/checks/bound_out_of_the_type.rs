//! The type cannot hold the bound.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(range(max = 70000))]
    port: u16,
}

fn main() {}
