//! `nested`, `flatten`, and `prefix` on a nested field.

use configcheck::AppConfig;

use crate::{file_paths, findings, load, load_toml, variables};

#[derive(AppConfig, PartialEq)]
struct Redis {
    url: String,
    #[config(default = 10)]
    pool_size: u32,
}

#[derive(AppConfig)]
struct Http {
    port: u16,
}

#[derive(AppConfig)]
#[config(prefix = "APP_")]
struct Settings {
    #[config(nested)]
    redis: Redis,
    #[config(nested, prefix = "CACHE", rename = "fast-store")]
    cache: Option<Redis>,
    #[config(nested, prefix = "")]
    bare: Http,
    #[config(flatten)]
    outer: Outer,
}

#[derive(AppConfig)]
struct Outer {
    host: String,
    #[config(nested)]
    inner: Inner,
}

#[derive(AppConfig)]
#[config(prefix = "X_")]
struct Inner {
    depth: u8,
}

#[test]
fn names_are_made_of_the_path() {
    let expected =
        ["APP_REDIS_URL", "APP_REDIS_POOL_SIZE", "APP_CACHE_URL", "APP_CACHE_POOL_SIZE", "APP_PORT", "APP_HOST", "APP_INNER_X_DEPTH"];
    assert_eq!(variables::<Settings>(), expected);
    let expected = ["redis.url", "redis.pool_size", "fast-store.url", "fast-store.pool_size", "bare.port", "host", "inner.depth"];
    assert_eq!(file_paths::<Settings>(), expected);
}

const REST: [(&str, &str); 4] = [("APP_REDIS_URL", "r"), ("APP_PORT", "1"), ("APP_HOST", "h"), ("APP_INNER_X_DEPTH", "3")];

#[test]
fn an_optional_struct_is_absent_until_one_of_its_keys_is_set() {
    let loaded: Settings = load(&REST);
    assert!(loaded.cache.is_none());
    assert_eq!((loaded.redis.pool_size, loaded.bare.port, loaded.outer.inner.depth), (10, 1, 3));
    let with_cache: Vec<_> = REST.iter().copied().chain([("APP_CACHE_URL", "c")]).collect();
    let expected = Some(Redis { url: "c".to_owned(), pool_size: 10 });
    assert!(load::<Settings>(&with_cache).cache == expected);
    let half: Vec<_> = REST.iter().copied().chain([("APP_CACHE_POOL_SIZE", "4")]).collect();
    assert_eq!(findings::<Settings>(&half), ["missing-required APP_CACHE_URL"]);
}

#[test]
fn tables_of_a_file_are_structs() {
    let text = "host = \"h\"\n[redis]\nurl = \"r\"\n[fast-store]\nurl = \"c\"\n[bare]\nport = 1\n[inner]\ndepth = 4\n";
    let loaded: Settings = load_toml(text);
    assert_eq!((loaded.redis.url.as_str(), loaded.outer.host.as_str(), loaded.outer.inner.depth), ("r", "h", 4));
    assert!(loaded.cache.is_some());
}

#[test]
fn every_field_is_visited_whatever_came_before() {
    let bad = [("APP_REDIS_URL", "r"), ("APP_REDIS_POOL_SIZE", "many"), ("APP_PORT", "80a80"), ("APP_INNER_X_DEPTH", "-1")];
    let expected =
        ["invalid-value APP_REDIS_POOL_SIZE", "invalid-value APP_PORT", "missing-required APP_HOST", "invalid-value APP_INNER_X_DEPTH"];
    assert_eq!(findings::<Settings>(&bad), expected);
}

#[derive(AppConfig)]
#[config(rename_all = "snake_case")]
struct Lower {
    #[config(nested)]
    redis: Inner,
}

#[test]
fn a_rule_of_the_struct_changes_the_prefix_too() {
    assert_eq!(variables::<Lower>(), ["redis_X_DEPTH"]);
}
