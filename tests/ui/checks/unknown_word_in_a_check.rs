//! A word with a slip is offered in its right spelling.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(length(mni = 1))]
    name: String,
}

fn main() {}
