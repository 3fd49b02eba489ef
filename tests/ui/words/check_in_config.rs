//! A check says which attribute it belongs to.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(range(min = 1))]
    port: u16,
}

fn main() {}
