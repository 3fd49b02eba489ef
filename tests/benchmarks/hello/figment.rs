//! The hello world with figment: a TOML file below the environment.

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;

#[derive(Deserialize)]
struct Settings {
    app_env: String,
    port: u16,
    database_url: String,
    jwt_secret: String,
    pool_size: u32,
    ff_new_checkout: bool,
}

fn main() {
    let figment = Figment::new().merge(Toml::file("config.toml")).merge(Env::raw());
    let settings: Settings = figment.extract().expect("the environment is complete");
    let _ = (&settings.app_env, &settings.database_url, &settings.jwt_secret);
    println!("{} {} {}", settings.port, settings.pool_size, settings.ff_new_checkout);
}
