//! `crate` names the library where a service knows it by another name.

use configcheck as cc;
use cc::{AppConfig, ConfigValue};

mod inner {
    pub use configcheck::*;
}

#[derive(AppConfig)]
#[config(crate = "crate::inner")]
struct Settings {
    level: Level,
}

#[derive(ConfigValue)]
#[config(crate = crate::inner)]
enum Level {
    Low,
    High,
}

fn main() {
    let _ = Settings::schema();
    let _ = (Level::Low, Level::High);
}
