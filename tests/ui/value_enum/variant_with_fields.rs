//! A word has no fields.

use configcheck::{ConfigValue};

#[derive(ConfigValue)]
enum Level {
    Info,
    Custom(String),
}

fn main() {}
