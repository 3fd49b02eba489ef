//! What the service needs to know. Made from spring-orders.env.example by `configcheck init`: go through it once.
//! The value of a field that is no `Secret` is shown in reports: make one of each that nobody may see.

use configcheck::AppConfig;

/// Configuration of the service.
#[derive(AppConfig)]
pub struct Settings {
    // left out: server.port, since a shell cannot set a variable of this name
    // left out: spring.datasource.url, since a shell cannot set a variable of this name
    // left out: spring.datasource.username, since a shell cannot set a variable of this name
    // left out: spring.datasource.password, since a shell cannot set a variable of this name
    // left out: spring.profiles.active, since a shell cannot set a variable of this name
    // left out: logging.level.root, since a shell cannot set a variable of this name
    // left out: logging.level.com.example.orders, since a shell cannot set a variable of this name
    // left out: management.endpoints.web.exposure.include, since a shell cannot set a variable of this name
    /// the same in capitals
    // guessed: type, since its name ends in PORT and its example is a whole number
    #[config(example = 8080)]
    pub server_port: u16,
    #[config(example = "-Xmx512m -XX:+UseG1GC -Duser.timezone=UTC")]
    pub java_opts: String,
}
