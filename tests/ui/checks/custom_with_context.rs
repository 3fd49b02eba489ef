//! There is no context at startup.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[validate(custom(function = check, use_context))]
    name: String,
}

fn check(_: &str) -> Result<(), String> {
    Ok(())
}

fn main() {}
