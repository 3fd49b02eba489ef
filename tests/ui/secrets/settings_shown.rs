//! Settings are not shown: their `Debug` says what is set, and no secret.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig)]
struct Settings {
    key: Secret<String>,
}

fn main() {
    let Ok(settings) = Settings::load() else { return };
    println!("{settings}");
}
