//! A field with a slip is offered in its right spelling.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    name: String,
    #[validate(must_match(other = nmae))]
    again: String,
}

fn main() {}
