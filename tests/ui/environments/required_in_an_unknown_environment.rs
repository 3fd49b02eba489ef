//! An environment of one's own is declared on the struct.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(required_in(canary))]
    dsn_host: Option<String>,
}

fn main() {}
