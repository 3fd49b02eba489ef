//! `default`, `forbid_default_in`, `example`, `allow_empty`.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use configcheck::{AppConfig, Environment};

use crate::{findings, load, spec};

#[derive(AppConfig)]
struct Literals {
    #[config(default = "text")]
    text: String,
    #[config(default = 0x50)]
    integer: u16,
    #[config(default = -1_000)]
    negative: i32,
    #[config(default = 1.5)]
    float: f64,
    #[config(default = 2)]
    whole_float: f32,
    #[config(default = true)]
    bool: bool,
    #[config(default = ';')]
    mark: char,
    #[config(default = "127.0.0.1")]
    address: IpAddr,
    #[config(default = "127.0.0.1:80")]
    socket: SocketAddr,
    #[config(default = "1h 30m")]
    time: Duration,
    #[config(default = ["a", "b"])]
    texts: Vec<String>,
    #[config(default = [1, 2], separator = " ")]
    numbers: Vec<u8>,
    #[config(default = 7)]
    optional: Option<u8>,
    #[config(default = "")]
    empty: String,
}

#[test]
fn literals_of_every_kind() {
    let loaded: Literals = load(&[]);
    assert_eq!((loaded.text.as_str(), loaded.integer, loaded.negative), ("text", 80, -1000));
    assert!((loaded.float - 1.5).abs() < f64::EPSILON && (loaded.whole_float - 2.0).abs() < f32::EPSILON);
    assert_eq!((loaded.bool, loaded.mark), (true, ';'));
    assert_eq!((loaded.address.to_string().as_str(), loaded.socket.port()), ("127.0.0.1", 80));
    assert_eq!(loaded.time, Duration::from_mins(90));
    assert_eq!((loaded.texts, loaded.numbers), (vec!["a".to_owned(), "b".to_owned()], vec![1, 2]));
    assert_eq!((loaded.optional, loaded.empty.as_str()), (Some(7), ""));
}

#[derive(AppConfig)]
#[config(environments(qa = staging))]
struct PerEnvironment {
    app_env: Environment,
    #[config(default = 1, default(development = 2, qa = 3, staging = 4))]
    size: u8,
    #[config(default(development = "localhost"))]
    host: String,
}

#[test]
fn a_default_for_an_environment_wins_over_the_one_for_all() {
    for (environment, size) in [("production", 1), ("development", 2), ("qa", 3), ("staging", 4)] {
        let loaded: PerEnvironment = load(&[("APP_ENV", environment), ("HOST", "h")]);
        assert_eq!(loaded.size, size, "{environment}");
    }
    assert_eq!(load::<PerEnvironment>(&[("APP_ENV", "dev")]).host, "localhost");
    assert_eq!(findings::<PerEnvironment>(&[("APP_ENV", "staging")]), ["missing-required HOST"]);
}

#[derive(AppConfig)]
struct Forbidden {
    app_env: Environment,
    #[config(default = 5, forbid_default_in(production))]
    size: u8,
}

#[test]
fn a_forbidden_default_must_be_replaced() {
    assert_eq!(load::<Forbidden>(&[("APP_ENV", "staging")]).size, 5);
    assert_eq!(findings::<Forbidden>(&[("APP_ENV", "production")]), ["default-in-production SIZE"]);
    assert_eq!(load::<Forbidden>(&[("APP_ENV", "production"), ("SIZE", "6")]).size, 6);
}

#[derive(AppConfig)]
struct Examples {
    #[config(example = "https://host/path")]
    url: String,
    #[config(example = [1, 2], separator = ";")]
    sizes: Vec<u8>,
}

#[test]
fn an_example_stands_in_the_schema_and_decides_nothing() {
    assert_eq!(spec::<Examples>("URL").example, Some("https://host/path"));
    assert_eq!(spec::<Examples>("SIZES").example, Some("1;2"));
    assert_eq!(findings::<Examples>(&[]), ["missing-required URL", "missing-required SIZES"]);
}

#[derive(AppConfig)]
struct Empty {
    #[config(allow_empty)]
    suffix: String,
    name: Option<String>,
}

#[test]
fn empty_is_unset_unless_it_is_allowed() {
    let loaded: Empty = load(&[("SUFFIX", ""), ("NAME", "")]);
    assert_eq!((loaded.suffix.as_str(), loaded.name), ("", None));
    assert_eq!(findings::<Empty>(&[]), ["missing-required SUFFIX"]);
}
