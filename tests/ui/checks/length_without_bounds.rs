//! A check without bounds checks nothing.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(length())]
    name: String,
}

fn main() {}
