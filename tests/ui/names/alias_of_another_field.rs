//! An alias cannot be another field's name.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    port: u16,
    #[config(alias = "PORT")]
    other: u16,
}

fn main() {}
