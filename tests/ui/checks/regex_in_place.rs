//! The regular expression is a static of the service.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(regex(path = "^[a-z]+$"))]
    name: String,
}

fn main() {}
