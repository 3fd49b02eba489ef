//! The field of type `Environment`, `environments`, `required_in`.

use configcheck::{AppConfig, Environment, EnvironmentKind};

use crate::{findings, load, spec, variables};

#[derive(AppConfig)]
#[config(prefix = "SHOP_", environments(qa = staging, prod_eu = production))]
struct Settings {
    app_env: Environment,
    #[config(required_in(staging, production))]
    dsn_host: Option<String>,
    #[config(required_in(prod_eu))]
    region: Option<String>,
}

#[test]
fn the_environment_is_read_from_app_env() {
    assert_eq!(variables::<Settings>()[0], "APP_ENV");
    assert_eq!(load::<Settings>(&[("APP_ENV", "dev")]).app_env, Environment::Development);
    let own = load::<Settings>(&[("APP_ENV", "qa"), ("SHOP_DSN_HOST", "h")]).app_env;
    assert_eq!((own.name(), own.kind()), ("qa", EnvironmentKind::Staging));
}

#[test]
fn required_in_names_environments_or_their_kinds() {
    assert!(spec::<Settings>("SHOP_DSN_HOST").optional);
    assert_eq!(findings::<Settings>(&[("APP_ENV", "test")]), [""; 0]);
    assert_eq!(findings::<Settings>(&[("APP_ENV", "production")]), ["missing-required SHOP_DSN_HOST"]);
    let expected = ["missing-required SHOP_DSN_HOST", "missing-required SHOP_REGION"];
    assert_eq!(findings::<Settings>(&[("APP_ENV", "prod_eu")]), expected);
}

#[derive(AppConfig)]
struct Own {
    #[config(env = "DEPLOY_ENV")]
    stage: Option<Environment>,
    port: Option<u16>,
}

#[test]
fn another_variable_can_name_the_environment() {
    assert_eq!(load::<Own>(&[("DEPLOY_ENV", "prod")]).stage, Some(Environment::Production));
}
