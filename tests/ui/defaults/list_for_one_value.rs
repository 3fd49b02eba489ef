//! A list does not fit one value.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default = [1, 2])]
    port: u16,
}

fn main() {}
