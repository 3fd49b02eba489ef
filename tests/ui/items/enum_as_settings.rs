//! An enum is the type of a field.

use configcheck::{AppConfig};

#[derive(AppConfig)]
enum Settings {
    Small,
    Large,
}

fn main() {}
