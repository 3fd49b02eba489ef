//! `equal` stands alone.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(length(equal = 2, min = 1))]
    name: String,
}

fn main() {}
