//! `prefix` is for nested structs.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(prefix = "HTTP_")]
    port: u16,
}

fn main() {}
