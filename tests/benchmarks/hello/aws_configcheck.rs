//! One secret of Secrets Manager, with Configcheck.

use configcheck::{AppConfig, ExposeSecret, Secret};

/// Configuration of the hello world.
#[derive(AppConfig)]
struct Settings {
    /// Token of the payment provider.
    #[config(from = "aws-sm:hello#token")]
    token: Secret<String>,
}

fn main() {
    let settings = Settings::load_or_exit();
    println!("{}", settings.token.expose_secret().len());
}
