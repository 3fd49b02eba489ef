//! The twenty-line service: it declares what it needs, and starts with all of it or says at once what is wrong.
#![expect(clippy::print_stdout, clippy::use_debug, reason = "a service that has started says so, and that its secret is not shown")]

use configcheck::{AppConfig, Environment, Secret};

/// Configuration of the quickstart service.
#[derive(AppConfig)]
#[config(name = "quickstart")]
struct Settings {
    /// Which environment this process runs in.
    app_env: Environment,
    /// Port that the HTTP server listens on.
    #[config(default = 8080)]
    port: u16,
    /// Key that signs session tokens.
    #[validate(length(min = 32))]
    jwt_secret: Secret<String>,
}

fn main() {
    let settings = Settings::load_or_exit();
    println!("started in {} on port {}, with {:?} to sign with", settings.app_env, settings.port, settings.jwt_secret);
}
