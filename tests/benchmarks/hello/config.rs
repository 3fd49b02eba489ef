//! The hello world with config, environment only.

use config::{Config, Environment};
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
    let config = Config::builder().add_source(Environment::default()).build().expect("the environment can be read");
    let settings: Settings = config.try_deserialize().expect("the environment is complete");
    let _ = (&settings.app_env, &settings.database_url, &settings.jwt_secret);
    println!("{} {} {}", settings.port, settings.pool_size, settings.ff_new_checkout);
}
