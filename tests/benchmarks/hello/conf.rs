//! The hello world with conf, environment only.

use conf::Conf;

#[derive(Conf)]
struct Settings {
    #[conf(parameter, env)]
    app_env: String,
    #[conf(parameter, env)]
    port: u16,
    #[conf(parameter, env)]
    database_url: String,
    #[conf(parameter, env)]
    jwt_secret: String,
    #[conf(parameter, env)]
    pool_size: u32,
    #[conf(parameter, env)]
    ff_new_checkout: bool,
}

fn main() {
    let settings = Settings::parse();
    let _ = (&settings.app_env, &settings.database_url, &settings.jwt_secret);
    println!("{} {} {}", settings.port, settings.pool_size, settings.ff_new_checkout);
}
