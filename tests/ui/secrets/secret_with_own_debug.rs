//! A `Debug` of one's own would show the field.

use configcheck::{AppConfig};

#[derive(AppConfig)]
#[config(no_debug)]
struct Settings {
    #[config(secret)]
    key: String,
}

fn main() {}
