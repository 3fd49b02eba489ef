//! An unsigned type holds no negative number.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default = -1)]
    port: u16,
}

fn main() {}
