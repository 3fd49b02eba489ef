//! A variable's name has no dash in it.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(env = "HTTP-PORT")]
    port: u16,
}

fn main() {}
