//! Failures of the real clients: a server that repeats the secret where it has no business, in the forms of Vault and of AWS.

use configcheck_testkit::failure_lab::{FailureLab, Fault};

use configcheck_etcd::EtcdProvider;

use super::*;
use crate::planted::base64;

/// Answers that are not tried again, so that a cell takes no longer than others: who asks to be asked later is asked later than any start.
fn answer(status: u16, body: Vec<u8>, secret: &[u8]) -> Fault {
    // What no header can carry is not in one.
    let text: String = lossy(secret).chars().map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect();
    let names = ["x-vault-token", "www-authenticate", "x-amzn-errortype", "server"];
    let mut headers: Vec<(String, String)> = names.iter().map(|name| ((*name).to_owned(), text.clone())).collect();
    headers.push(("retry-after".to_owned(), "86400".to_owned()));
    Fault::StatusWith { status, headers, body }
}

fn vault(lab: &FailureLab) -> Loader {
    base().vars([("VAULT_ADDR", lab.url()), ("VAULT_TOKEN", "not-a-real-token".to_owned()), ("TOKEN", "vault:kv/app#k".to_owned())])
}

fn aws(lab: &FailureLab, reference: &str) -> Loader {
    base().vars([
        ("AWS_ENDPOINT_URL", lab.url()),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIANOTAREALKEY00000".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "not-a-real-key".to_owned()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ("TOKEN", reference.to_owned()),
    ])
}

fn etcd(lab: &FailureLab) -> Loader {
    base().vars([("ETCDCTL_ENDPOINTS", lab.url()), ("TOKEN", "etcd:/app/one".to_owned())]).provider(EtcdProvider::new())
}

/// What etcd answers of one key, whose letters are in base64.
fn row(key: &str, value: &[u8]) -> Vec<u8> {
    let row = serde_json::json!({ "key": key, "value": base64(value), "mod_revision": "5" });
    serde_json::json!({ "header": { "revision": "7" }, "kvs": [row], "count": "1" }).to_string().into_bytes()
}

/// The key of the reference, as the server writes it.
const KEY: &str = "L2FwcC9vbmU=";

/// A server that answers with this, and the loader that asks it. It stays at its port for all runs, so that its address tells none apart.
fn served<T: AppConfig + Debug>(
    name: &'static str,
    loader: impl Fn(&FailureLab) -> Loader + 'static,
    status: u16,
    body: impl Fn(&[u8]) -> Vec<u8> + 'static,
) -> Failure {
    let lab = FailureLab::start(Fault::Status(418));
    failure::<T>(name, move |_, secret| {
        lab.switch_to(answer(status, body(secret), secret));
        loader(&lab)
    })
}

/// Where the errors of Vault stand, and those of AWS.
fn refusal(secret: &[u8]) -> Vec<u8> {
    let text = quoted(secret);
    joined(&[b"{\"errors\":[", &text, b"],\"message\":", &text, b",\"__type\":", &text, b"}"])
}

pub(super) fn servers() -> Vec<Failure> {
    let secrets_manager = |lab: &FailureLab| aws(lab, "aws-sm:one");
    let parameter_store = |lab: &FailureLab| aws(lab, "aws-ssm:/one");
    let token = FailureLab::start(Fault::by(|request| Fault::json(403, request.bytes.clone())));
    vec![
        served::<settings::Token>("vault: refusal (400)", vault, 400, refusal),
        served::<settings::Token>("vault: refusal (403)", vault, 403, refusal),
        served::<settings::Token>("vault: refusal (404)", vault, 404, refusal),
        served::<settings::Token>("vault: refusal (429)", vault, 429, refusal),
        served::<settings::Token>("vault: JSON that is cut off", vault, 200, |secret| around("{\"data\":{\"k\":", &quoted(secret), "")),
        served::<settings::Token>("vault: data that is no object", vault, 200, |secret| around("{\"data\":", &quoted(secret), "}")),
        served::<settings::Token>("vault: another key", vault, 200, |secret| around("{\"data\":{", &quoted(secret), ":1}}")),
        served::<settings::Number>("vault: value of the wrong type", vault, 200, |secret| {
            around("{\"data\":{\"k\":", &quoted(secret), "}}")
        }),
        failure::<settings::Token>("vault: token that is sent back", move |_, secret| {
            vault(&token).vars([("VAULT_ADDR", token.url().into()), ("TOKEN", "vault:kv/app#k".into()), ("VAULT_TOKEN", os(secret))])
        }),
        served::<settings::Token>("Secrets Manager: refusal", secrets_manager, 400, refusal),
        served::<settings::Token>("Secrets Manager: denied", secrets_manager, 400, |secret| {
            around("{\"__type\":\"AccessDeniedException\",\"message\":", &quoted(secret), "}")
        }),
        served::<settings::Number>("Secrets Manager: value of the wrong type", secrets_manager, 200, |secret| {
            around("{\"Name\":\"one\",\"SecretString\":", &quoted(secret), "}")
        }),
        served::<settings::Token>("Secrets Manager: JSON that is cut off", secrets_manager, 200, |secret| {
            around("{\"Name\":\"one\",\"SecretString\":", &quoted(secret), "")
        }),
        served::<settings::Token>("Parameter Store: denied", parameter_store, 400, |secret| {
            around("{\"__type\":\"AccessDeniedException\",\"message\":", &quoted(secret), "}")
        }),
        served::<settings::Token>("etcd: refusal (400)", etcd, 400, refusal),
        served::<settings::Token>("etcd: refusal (401)", etcd, 401, |secret| around("{\"code\":16,\"message\":", &quoted(secret), "}")),
        served::<settings::Token>("etcd: refusal (403)", etcd, 403, |secret| around("{\"code\":7,\"error\":", &quoted(secret), "}")),
        served::<settings::Number>("etcd: value of the wrong type", etcd, 200, |secret| row(KEY, secret)),
        served::<settings::Token>("etcd: value that is not UTF-8", etcd, 200, |secret| row(KEY, &joined(&[secret, b"\xff"]))),
        served::<settings::Token>("etcd: key that was not asked for", etcd, 200, |secret| row(&base64(secret), b"x")),
        served::<settings::Token>("etcd: value that is no base64", etcd, 200, |secret| {
            around("{\"kvs\":[{\"key\":\"L2FwcC9vbmU=\",\"value\":", &quoted(&joined(&[b"=", secret])), "}],\"count\":\"1\"}")
        }),
        served::<settings::Token>("etcd: JSON that is cut off", etcd, 200, |secret| {
            around("{\"kvs\":[{\"key\":\"L2FwcC9vbmU=\",\"value\":", &quoted(secret), "")
        }),
        served::<settings::Token>("Parameter Store: name that was not asked for", parameter_store, 200, |secret| {
            around("{\"Parameters\":[{\"Name\":", &quoted(secret), ",\"Value\":\"x\"}],\"InvalidParameters\":[]}")
        }),
    ]
}
