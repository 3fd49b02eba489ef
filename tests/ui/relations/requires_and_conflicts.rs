//! The relations contradict each other.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    cert: Option<String>,
    #[config(requires = "cert", conflicts = "cert")]
    key: Option<String>,
}

fn main() {}
