//! A struct of several values derives `AppConfig`.

use configcheck::{ConfigValue};

#[derive(ConfigValue)]
struct Pool {
    size: u16,
}

fn main() {}
