//! Text is no number.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default = "80a80")]
    port: u16,
}

fn main() {}
