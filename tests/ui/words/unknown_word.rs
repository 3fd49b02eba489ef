//! A word that nothing comes near lists what is known.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(zebra)]
    port: u16,
}

fn main() {}
