//! A check without bounds checks nothing.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(range(message = "out of range"))]
    port: u16,
}

fn main() {}
