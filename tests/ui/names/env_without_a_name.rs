//! `env` needs a name.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(env)]
    port: u16,
}

fn main() {}
