//! An environment has one default.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default(test = 1, test = 2))]
    port: u16,
}

fn main() {}
