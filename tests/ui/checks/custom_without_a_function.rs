//! `custom` needs the function.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(custom)]
    name: String,
}

fn main() {}
