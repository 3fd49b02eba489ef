//! Generated code makes no warning under the strictest lints: this module turns all of them into errors.

#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub, missing_debug_implementations, single_use_lifetimes)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::unwrap_used, clippy::absolute_paths, clippy::shadow_unrelated)]
#![allow(clippy::redundant_pub_crate, reason = "`unreachable_pub` asks for the opposite")]

use std::collections::HashMap;
use std::num::ParseIntError;

use configcheck::{AppConfig, ConfigValue, Environment, Secret};
use url::Url;

/// Words.
#[derive(ConfigValue, Debug, Clone, Copy)]
pub(crate) enum Level {
    /// Low.
    Low,
    /// High.
    High,
}

/// Everything at once.
#[derive(AppConfig)]
#[config(prefix = "W_", environments(qa = staging))]
#[validate(schema(function = whole))]
pub(crate) struct Settings {
    /// The environment.
    pub app_env: Environment,
    /// A number.
    #[config(default = 8080, deprecated(note = "none"))]
    #[validate(range(min = SMALLEST, max = 9_000), custom(function = even))]
    pub port: u16,
    /// A word.
    #[config(default = "low")]
    pub level: Level,
    /// A secret.
    #[validate(length(min = 3), custom(function = any))]
    pub key: Secret<String>,
    /// A secret URL.
    pub link: Option<Secret<Url>>,
    /// A list.
    #[config(separator = ";", requires = "map")]
    pub list: Option<Vec<String>>,
    /// A map.
    #[validate(contains(pattern = "a"))]
    pub map: Option<HashMap<String, u8>>,
    /// Text.
    #[validate(email, must_match(other = again))]
    pub text: Option<String>,
    /// The same.
    pub again: Option<String>,
    /// By hand.
    #[config(with = read, secret)]
    pub own: Option<u8>,
    /// A struct.
    #[config(nested)]
    pub inner: Inner,
}

/// A struct inside.
#[derive(AppConfig)]
pub(crate) struct Inner {
    /// A number.
    #[config(default = 1)]
    pub depth: u8,
}

/// A struct without fields.
#[derive(AppConfig)]
pub(crate) struct Nothing {}

const SMALLEST: u16 = 80;

const fn even(port: u16) -> Result<(), &'static str> {
    if port.is_multiple_of(2) { Ok(()) } else { Err("odd") }
}

const fn any(text: &str) -> Result<(), &'static str> {
    if text.is_empty() { Err("empty") } else { Ok(()) }
}

fn read(text: &str) -> Result<u8, ParseIntError> {
    text.parse()
}

const fn whole(settings: &Settings) -> Result<(), &'static str> {
    if settings.port == 82 { Err("taken") } else { Ok(()) }
}

#[test]
fn it_works_too() {
    let loaded: Settings = crate::load(&[("APP_ENV", "test"), ("W_KEY", "not-a-real-key")]);
    assert_eq!((loaded.port, loaded.inner.depth), (8080, 1));
    let Nothing {} = crate::load(&[]);
}
