//! A word means one variant.

use configcheck::{ConfigValue};

#[derive(ConfigValue)]
enum Level {
    Info,
    #[config(alias = "info")]
    Information,
}

fn main() {}
