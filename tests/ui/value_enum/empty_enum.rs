//! An enum without variants accepts nothing.

use configcheck::{ConfigValue};

#[derive(ConfigValue)]
enum Level {}

fn main() {}
