//! F3, F4, F8, F9, F12, F13, F15: answers that are refusals, and answers that are none.

use configcheck::Loader;
use configcheck_testkit::failure_lab::{FailureLab, Fault};
use serde_json::json;

use super::table::{Line, all, hold};
use crate::managers::{Manager, One, TOKEN, VALUE};
use crate::oracle::told;

/// A body that quotes the secret, with this status.
fn quoting(status: u16) -> Fault {
    Fault::json(status, json!({ "message": VALUE, "errors": [VALUE], "error": VALUE, "__type": VALUE }).to_string())
}

#[test]
fn f3_who_may_not_is_asked_once() {
    let refused = |manager: Manager| {
        manager.behind_login(manager.pick(
            Fault::json(403, r#"{"errors":["1 error occurred:\n\t* permission denied\n\n"]}"#),
            Fault::json(400, r#"{"__type":"AccessDeniedException","message":"no"}"#),
            Fault::json(403, r#"{"code":7,"message":"etcdserver: permission denied"}"#),
        ))
    };
    let bare = |status| move |manager: Manager| manager.behind_login(Fault::Status(status));
    hold(
        &[
            Line::wrong("F3 denied", refused, ["", "AWS does not let", "etcd does not let"]).requests(1..=2),
            Line::wrong("F3 403", bare(403), ["", "status 403 and not as AWS does", "the status is 403"]).requests(1..=2),
            Line::wrong("F3 401", bare(401), ["", "status 401 and not as AWS does", "the status is 401"]).requests(1..=2),
        ],
        &Manager::ALL,
    );
}

#[test]
fn f4_what_is_not_there_is_asked_for_once() {
    let absent = |manager: Manager| {
        manager.behind_login(match manager {
            Manager::Vault | Manager::VaultLogin => Fault::json(404, r#"{"errors":[]}"#),
            Manager::SecretStore => Fault::json(400, r#"{"__type":"ResourceNotFoundException","message":"no"}"#),
            Manager::ParameterStore => Fault::ok(r#"{"Parameters":[],"InvalidParameters":["/one"]}"#),
            Manager::Etcd | Manager::EtcdLogin => Fault::ok(r#"{"header":{"revision":"7"}}"#),
        })
    };
    let elsewhere = |manager: Manager| manager.behind_login(quoting(404));
    hold(
        &[
            Line::wrong("F4 absent", absent, all("API_KEY")).requests(1..=2),
            Line::wrong("F4 another server", elsewhere, ["", "status 404 and not as AWS does", ""]).requests(1..=2),
        ],
        &Manager::ALL,
    );
}

#[test]
fn f8_a_login_that_has_ended_is_repeated_once() {
    let ended = |manager: Manager| {
        manager.behind_login(manager.pick(
            Fault::json(403, r#"{"errors":["permission denied"]}"#),
            Fault::json(400, r#"{"__type":"ExpiredTokenException","message":"no"}"#),
            Fault::json(401, r#"{"code":16,"message":"etcdserver: invalid auth token"}"#),
        ))
    };
    hold(
        &[Line::wrong(
            "F8",
            ended,
            ["it has expired, was revoked or is used up", "have expired", "no longer knows the login of the user joe"],
        )
        .requests(4..=4)],
        &[Manager::VaultLogin, Manager::EtcdLogin],
    );
    // A token that was handed over stays what it is, so that Vault is asked once.
    hold(
        &[Line::wrong("F8", ended, ["it has expired, was revoked or is used up", "have expired", "no longer knows"]).requests(1..=2)],
        &Manager::SERVICES,
    );
}

#[test]
fn f9_what_is_no_answer_is_refused() {
    let body = |body: &'static str| move |manager: Manager| manager.behind_login(Fault::ok(body));
    let value = |value: serde_json::Value| move |manager: Manager| manager.behind_login(manager.value(&value));
    let twice = |manager: Manager| {
        manager.behind_login(Fault::ok(match manager {
            Manager::Vault | Manager::VaultLogin => format!(r#"{{"data":{{"k":"{VALUE}","k":"other"}}}}"#),
            Manager::SecretStore => format!(r#"{{"Name":"one","SecretString":"{VALUE}"}}{{"Name":"one","SecretString":"{VALUE}"}}"#),
            Manager::ParameterStore => {
                format!(r#"{{"Parameters":[{{"Name":"/one","Value":"{VALUE}"}},{{"Name":"/one","Value":"other"}}]}}"#)
            }
            Manager::Etcd | Manager::EtcdLogin => {
                r#"{"header":{"revision":"7"},"kvs":[{"key":"L2FwcC9vbmU=","value":"YQ=="}],"kvs":[{"key":"L2FwcC9vbmU=","value":"Yg=="}]}"#
                    .to_owned()
            }
        }))
    };
    let any = all("API_KEY");
    hold(
        &[
            Line::wrong("F9 nothing", body(""), any),
            Line::wrong("F9 no JSON", body(VALUE), any),
            Line::wrong("F9 null", body("null"), any),
            Line::wrong("F9 list", body("[]"), any),
            Line::wrong("F9 empty object", body("{}"), any),
            Line::wrong("F9 cut off", body("{\"data\":{\"k\":\"walrus7-OKAPI-4z1k-fa"), any),
            Line::wrong("F9 page", body("<html>walrus7-OKAPI-4z1k-fake</html>"), any),
            Line::wrong("F9 value that is null", value(json!(null)), any),
            Line::wrong("F9 value twice", twice, any),
        ],
        &Manager::SERVICES,
    );
    // Vault's values may be any JSON, of which a list is the text; nobody else's may.
    let list = Line::wrong("F9 value that is a list", value(json!([[VALUE]])), any);
    hold(&[list], &[Manager::SecretStore, Manager::ParameterStore, Manager::Etcd]);
}

#[test]
fn f9_a_login_that_gives_no_token_is_refused() {
    let body = |body: &'static str| move |_: Manager| Fault::ok(body);
    hold(
        &[
            Line::wrong("F9 login: empty", body("{}"), all("API_KEY")),
            Line::wrong("F9 login: no JSON", body(VALUE), all("API_KEY")),
            Line::wrong("F9 login: null", body(r#"{"auth":{"client_token":null},"token":null}"#), all("API_KEY")),
            Line::wrong("F9 login: list", body(r#"{"auth":{"client_token":["walrus7-OKAPI-4z1k-fake"]},"token":["x"]}"#), all("API_KEY")),
            Line::wrong("F9 login: no header", body(r#"{"auth":{"client_token":"x\ny"},"token":"x\ny"}"#), all("API_KEY")),
        ],
        &[Manager::VaultLogin, Manager::EtcdLogin],
    );
}

#[test]
fn f12_to_f15_answers_without_measure_are_refused() {
    let cannot = all("cannot be used");
    // A busy machine may take longer than an attempt to read up to the limit; then there is another.
    hold(
        &[
            Line::wrong("F12 declared", |_| Fault::HugeBody { declared: true, bytes: 1 << 30 }, cannot).requests(1..=4),
            Line::wrong("F12 chunked", |_| Fault::HugeBody { declared: false, bytes: 1 << 30 }, cannot).requests(1..=4),
            Line::wrong("F13", |_| Fault::GzipBomb, cannot),
            Line::wrong("F15 many", |_| Fault::ManyHeaders(100_000), cannot),
            Line::wrong("F15 long", |_| Fault::LongHeader(1 << 20), cannot),
            Line::wrong("no HTTP", |_| Fault::NotHttp, cannot),
        ],
        &Manager::ALL,
    );
}

#[test]
fn f3_a_token_that_was_handed_over_is_not_asked_with_twice() {
    let lab = FailureLab::start(Fault::json(403, r#"{"errors":["permission denied"]}"#));
    let variables = [("VAULT_ADDR", lab.url()), ("VAULT_TOKEN", TOKEN.to_owned()), ("API_KEY", "vault:secret/data/shop#key".to_owned())];
    let loader = Loader::new().no_dotenv().no_standard_mounts().environment("test").vars(variables);
    let Err(error) = loader.load::<One>() else { unreachable!("a refused token loads nothing") };
    assert!(told(&error).contains("vault does not know the token of VAULT_TOKEN"), "{error}");
    assert_eq!(lab.requests(), 1, "{:?}", lab.requests_log());
}
