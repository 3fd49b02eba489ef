//! The hello world with Configcheck.

use configcheck::{AppConfig, Environment, Secret};

#[derive(AppConfig)]
struct Settings {
    app_env: Environment,
    port: u16,
    database_url: Secret<String>,
    jwt_secret: Secret<String>,
    pool_size: u32,
    ff_new_checkout: bool,
}

fn main() {
    let settings = Settings::load_or_exit();
    let _ = (&settings.app_env, &settings.database_url, &settings.jwt_secret);
    println!("{} {} {}", settings.port, settings.pool_size, settings.ff_new_checkout);
}
