//! A bool is true or false.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default = "yes")]
    debug: bool,
}

fn main() {}
