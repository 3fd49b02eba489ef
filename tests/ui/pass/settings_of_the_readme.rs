//! The struct of the first page compiles.

use configcheck::{AppConfig, Environment, Secret};
use url::Url;

/// Configuration of the checkout service.
#[derive(AppConfig)]
#[config(name = "checkout")]
pub struct Settings {
    /// Which environment this process runs in.
    pub app_env: Environment,
    /// Port the HTTP server listens on.
    #[config(default = 8080)]
    pub port: u16,
    /// Connection string of the orders database.
    #[config(default(development = "postgres://localhost/orders"), example = "postgres://user:password@host/orders")]
    pub database_url: Secret<Url>,
    /// Key that signs session tokens.
    #[validate(length(min = 32))]
    #[config(from = "vault:secret/data/{environment}/checkout#jwt_secret", alias = "JWT_KEY")]
    pub jwt_secret: Secret<String>,
    /// Serve the new checkout flow.
    #[config(env = "FF_NEW_CHECKOUT", default = false)]
    pub new_checkout: bool,
    #[config(nested)]
    pub redis: Redis,
    #[config(required_in(staging, production))]
    pub sentry_dsn: Option<Secret<Url>>,
}

/// Where the sessions are.
#[derive(AppConfig)]
pub struct Redis {
    /// Address of the server.
    pub url: Url,
    #[config(default = 10)]
    pub pool_size: u32,
}

fn main() {
    let _ = Settings::schema();
}
