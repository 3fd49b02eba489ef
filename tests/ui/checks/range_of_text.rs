//! Text has no range.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(range(min = 1))]
    name: String,
}

fn main() {}
