//! A missing variable has a report of its own.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(required(message = "set it"))]
    port: Option<u16>,
}

fn main() {}
