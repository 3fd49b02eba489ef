//! A check with a slip is offered in its right spelling.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(lenght(min = 1))]
    name: String,
}

fn main() {}
