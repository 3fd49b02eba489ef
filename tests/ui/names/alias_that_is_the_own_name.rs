//! An alias is another name.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(alias = "PORT")]
    port: u16,
}

fn main() {}
