//! What `dotenv_example` writes of a struct, and that it is read back as the same.
#![allow(clippy::unwrap_used, clippy::panic, dead_code)]

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use configcheck::{AppConfig, ConfigValue, Environment, Secret, Url};
use configcheck_core::example::dotenv_example;

use super::tests::line;
use crate::read;

#[derive(AppConfig)]
#[config(name = "shop", environments(qa = staging))]
struct Settings {
    /// Which environment this process runs in.
    app_env: Environment,
    /// Where it listens.
    ///
    /// Not below 1024.
    #[config(default = 8080)]
    #[validate(range(min = 1024, exclusive_max = 49152))]
    port: u16,
    #[validate(range(min = 2))]
    workers: u8,
    total: u64,
    offset: Option<i64>,
    huge: Option<u128>,
    #[config(default(development = "postgres://localhost/orders"), example = "postgres://user:password@host/orders")]
    database_url: Secret<Url>,
    #[validate(length(min = 32))]
    signing_key: Secret<String>,
    #[config(required_in(staging, production), deprecated(since = "2.0", note = "use \"B\""))]
    sentry_dsn: Option<Secret<Url>>,
    #[config(deprecated)]
    #[validate(range(min = -1.5, max = 2.5))]
    rate: Option<f64>,
    #[config(separator = ";")]
    #[validate(length(max = 3))]
    scores: Vec<u8>,
    peers: Vec<SocketAddr>,
    level: Level,
    #[config(default = "30s")]
    wait: Duration,
    bind: IpAddr,
    #[config(example = "007")]
    code: String,
    #[validate(email)]
    mail: String,
    #[config(public, example = "a b's")]
    public_token: String,
    on: bool,
    #[config(nested)]
    cache: Option<Cache>,
}

#[derive(ConfigValue)]
enum Level {
    Low,
    #[config(rename = "very high")]
    High,
}

#[derive(AppConfig)]
struct Cache {
    url: Url,
}

#[test]
fn an_example_of_a_struct_says_what_the_struct_says() {
    let written = dotenv_example(&Settings::schema());
    let expected = "\
# Configuration of shop.
# @defaultSensitive=false
# ---

# Which environment this process runs in.
# @required @type=enum(development, test, staging, production)
APP_ENV=

# Where it listens.
#
# Not below 1024.
# @optional @type=port(min=1024, max=49151)
# PORT=8080

# @required @type=number(isInt=true, min=2, max=255)
WORKERS=

# @required @type=number(isInt=true, min=0)
TOTAL=

# @optional @type=number(isInt=true)
# OFFSET=

# @optional @type=number(isInt=true, min=0, max=340282366920938463463374607431768211455)
# HUGE=

# @required=forEnv(test, staging, production) @sensitive @type=url @example=\"postgres://user:password@host/orders\"
DATABASE_URL=
";
    assert!(written.starts_with(expected), "{written}");
    let file = read(written.as_bytes()).unwrap();
    assert_eq!((file.schema.name(), file.notes.as_slice()), ("shop", [].as_slice()), "{written}");
    let keys: Vec<String> = file.schema.keys().iter().map(line).collect();
    let expected = [
        "APP_ENV required plain environment // Which environment this process runs in.",
        "PORT optional plain 1024..49151 e.g. 8080 // Where it listens. |  | Not below 1024.",
        "WORKERS required plain 2..255",
        "TOTAL required plain 0..18446744073709551615",
        "OFFSET optional plain whole",
        "HUGE optional plain 0..340282366920938463463374607431768211455",
        "DATABASE_URL optional in test+staging+production secret url e.g. postgres://user:password@host/orders",
        "SIGNING_KEY required secret text [a length of at least 32]",
        "SENTRY_DSN optional in staging+production secret url deprecated 2.0 use \"B\"",
        "RATE optional plain number [a number of at least -1.5 and at most 2.5] deprecated - -",
        "SCORES required plain list of 0..255 [a length of at most 3] by ;",
        "PEERS required plain list of text",
        "LEVEL required plain low|very high",
        "WAIT optional plain duration e.g. 30s",
        "BIND required plain ip",
        "CODE required plain text e.g. 007",
        "MAIL required plain text [an e-mail address]",
        "PUBLIC_TOKEN required public text e.g. a b's",
        "ON required plain bool",
        "CACHE_URL optional plain url",
    ];
    assert_eq!(keys, expected, "{written}");
    // What an example says is said again when an example is made of it.
    let again = read(dotenv_example(&file.schema).as_bytes()).unwrap();
    assert_eq!(again.schema.keys().iter().map(line).collect::<Vec<_>>(), expected);
}

#[test]
fn what_nobody_classified_stays_hidden() {
    let file = read(b"NAME=not-a-real-name\nDB_PASSWORD=hunter2-fake\nPORT=8080\n").unwrap();
    let written = dotenv_example(&file.schema);
    let json = file.schema.to_json();
    for text in [&written, &json] {
        assert!(!text.contains("not-a-real-name") && !text.contains("hunter2-fake"), "{text}");
    }
    let again = read(written.as_bytes()).unwrap();
    let sensitivities = |file: &crate::SchemaFile| file.schema.keys().iter().map(|key| key.spec.hides_value()).collect::<Vec<_>>();
    assert_eq!(sensitivities(&again), sensitivities(&file));
}
