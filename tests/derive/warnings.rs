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

mod many {
    //! A struct of sixty fields: its members are no array on the stack.

    use configcheck::AppConfig;

    /// Sixty numbers.
    #[derive(AppConfig)]
    pub(super) struct Settings {
        /// A number.
        pub f00: Option<u8>,
        /// A number.
        pub f01: Option<u8>,
        /// A number.
        pub f02: Option<u8>,
        /// A number.
        pub f03: Option<u8>,
        /// A number.
        pub f04: Option<u8>,
        /// A number.
        pub f05: Option<u8>,
        /// A number.
        pub f06: Option<u8>,
        /// A number.
        pub f07: Option<u8>,
        /// A number.
        pub f08: Option<u8>,
        /// A number.
        pub f09: Option<u8>,
        /// A number.
        pub f10: Option<u8>,
        /// A number.
        pub f11: Option<u8>,
        /// A number.
        pub f12: Option<u8>,
        /// A number.
        pub f13: Option<u8>,
        /// A number.
        pub f14: Option<u8>,
        /// A number.
        pub f15: Option<u8>,
        /// A number.
        pub f16: Option<u8>,
        /// A number.
        pub f17: Option<u8>,
        /// A number.
        pub f18: Option<u8>,
        /// A number.
        pub f19: Option<u8>,
        /// A number.
        pub f20: Option<u8>,
        /// A number.
        pub f21: Option<u8>,
        /// A number.
        pub f22: Option<u8>,
        /// A number.
        pub f23: Option<u8>,
        /// A number.
        pub f24: Option<u8>,
        /// A number.
        pub f25: Option<u8>,
        /// A number.
        pub f26: Option<u8>,
        /// A number.
        pub f27: Option<u8>,
        /// A number.
        pub f28: Option<u8>,
        /// A number.
        pub f29: Option<u8>,
        /// A number.
        pub f30: Option<u8>,
        /// A number.
        pub f31: Option<u8>,
        /// A number.
        pub f32: Option<u8>,
        /// A number.
        pub f33: Option<u8>,
        /// A number.
        pub f34: Option<u8>,
        /// A number.
        pub f35: Option<u8>,
        /// A number.
        pub f36: Option<u8>,
        /// A number.
        pub f37: Option<u8>,
        /// A number.
        pub f38: Option<u8>,
        /// A number.
        pub f39: Option<u8>,
        /// A number.
        pub f40: Option<u8>,
        /// A number.
        pub f41: Option<u8>,
        /// A number.
        pub f42: Option<u8>,
        /// A number.
        pub f43: Option<u8>,
        /// A number.
        pub f44: Option<u8>,
        /// A number.
        pub f45: Option<u8>,
        /// A number.
        pub f46: Option<u8>,
        /// A number.
        pub f47: Option<u8>,
        /// A number.
        pub f48: Option<u8>,
        /// A number.
        pub f49: Option<u8>,
        /// A number.
        pub f50: Option<u8>,
        /// A number.
        pub f51: Option<u8>,
        /// A number.
        pub f52: Option<u8>,
        /// A number.
        pub f53: Option<u8>,
        /// A number.
        pub f54: Option<u8>,
        /// A number.
        pub f55: Option<u8>,
        /// A number.
        pub f56: Option<u8>,
        /// A number.
        pub f57: Option<u8>,
        /// A number.
        pub f58: Option<u8>,
        /// A number.
        pub f59: Option<u8>,
    }
}

#[test]
fn a_struct_of_many_fields_loads() {
    let loaded: many::Settings = crate::load(&[("F59", "7")]);
    assert_eq!((loaded.f00, loaded.f59), (None, Some(7)));
}
