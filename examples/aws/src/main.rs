//! A service whose secrets come from AWS: it declares where they are, and starts with all of them or says at once what is wrong.
#![expect(clippy::print_stdout, clippy::use_debug, reason = "a service that has started says so, and that its secrets are not shown")]

use configcheck::{AppConfig, Environment, Secret, Url};

/// Configuration of the orders service.
#[derive(AppConfig)]
#[config(name = "orders")]
struct Settings {
    /// Which environment this process runs in.
    app_env: Environment,
    /// Port that the HTTP server listens on.
    #[config(default = 8080)]
    port: u16,
    /// Database of the orders.
    #[config(from = "aws-sm:{environment}/{name}#database_url", example = "postgres://user:password@host/orders")]
    database_url: Secret<Url>,
    /// Key that signs session tokens.
    #[validate(length(min = 32))]
    #[config(from = "aws-sm:{environment}/{name}#session_key")]
    session_key: Secret<String>,
    /// Token of the payment provider.
    #[config(from = "aws-ssm:/{environment}/payments/token", required_in(staging, production))]
    payment_token: Option<Secret<String>>,
}

fn main() {
    let Settings { app_env, port, database_url, session_key, payment_token } = Settings::load_or_exit();
    // A service would connect with them; this one shows that nothing of them is shown.
    println!("started in {app_env} on port {port} with {database_url:?}, {session_key:?} and {payment_token:?}");
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn the_committed_schema_is_that_of_the_code() {
        configcheck_testkit::schema_file::<Settings>(concat!(env!("CARGO_MANIFEST_DIR"), "/config.schema.json"));
    }
}
