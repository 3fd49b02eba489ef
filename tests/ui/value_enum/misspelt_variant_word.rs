//! A word with a slip is offered in its right spelling.

use configcheck::{ConfigValue};

#[derive(ConfigValue)]
enum Level {
    #[config(renam = "information")]
    Info,
}

fn main() {}
