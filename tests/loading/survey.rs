//! A schema file says of values what the struct itself says: for any environment, a look at the schema finds what a load finds.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use configcheck::{AppConfig, ByteSize, ConfigValue, Environment, Loader, Report, Secret, Url};
use configcheck_checks::{Policy, check};
use configcheck_loader::References;
use proptest::prelude::*;
use proptest::sample::select;

#[derive(AppConfig)]
#[expect(dead_code, reason = "only what is found in the values matters")]
#[config(name = "shop", environments(qa = staging, prod_eu = production))]
struct Settings {
    app_env: Environment,
    #[config(default(development = 8080))]
    port: u16,
    #[validate(range(min = 0, exclusive_max = 1))]
    ratio: Option<f64>,
    #[config(default = false)]
    debug: bool,
    level: Option<Level>,
    #[validate(length(min = 2))]
    hosts: Option<Vec<IpAddr>>,
    #[config(separator = ";")]
    limits: Option<BTreeMap<String, u8>>,
    ttl: Option<Duration>,
    size: Option<ByteSize>,
    #[validate(email)]
    mail: Option<String>,
    home: Option<Url>,
    #[validate(length(min = 3, max = 10), contains(pattern = "shop"))]
    name: Option<String>,
    #[validate(length(min = 12))]
    secret: Secret<String>,
    #[validate(must_match(other = secret))]
    again: Option<Secret<String>>,
    pin: Option<Secret<u32>>,
    letter: Option<char>,
    signed: Option<i8>,
    #[config(required_in(staging, production))]
    sentry: Option<Secret<Url>>,
    #[config(requires = "key")]
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    #[config(one_of = "store")]
    bucket: Option<String>,
    #[config(one_of = "store", conflicts = "letter")]
    disk: Option<PathBuf>,
    #[config(allow_empty)]
    motto: Option<String>,
    #[config(alias = "OLD_REGION", deprecated(since = "2.0", note = "leave it out"))]
    region: Option<String>,
    #[config(nested)]
    cache: Option<Cache>,
}

#[derive(AppConfig)]
#[expect(dead_code, reason = "only what is found in the values matters")]
struct Cache {
    url: Url,
    #[validate(range(min = 1, max = 9))]
    pool: i64,
}

#[derive(Clone, Copy, Debug, ConfigValue)]
enum Level {
    Debug,
    Info,
}

/// Every variable, an alias, one that points to a file, and slips.
const NAMES: [&str; 30] = [
    "APP_ENV",
    "PORT",
    "RATIO",
    "DEBUG",
    "LEVEL",
    "HOSTS",
    "LIMITS",
    "TTL",
    "SIZE",
    "MAIL",
    "HOME",
    "NAME",
    "SECRET",
    "AGAIN",
    "PIN",
    "LETTER",
    "SIGNED",
    "SENTRY",
    "CERT",
    "KEY",
    "BUCKET",
    "DISK",
    "MOTTO",
    "REGION",
    "OLD_REGION",
    "CACHE_URL",
    "CACHE_POOL",
    "PROT",
    "SECRTE",
    "SECRET_FILE",
];

/// Values that some of the fields take, and such as are nearly right.
const VALUES: [&str; 54] = [
    "",
    " ",
    "0",
    "1",
    "-1",
    "007",
    "+5",
    "8080",
    "65536",
    "0x50",
    "80a80",
    "1e3",
    "0.5",
    ".5",
    "5.",
    "inf",
    "NaN",
    "true",
    "TRUE",
    "yes",
    "debug",
    "Debug",
    "inof",
    "1.2.3.4",
    "1.2.3.4, ::1",
    "1.2.3.4,",
    ",",
    "a=1",
    "a=1;b=2",
    "a=1;a=2",
    "a=256",
    "=1",
    "a",
    "30s",
    "1h 30m",
    "5 parsecs",
    "64KiB",
    "64 kb",
    "me@example.org",
    "me@",
    "https://example.org/x",
    "http://u:p@localhost",
    "example.org",
    "//x",
    "shop",
    "my shop is long",
    "not-a-real-secret",
    "changeme",
    "é",
    "production",
    "prod",
    "qa",
    "file:/nowhere",
    "vault:",
];

fn value() -> impl Strategy<Value = String> {
    prop_oneof![8 => select(&VALUES[..]).prop_map(ToOwned::to_owned), 1 => "[ -~é]{0,12}"]
}

fn environment() -> impl Strategy<Value = Vec<(String, String)>> {
    let named = select(&["development", "test", "staging", "production", "qa", "prod_eu", "prodution"][..]);
    let others = prop::collection::btree_map(select(&NAMES[1..]).prop_map(ToOwned::to_owned), value(), 0..16);
    (prop::option::weighted(0.9, named), others).prop_map(|(named, others)| {
        let named = named.map(|name| ("APP_ENV".to_owned(), name.to_owned()));
        named.into_iter().chain(others).collect()
    })
}

/// What was found, as far as it matters to who reads it.
fn found(report: &Report) -> Vec<String> {
    let line = |finding: &configcheck::Diagnostic| {
        format!("{}[{}] {} {}", finding.severity, finding.rule.name, finding.key.as_deref().unwrap_or("-"), finding.place)
    };
    report.findings.iter().map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_schema_file_and_its_struct_find_the_same(variables in environment()) {
        let loader = Loader::new().no_dotenv().no_standard_mounts().vars(variables);
        let file = configcheck_schema::read(Settings::schema().to_json().as_bytes()).unwrap();
        let snapshot = loader.survey(&file.schema, None, References::Fetched);
        let of_file = check(&file.schema, &snapshot, &Policy::new());
        let of_struct = loader.inspect::<Settings>();
        prop_assert_eq!(found(&of_file), found(&of_struct));
        prop_assert_eq!(of_file.tally, of_struct.tally);
    }
}
