//! The field is required everywhere already.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(required_in(production))]
    port: u16,
}

fn main() {}
