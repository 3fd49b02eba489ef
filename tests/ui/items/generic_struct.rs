//! A schema has one type for each key.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings<T> {
    port: T,
}

fn main() {}
