//! A field with a slip is offered in its right spelling.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    tls_cert: Option<String>,
    #[config(requires = "tls_crt")]
    tls_key: Option<String>,
}

fn main() {}
