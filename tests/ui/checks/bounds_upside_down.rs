//! Nothing is both.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(range(min = 9, max = 1))]
    port: u16,
}

fn main() {}
