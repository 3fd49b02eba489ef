//! What the service needs to know, and where it looks for it.

use configcheck::providers::AgeProvider;
use configcheck::{AppConfig, ConfigValue, Environment, Loader, Secret, Url};

/// The folder of the service: a clone has its `.env` and its secret for development there. A deployed service has no such folder,
/// and needs none: it gets everything from its environment.
const HOME: &str = env!("CARGO_MANIFEST_DIR");

/// Configuration of the checkout service.
#[derive(AppConfig)]
#[config(name = "checkout")]
pub(crate) struct Settings {
    /// Which environment this process runs in.
    pub(crate) app_env: Environment,
    /// Port that the HTTP server listens on.
    #[config(default = 8080)]
    pub(crate) port: u16,
    /// Database of the orders; `memory://` needs no server.
    #[config(example = "postgres://user:password@host/orders")]
    pub(crate) database_url: Secret<Url>,
    /// Key that signs session tokens.
    #[validate(length(min = 32))]
    #[expect(dead_code, reason = "a service with sessions signs with it; this one has none")]
    pub(crate) jwt_secret: Secret<String>,
    /// Cache of the sessions; `memory://` needs no server.
    #[config(example = "redis://:password@host:6379")]
    pub(crate) redis_url: Secret<Url>,
    /// How much the service logs.
    #[config(default = "info")]
    pub(crate) log_level: LogLevel,
    /// Serve the new checkout flow.
    #[config(env = "FF_NEW_CHECKOUT", default = false)]
    pub(crate) new_checkout: bool,
}

/// How much the service logs, from the least to the most.
#[derive(Clone, Copy, Debug, ConfigValue)]
pub(crate) enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// Where the settings come from: the environment, and in development the `.env` files of [`HOME`], whose secret is a reference to a file
/// encrypted with age.
pub(crate) fn loader() -> Loader {
    Loader::new().dotenv_dir(HOME).provider(AgeProvider::new().directory(HOME).identity_file("dev/identity.txt"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_example_names_every_setting_and_no_other() {
        configcheck_testkit::assert_example_is_current::<Settings>(Path::new(HOME).join(".env.example"));
    }

    #[test]
    fn what_is_committed_for_development_is_the_example_itself() {
        let read = |name: &str| std::fs::read_to_string(Path::new(HOME).join(name)).expect("the file is committed");
        assert_eq!(read(".env"), read(".env.example"));
    }

    #[test]
    fn a_fresh_clone_loads_in_development_with_nothing_set() {
        let settings: Settings = loader().vars::<&str, &str>([]).load().expect("what is committed loads");
        assert_eq!((settings.app_env, settings.port, settings.new_checkout), (Environment::Development, 8080, false));
    }
}
