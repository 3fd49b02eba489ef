//! A word stands once.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(env = "A", env = "B")]
    port: u16,
}

fn main() {}
