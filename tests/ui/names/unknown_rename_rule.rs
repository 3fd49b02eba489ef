//! A rule with a slip is offered in its right spelling.

use configcheck::{AppConfig};

#[derive(AppConfig)]
#[config(rename_all = "kebab_case")]
struct Settings {
    port: u16,
}

fn main() {}
