//! There is no context at startup.

use configcheck::{AppConfig};

#[derive(AppConfig)]
#[validate(context = u16)]
struct Settings {
    port: u16,
}

fn main() {}
