//! A flag takes no value.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(live = true)]
    port: u16,
}

fn main() {}
