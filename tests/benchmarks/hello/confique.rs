//! The hello world with confique, environment only.

use confique::Config;

#[derive(Config)]
struct Settings {
    #[config(env = "APP_ENV")]
    app_env: String,
    #[config(env = "PORT")]
    port: u16,
    #[config(env = "DATABASE_URL")]
    database_url: String,
    #[config(env = "JWT_SECRET")]
    jwt_secret: String,
    #[config(env = "POOL_SIZE")]
    pool_size: u32,
    #[config(env = "FF_NEW_CHECKOUT")]
    ff_new_checkout: bool,
}

fn main() {
    let settings = Settings::builder().env().load().expect("the environment is complete");
    let _ = (&settings.app_env, &settings.database_url, &settings.jwt_secret);
    println!("{} {} {}", settings.port, settings.pool_size, settings.ff_new_checkout);
}
