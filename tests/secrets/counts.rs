//! N references cost about one round trip: what a load sends, counted between it and the real servers.

use configcheck::{AppConfig, ExposeSecret as _, Secret};
use configcheck_test_servers::{Moto, OpenBao, unique};
use configcheck_testkit::failure_lab::FailureLab;

use super::fifty::{Fifty, assert_all, fifty, value};

fn host(url: &str) -> &str {
    url.split_once("://").unwrap().1
}

/// The settings of a Vault provider that goes through a lab.
fn vault(lab: &FailureLab) -> Vec<(&'static str, String)> {
    vec![("VAULT_ADDR", lab.url()), ("VAULT_TOKEN", OpenBao::shared().root_token().to_owned())]
}

fn json_rows(range: std::ops::Range<usize>) -> String {
    range.map(|number| format!("\"k{number}\":\"{}\"", value(number))).collect::<Vec<_>>().join(",")
}

#[test]
fn fifty_keys_of_one_vault_path_are_one_read() {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    bao.enable(&mount, "kv", r#"{"version":"2"}"#);
    bao.write(&format!("{mount}/data/app"), &format!("{{\"data\":{{{}}}}}", json_rows(0..50)));
    let lab = FailureLab::in_front_of(host(bao.address()));
    let loader = fifty(&vault(&lab), |number| format!("vault:{mount}/data/app#k{number}"));
    assert_all(&loader.load::<Fifty>().unwrap());
    assert_eq!(lab.requests_log(), [format!("GET /v1/{mount}/data/app")]);
    assert_eq!(lab.connections(), 1);
}

#[test]
fn fifty_vault_paths_are_fifty_reads_at_once() {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    bao.enable(&mount, "kv", r#"{"version":"1"}"#);
    for number in 0..50 {
        bao.write(&format!("{mount}/app{number}"), &format!("{{\"k\":\"{}\"}}", value(number)));
    }
    let lab = FailureLab::in_front_of(host(bao.address()));
    let loader = fifty(&vault(&lab), |number| format!("vault:{mount}/app{number}#k"));
    assert_all(&loader.load::<Fifty>().unwrap());
    let mut log = lab.requests_log();
    log.sort();
    log.dedup();
    assert_eq!((lab.requests(), log.len()), (50, 50));
    assert!(lab.connections() <= 50, "{}", lab.connections());
}

#[test]
fn fifty_secrets_of_secrets_manager_are_three_batches_and_no_login() {
    let (moto, prefix) = (Moto::shared(), unique("fifty"));
    for number in 0..50 {
        let body = format!("{{\"Name\":\"{prefix}/{number}\",\"SecretString\":\"{}\"}}", value(number));
        moto.write("secretsmanager.CreateSecret", &body);
    }
    let lab = FailureLab::in_front_of(host(moto.endpoint()));
    let mut environment = moto.environment();
    environment.retain(|(name, _)| !name.starts_with("AWS_ENDPOINT_URL"));
    environment.push(("AWS_ENDPOINT_URL", lab.url()));
    let loader = fifty(&environment, |number| format!("aws-sm:{prefix}/{number}"));
    assert_all(&loader.load::<Fifty>().unwrap());
    let targets: Vec<String> = lab.requests_seen().iter().filter_map(|request| request.header("x-amz-target").map(str::to_owned)).collect();
    assert_eq!(targets, ["secretsmanager.BatchGetSecretValue"; 3]);
    assert_eq!(lab.requests(), 3);
}

#[derive(AppConfig)]
struct Five {
    a: Secret<String>,
    b: Secret<String>,
    c: Secret<String>,
    d: Secret<String>,
    e: Secret<String>,
}

#[test]
fn a_reference_of_five_fields_is_fetched_once() {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    bao.enable(&mount, "kv", r#"{"version":"2"}"#);
    bao.write(&format!("{mount}/data/app"), r#"{"data":{"key":"not-a-real-key"}}"#);
    let lab = FailureLab::in_front_of(host(bao.address()));
    // Spelled in five ways, it still is one secret.
    let spellings = [
        ("A", format!("vault:{mount}/data/app#key")),
        ("B", format!("bao:{mount}/data/app#key")),
        ("C", format!("ref+vault://{mount}/data/app#/key")),
        ("D", format!("vault:{mount}/data/app#/key")),
        ("E", format!("secretref+vault://{mount}/data/app#/key")),
    ];
    let loader = configcheck::Loader::new().no_dotenv().no_standard_mounts().environment("test").vars(vault(&lab)).vars(spellings);
    let settings: Five = loader.load().unwrap();
    for field in [settings.a, settings.b, settings.c, settings.d, settings.e] {
        assert_eq!(field.expose_secret(), "not-a-real-key");
    }
    assert_eq!(lab.requests(), 1, "{:?}", lab.requests_log());
}
