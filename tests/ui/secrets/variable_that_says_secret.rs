//! The variable's name counts too.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(env = "STRIPE_API_KEY")]
    stripe: Option<String>,
}

fn main() {}
