//! A relation needs another field.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(requires = "tls_key")]
    tls_key: Option<String>,
}

fn main() {}
