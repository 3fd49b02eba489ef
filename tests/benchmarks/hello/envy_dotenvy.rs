//! The hello world with envy, and dotenvy in front of it.

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
    dotenvy::dotenv().ok();
    let settings: Settings = envy::from_env().expect("the environment is complete");
    let _ = (&settings.app_env, &settings.database_url, &settings.jwt_secret);
    println!("{} {} {}", settings.port, settings.pool_size, settings.ff_new_checkout);
}
