//! All but one of a group are absent.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(one_of = "auth")]
    key: Option<String>,
    #[config(one_of = "auth")]
    other: String,
}

fn main() {}
