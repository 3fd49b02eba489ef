//! `with` names a function.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(with = 5)]
    port: u16,
}

fn main() {}
