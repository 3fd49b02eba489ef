//! A card number is no configuration.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(credit_card)]
    name: String,
}

fn main() {}
