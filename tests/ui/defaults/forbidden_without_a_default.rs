//! There is nothing to forbid.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(forbid_default_in(production))]
    port: u16,
}

fn main() {}
