//! A union has no fields to fill.

use configcheck::{AppConfig};

#[derive(AppConfig)]
union Settings {
    a: u16,
    b: u32,
}

fn main() {}
