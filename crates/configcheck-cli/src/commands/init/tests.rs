//! What a schema looks like in Rust.

use super::rust::file;

const SCHEMA: &str = r#"{"version":1,"name":"shop","doc":"Settings of the shop.","environment_variable":"APP_ENV","keys":[
{"variable":"APP_ENV","path":"app_env","file_path":"app_env","type":{"kind":"environment"},"required":true},
{"variable":"PORT","path":"port","file_path":"port","doc":"Port of the server.\n\nOr \"80\".","type":{"kind":"integer","min":0,"max":65535},
 "required":true,"defaults":[{"text":"8080"}],"guesses":[{"aspect":"type","reason":"its example is a number"}],
 "constraints":[{"check":"range","min":80}]},
{"variable":"TYPE","path":"type","file_path":"type","type":{"kind":"choice","words":["in-memory","redis","2nd"]},"required":false},
{"variable":"API_TOKEN","path":"api_token","file_path":"api_token","type":{"kind":"text"},"required":false,"secret":true,
 "example":"not-a-real-token","constraints":[{"check":"length","min":8}]},
{"variable":"npm_dsn","path":"npm_dsn","file_path":"npm_dsn","type":{"kind":"url"},"required":true,"public":true,"example":"https://a/\"b"},
{"variable":"HOSTS","path":"hosts","file_path":"hosts","type":{"kind":"list","item":{"kind":"socket-address"}},"required":true,
 "separator":";","defaults":[{"text":"127.0.0.1:80;127.0.0.1:81"}]},
{"variable":"WAIT","path":"wait","file_path":"wait","type":{"kind":"duration"},"required":false,"required_in":["production"],
 "deprecated":{"since":"2","note":"use PORT"}}]}"#;

const RUST: &str = r#"//! What the service needs to know. Made from .env.example by `configcheck init`: go through it once.

use std::net::SocketAddr;
use std::time::Duration;

use configcheck::{AppConfig, ConfigValue, Environment, Secret, Url};

/// Settings of the shop.
#[derive(AppConfig)]
#[config(name = "shop")]
pub struct Settings {
    pub app_env: Environment,
    /// Port of the server.
    ///
    /// Or "80".
    // guessed: type, since its example is a number
    #[validate(range(min = 80))]
    #[config(default = 8080)]
    pub port: u16,
    pub r#type: Option<Type>,
    #[validate(length(min = 8))]
    pub api_token: Option<Secret<String>>,
    #[config(env = "npm_dsn", example = "https://a/\"b", public)]
    pub npm_dsn: Url,
    #[config(default = "127.0.0.1:80;127.0.0.1:81", separator = ";")]
    pub hosts: Vec<SocketAddr>,
    #[config(required_in(production), deprecated(since = "2", note = "use PORT"))]
    pub wait: Option<Duration>,
}

/// What `TYPE` may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ConfigValue)]
pub enum Type {
    #[config(rename = "in-memory")]
    InMemory,
    Redis,
    #[config(rename = "2nd")]
    N2nd,
}
"#;

#[test]
fn a_schema_becomes_a_struct() {
    let schema = configcheck_schema::read(SCHEMA.as_bytes()).expect("the schema of the test is one").schema;
    assert_eq!(file(&schema, ".env.example"), RUST);
}

#[test]
fn names_of_environments_are_declared() {
    let schema = configcheck_schema::read(b"APP_ENV=local\n").expect("the example of the test is one").schema;
    let expected = "\
#[derive(AppConfig)]
#[config(environments(local = development, testing = test))]
pub struct Settings {
    // guessed: type, since no decorator says which key chooses the environment
";
    let made = file(&schema, ".env.example");
    assert!(made.contains(expected), "{made}");
}
