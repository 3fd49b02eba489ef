//! The settings that the failures load: one struct for each way in which a value may be refused, and parsers that quote what they refuse.
#![allow(dead_code, reason = "the fields are read by `Debug` alone")]

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::LazyLock;
use std::time::Duration;

use configcheck::{AppConfig, ByteSize, ConfigValue, Environment, Secret};
use regex::Regex;
use url::Url;

// Types.

#[derive(AppConfig)]
pub(crate) struct Token {
    token: Secret<String>,
}

#[derive(AppConfig)]
pub(crate) struct Optional {
    token: Option<Secret<u32>>,
}

#[derive(AppConfig)]
pub(crate) struct Number {
    token: Secret<u32>,
}

#[derive(AppConfig)]
pub(crate) struct Wide {
    token: Secret<i128>,
}

#[derive(AppConfig)]
pub(crate) struct Bool {
    token: Secret<bool>,
}

#[derive(AppConfig)]
pub(crate) struct Float {
    token: Secret<f64>,
}

#[derive(AppConfig)]
pub(crate) struct Letter {
    token: Secret<char>,
}

#[derive(AppConfig)]
pub(crate) struct Address {
    token: Secret<Url>,
}

#[derive(AppConfig)]
pub(crate) struct Ip {
    token: Secret<IpAddr>,
}

#[derive(AppConfig)]
pub(crate) struct Socket {
    token: Secret<SocketAddr>,
}

#[derive(AppConfig)]
pub(crate) struct Span {
    token: Secret<Duration>,
}

#[derive(AppConfig)]
pub(crate) struct Size {
    token: Secret<ByteSize>,
}

#[derive(AppConfig)]
pub(crate) struct Path {
    token: Secret<PathBuf>,
}

#[derive(AppConfig)]
pub(crate) struct Bytes {
    token: Secret<Vec<u8>>,
}

#[derive(AppConfig)]
pub(crate) struct List {
    token: Secret<Vec<u32>>,
}

#[derive(AppConfig)]
pub(crate) struct ListOfSecrets {
    token: Vec<Secret<u32>>,
}

#[derive(AppConfig)]
pub(crate) struct Texts {
    token: Secret<Vec<String>>,
}

#[derive(AppConfig)]
pub(crate) struct Map {
    token: Secret<BTreeMap<u32, u32>>,
}

#[derive(AppConfig)]
pub(crate) struct MapOfSecrets {
    token: BTreeMap<String, Secret<u32>>,
}

#[derive(AppConfig)]
pub(crate) struct Marked {
    #[config(secret)]
    token: Quoting,
}

#[derive(AppConfig)]
pub(crate) struct MarkedNumber {
    #[config(secret)]
    token: u32,
}

#[derive(AppConfig)]
pub(crate) struct MarkedText {
    #[config(secret)]
    token: String,
}

/// A type of a service's own, whose error quotes the whole value.
#[derive(Debug)]
pub(crate) struct Quoting;

impl FromStr for Quoting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Err(format!("cannot read {text} ({text:?}, {} bytes)", text.len()))
    }
}

impl Display for Quoting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("quoting")
    }
}

#[derive(AppConfig)]
pub(crate) struct Own {
    token: Secret<Quoting>,
}

fn quoting(text: &str) -> Result<u32, String> {
    Err(format!("cannot read {text} ({text:?}, {} bytes)", text.len()))
}

#[derive(AppConfig)]
pub(crate) struct With {
    #[config(with = quoting)]
    token: Secret<u32>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Choice {
    First,
    Second { number: u32 },
}

#[derive(AppConfig)]
pub(crate) struct Serde {
    token: Secret<Choice>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct SerdeNumber {
    number: u16,
}

#[derive(AppConfig)]
pub(crate) struct SerdeTransparent {
    token: Secret<SerdeNumber>,
}

#[derive(ConfigValue, Debug)]
#[config(rename_all = "kebab-case")]
pub(crate) enum Level {
    Info,
    Hunter,
    Walrus,
}

#[derive(AppConfig)]
pub(crate) struct Enumeration {
    token: Secret<Level>,
}

// Constraints.

static NEVER: LazyLock<Regex> = LazyLock::new(|| Regex::new("^never-[0-9]$").unwrap());

fn refuses_plainly(text: &String) -> Result<(), String> {
    Err(format!("{text} is refused"))
}

fn refuses(text: &String) -> Result<(), String> {
    Err(format!("{text} is refused ({text:?}, {} bytes)", text.len()))
}

fn refuses_as_validator(text: &String) -> Result<(), validator::ValidationError> {
    let mut error = validator::ValidationError::new("refused").with_message(format!("{text} is refused").into());
    error.add_param("value".into(), text);
    Err(error)
}

macro_rules! constrained {
    ($($name:ident: $check:meta;)*) => {$(
        #[derive(AppConfig)]
        pub(crate) struct $name {
            #[$check]
            token: Secret<String>,
        }
    )*};
}

constrained! {
    Long: validate(length(min = 9000));
    Short: validate(length(max = 0));
    Exact: validate(length(equal = 9001));
    Email: validate(email);
    Web: validate(url);
    Matching: validate(regex(path = *NEVER));
    Containing: validate(contains(pattern = "never in it"));
    NotContaining: validate(does_not_contain(pattern = ""));
    NoControl: validate(non_control_character);
    Custom: validate(custom(function = refuses));
    CustomOfValidator: validate(custom(function = refuses_as_validator));
    CustomWithMessage: validate(custom(function = refuses, message = "is not accepted", code = "no"));
}

#[derive(AppConfig)]
pub(crate) struct Ranged {
    #[validate(range(min = 1, max = 10))]
    token: Secret<u64>,
}

#[derive(AppConfig)]
pub(crate) struct LongList {
    #[validate(length(min = 900))]
    token: Secret<Vec<String>>,
}

#[derive(AppConfig)]
pub(crate) struct LongBytes {
    #[validate(length(min = 9000))]
    token: Secret<Vec<u8>>,
}

#[derive(AppConfig)]
pub(crate) struct Twice {
    #[validate(must_match(other = again))]
    token: Secret<String>,
    again: Secret<String>,
}

#[derive(Debug, validator::Validate)]
pub(crate) struct Nested {
    #[validate(length(min = 9000))]
    text: String,
}

impl FromStr for Nested {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self { text: text.to_owned() })
    }
}

#[derive(AppConfig)]
pub(crate) struct Validated {
    #[validate(nested)]
    token: Secret<Nested>,
}

fn quotes_everything(settings: &Whole) -> Result<(), String> {
    use configcheck::ExposeSecret as _;
    Err(format!("{} and {} do not go together", settings.token.expose_secret(), settings.size))
}

#[derive(AppConfig)]
#[validate(schema(function = quotes_everything))]
pub(crate) struct Whole {
    token: Secret<String>,
    size: u32,
}

fn quotes_a_nested_secret(settings: &Outer) -> Result<(), String> {
    use configcheck::ExposeSecret as _;
    Err(format!("{} and {} do not go together", settings.inner.token.expose_secret(), settings.size))
}

/// The secret is in a struct of the struct whose check quotes it.
#[derive(AppConfig)]
#[validate(schema(function = quotes_a_nested_secret))]
pub(crate) struct Outer {
    size: u32,
    #[config(nested)]
    inner: Token,
}

// Relations and places.

#[derive(AppConfig)]
pub(crate) struct Deployed {
    app_env: Environment,
    token: Secret<String>,
}

#[derive(AppConfig)]
pub(crate) struct DeployedUrl {
    app_env: Environment,
    token: Secret<Url>,
    #[config(public)]
    database_url: Option<Url>,
}

#[derive(AppConfig)]
pub(crate) struct WithDefault {
    app_env: Environment,
    token: Secret<String>,
    #[config(default = 5, forbid_default_in(production))]
    size: u32,
}

#[derive(AppConfig)]
pub(crate) struct Renamed {
    #[config(alias = "OLD_TOKEN")]
    token: Secret<String>,
}

#[derive(AppConfig)]
pub(crate) struct Old {
    #[config(deprecated(since = "1.2", note = "use another"))]
    token: Option<Secret<String>>,
}

#[derive(AppConfig)]
pub(crate) struct Related {
    #[config(requires = "partner")]
    token: Option<Secret<String>>,
    partner: Option<String>,
    #[config(conflicts = "token")]
    rival: Option<Secret<String>>,
}

#[derive(AppConfig)]
pub(crate) struct OneOf {
    #[config(one_of = "login")]
    token: Option<Secret<String>>,
    #[config(one_of = "login")]
    other: Option<Secret<String>>,
}

#[derive(AppConfig)]
pub(crate) struct Two {
    token: Option<Secret<String>>,
    size: u32,
}

#[derive(AppConfig)]
pub(crate) struct Group {
    #[config(nested)]
    token: Token,
}

#[derive(AppConfig)]
#[config(name = "shop")]
pub(crate) struct Fetched {
    token: Secret<String>,
    #[config(from = "vault:secret/data/{name}#salt")]
    salt: Option<Secret<u32>>,
}

// Fields that are no secret, for URLs with passwords.

#[derive(AppConfig)]
pub(crate) struct PlainText {
    #[config(public)]
    database_url: String,
    size: u32,
}

#[derive(AppConfig)]
pub(crate) struct PlainTyped {
    size: u16,
    address: Option<IpAddr>,
    level: Option<Level>,
    sizes: Option<Vec<u16>>,
    #[config(env = "MAP_OF_SIZES")]
    sizes_by_name: Option<BTreeMap<String, u16>>,
}

#[derive(AppConfig)]
pub(crate) struct PlainUrl {
    database_url: Url,
    replicas: Vec<Url>,
    hosts: Vec<String>,
}

#[derive(AppConfig)]
pub(crate) struct PlainQuoting {
    size: PlainlyQuoting,
    #[config(with = plainly_quoting)]
    other: u32,
    choice: Option<Choice>,
}

/// The same for fields that are no secret: what such a parser says is shown, so that a length in it would be its own doing.
#[derive(Debug)]
pub(crate) struct PlainlyQuoting;

impl FromStr for PlainlyQuoting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        plainly_quoting(text).map(|_| Self)
    }
}

fn plainly_quoting(text: &str) -> Result<u32, String> {
    Err(format!("cannot read {text} ({text:?})"))
}

fn quotes_the_url(settings: &PlainWhole) -> Result<(), String> {
    Err(format!("{} does not go with {}", settings.database_url, settings.size))
}

#[derive(AppConfig)]
#[validate(schema(function = quotes_the_url))]
pub(crate) struct PlainWhole {
    #[config(public)]
    database_url: String,
    size: u32,
}

#[derive(AppConfig)]
pub(crate) struct PlainChecked {
    #[config(public)]
    #[validate(length(max = 3), email, custom(function = refuses_plainly), regex(path = *NEVER))]
    database_url: String,
}

#[derive(AppConfig)]
pub(crate) struct PlainDeployed {
    app_env: Environment,
    #[config(public)]
    database_url: Url,
    #[config(default = "http://localhost")]
    origin: String,
}
