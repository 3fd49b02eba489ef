//! Text cannot say that the inner one is empty.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    port: Option<Option<u16>>,
}

fn main() {}
