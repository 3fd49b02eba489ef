//! A value is no struct.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(nested)]
    port: u16,
}

fn main() {}
