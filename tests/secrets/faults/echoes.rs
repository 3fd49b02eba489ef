//! A server that repeats every secret it can know of, in every part of its answer and with every status: nothing of it is told or traced.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use configcheck::providers::VaultProvider;
use configcheck::{Loader, Provider as _, Secret};
use configcheck_core::provider::ConnectContext;
use configcheck_engine::block_on;
use configcheck_testkit::failure_lab::{FailureLab, Fault};
use serde_json::json;

use crate::managers::{Ended, Manager, One, PASSWORD, SECRETS, SESSION, SIGNING_KEY, TOKEN, VALUE, load};
use crate::oracle;

const STATUSES: [u16; 26] =
    [200, 201, 202, 204, 206, 300, 301, 307, 400, 401, 403, 404, 405, 408, 409, 412, 418, 429, 451, 472, 473, 500, 501, 502, 503, 599];

/// The answer with this status to a request, which is repeated in it.
fn echo(status: u16, request: &[u8]) -> Fault {
    let known = SECRETS.join(" ");
    let headers = ["x-vault-token", "www-authenticate", "x-amzn-errortype", "x-amzn-requestid", "server", "set-cookie", "content-language"];
    let mut headers: Vec<(String, String)> = headers.iter().map(|name| ((*name).to_owned(), known.clone())).collect();
    headers.push(("location".to_owned(), format!("http://{}@127.0.0.1:9/{}?token={}", SECRETS[0], SECRETS[1], SECRETS[2])));
    // Nobody waits for that, so that each load ends at once.
    headers.push(("retry-after".to_owned(), "86400".to_owned()));
    let body = serde_json::json!({
        "errors": [known, String::from_utf8_lossy(request)],
        "warnings": [known],
        "__type": known,
        "message": known,
        "Message": known,
        "error": known,
        "code": 3,
        SECRETS[4]: known,
    });
    Fault::StatusWith { status, headers, body: body.to_string().into_bytes() }
}

#[test]
fn what_a_server_repeats_is_never_told() {
    let cells = Mutex::new(STATUSES.iter().flat_map(|status| Manager::ALL.map(|manager| (*status, manager))));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let Some((status, manager)) = cells.lock().unwrap().next() else { return };
                    for after_login in [false, true] {
                        let repeats = Fault::by(move |request| {
                            if after_login && Manager::is_login(request) { manager.logged_in() } else { echo(status, &request.bytes) }
                        });
                        let lab = FailureLab::start(repeats);
                        let ended = load(&manager.loader(&lab.url(), Duration::from_secs(5)));
                        assert!(matches!(ended, Ended::Refused(..)), "{manager:?} {status}: {ended:?}");
                        assert!(lab.requests() > 0, "{manager:?} {status}");
                    }
                }
            });
        }
    });
    oracle::assert_nothing_was_traced();
}

/// The name of a version is the server's choice, and is traced.
#[test]
fn a_version_that_repeats_a_secret_is_not_told() {
    let (piece, key) = (&VALUE[..12], &SIGNING_KEY[5..15]);
    for version in [VALUE, piece, SIGNING_KEY, key] {
        let answer = json!({ "Name": "one", "SecretString": VALUE, "VersionId": version });
        let lab = FailureLab::start(Fault::ok(answer.to_string()));
        let ended = load(&Manager::SecretStore.loader(&lab.url(), Duration::from_secs(5)));
        assert!(matches!(ended, Ended::Loaded), "{version}: {ended:?}");
    }
    oracle::assert_nothing_was_traced();
}

/// The name of an `AppRole` is the server's choice, and stands in every report of the login.
#[test]
fn a_role_that_repeats_a_credential_is_not_told() {
    for role in [SESSION, PASSWORD, &PASSWORD[4..16]] {
        let login =
            json!({ "auth": { "client_token": SESSION, "lease_duration": 60, "renewable": true, "metadata": { "role_name": role } } });
        let lab = FailureLab::start(Fault::by(move |request| {
            if Manager::is_login(request) { Fault::ok(login.to_string()) } else { Fault::json(403, r#"{"errors":["1 error occurred"]}"#) }
        }));
        let variables = [("VAULT_ROLE_ID", "a-role"), ("VAULT_SECRET_ID", PASSWORD), ("API_KEY", "vault:kv/app#k")];
        let loader = Loader::new().no_dotenv().no_standard_mounts().environment("development").vars(variables);
        let Err(error) = loader.vars([("VAULT_ADDR", lab.url())]).load::<One>() else { unreachable!("it may not read") };
        assert!(oracle::told(&error).contains("AppRole"), "{error}");
    }
    oracle::assert_nothing_was_traced();
}

/// Who a token belongs to is what the server says, and `configcheck doctor` prints it.
#[test]
fn an_identity_that_repeats_the_token_is_not_told() {
    let answer =
        json!({ "data": { "display_name": TOKEN, "policies": [&TOKEN[..8], "default"], "path": TOKEN, "ttl": 60, "renewable": true } });
    let lab = FailureLab::start(Fault::ok(answer.to_string()));
    let provider = VaultProvider::new();
    let setting = |name: &&str| match *name {
        "VAULT_ADDR" => Some(Secret::new(lab.url())),
        "VAULT_TOKEN" => Some(Secret::new(TOKEN.to_owned())),
        _ => None,
    };
    let context = ConnectContext::new(Instant::now() + Duration::from_secs(5), None, provider.settings().iter().map(setting).collect());
    let session = block_on(provider.connect(&context)).unwrap();
    let identity = block_on(session.identity()).unwrap();
    assert!(identity.details.contains(&("policies".to_owned(), "default".to_owned())), "{identity:?}");
    assert!(!oracle::leaks(&format!("{identity:?}")), "{identity:?}");
}
