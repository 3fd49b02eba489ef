//! The field is required already.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(required)]
    port: u16,
}

fn main() {}
