//! `name`, `prefix`, `rename_all`, `rename`, `env`, `alias`, `deprecated`.

use configcheck::AppConfig;

use crate::{file_paths, findings, load, load_toml, said, spec, variables};

#[derive(AppConfig)]
struct Plain {
    port: u16,
    pool_size: u16,
    r#type: String,
}

#[test]
fn variables_come_from_fields() {
    assert_eq!(variables::<Plain>(), ["PORT", "POOL_SIZE", "TYPE"]);
    assert_eq!(file_paths::<Plain>(), ["port", "pool_size", "type"]);
    assert_eq!(load::<Plain>(&[("PORT", "1"), ("POOL_SIZE", "2"), ("TYPE", "a")]).r#type, "a");
}

/// What the service is for.
///
/// In two paragraphs.
#[derive(AppConfig)]
#[config(name = "checkout", prefix = "APP")]
struct Named {
    /// The port.
    /// Of HTTP.
    port: u16,
    #[config(env = "FF_NEW")]
    flag: bool,
}

#[test]
fn the_service_is_named_and_its_variables_prefixed() {
    assert_eq!(Named::schema().name(), "checkout");
    assert_eq!(Plain::schema().name(), "plain");
    assert_eq!(Named::schema().doc(), "What the service is for.\n\nIn two paragraphs.");
    assert_eq!(spec::<Named>("APP_PORT").doc, "The port.\nOf HTTP.");
    assert_eq!(variables::<Named>(), ["APP_PORT", "FF_NEW"], "an exact name has no prefix");
    assert_eq!(load::<Named>(&[("APP_PORT", "80"), ("FF_NEW", "1")]).port, 80);
}

macro_rules! renamed {
    ($($name:ident $rule:literal => $variable:literal $key:literal;)*) => {$(
        #[derive(AppConfig)]
        #[config(rename_all = $rule)]
        struct $name {
            pool_size: u16,
        }
    )*

        #[test]
        fn rename_all_changes_keys_and_where_it_can_variables() {
            $(
                assert_eq!((variables::<$name>()[0].as_str(), file_paths::<$name>()[0].as_str()), ($variable, $key), $rule);
            )*
        }
    };
}

renamed! {
    ScreamingSnake "SCREAMING_SNAKE_CASE" => "POOL_SIZE" "POOL_SIZE";
    Snake "snake_case" => "pool_size" "pool_size";
    Upper "UPPERCASE" => "POOL_SIZE" "POOL_SIZE";
    Lower "lowercase" => "pool_size" "pool_size";
    Kebab "kebab-case" => "POOL_SIZE" "pool-size";
    ScreamingKebab "SCREAMING-KEBAB-CASE" => "POOL_SIZE" "POOL-SIZE";
    Camel "camelCase" => "POOL_SIZE" "poolSize";
    Pascal "PascalCase" => "POOL_SIZE" "PoolSize";
}

#[derive(AppConfig)]
struct Renamed {
    #[config(rename = "http-port")]
    port: u16,
}

#[test]
fn rename_changes_the_key_in_config_files_only() {
    assert_eq!(variables::<Renamed>(), ["PORT"]);
    assert_eq!(load_toml::<Renamed>("http-port = 81").port, 81);
}

#[derive(AppConfig)]
struct Aliased {
    #[config(alias = "HTTP_PORT", alias("LISTEN_PORT", "WEB_PORT"))]
    port: u16,
}

#[test]
fn an_alias_is_another_name() {
    for name in ["PORT", "HTTP_PORT", "LISTEN_PORT", "WEB_PORT"] {
        assert_eq!(load::<Aliased>(&[(name, "82")]).port, 82, "{name}");
    }
    assert!(findings::<Aliased>(&[("PORT", "1"), ("WEB_PORT", "2")]).contains(&"conflicting-keys PORT".to_owned()));
}

#[derive(AppConfig)]
struct Old {
    #[config(deprecated)]
    size: Option<u16>,
    #[config(deprecated(since = "1.2", note = "use POOL_SIZE"))]
    pool: Option<u16>,
}

#[test]
fn a_deprecated_key_is_a_finding_when_it_is_set() {
    assert_eq!(findings::<Old>(&[]), [""; 0]);
    assert_eq!(findings::<Old>(&[("SIZE", "1"), ("POOL", "2")]), ["deprecated-key SIZE", "deprecated-key POOL"]);
    let said = said::<Old>(&[("POOL", "2")]);
    assert!(said.contains("1.2") && said.contains("use POOL_SIZE"), "{said}");
}
