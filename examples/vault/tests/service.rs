//! The service as its operator meets it: a process, a real server, an exit code, and what it prints.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Output};

use configcheck_test_servers::{OpenBao, OpenBaoOptions};

/// Secrets of the tests: nothing of them may be seen anywhere.
const SECRETS: [&str; 3] = ["not-a-real-password", "not-a-real-session-key-0123456789abcdef", "not-a-real-payment-token"];

fn start(address: &str, token: &str) -> (i32, String) {
    let variables = [("APP_ENV", "production"), ("VAULT_ADDR", address), ("VAULT_TOKEN", token)];
    let mut command = Command::new(env!("CARGO_BIN_EXE_vault-example"));
    let Output { status, stdout, stderr } = command.env_clear().envs(variables).current_dir(env!("CARGO_TARGET_TMPDIR")).output().unwrap();
    let text = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    for secret in SECRETS.into_iter().chain([token]) {
        assert!(!text.contains(secret), "{text}");
    }
    (status.code().unwrap(), text)
}

fn check((code, text): (i32, String), expected: i32, says: &[&str]) {
    assert_eq!(code, expected, "{text}");
    for part in says {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[test]
fn starts_with_its_secrets_and_says_what_is_wrong_without_them() {
    let bao = OpenBao::start(OpenBaoOptions::default());
    let [password, session_key, payment_token] = SECRETS;
    let orders = format!(r#"{{"data":{{"database_url":"postgres://orders:{password}@db/orders","session_key":"{session_key}"}}}}"#);
    bao.write("secret/data/production/orders", &orders);
    bao.write("secret/data/production/payments", &format!(r#"{{"data":{{"token":"{payment_token}"}}}}"#));
    bao.policy("orders", include_str!("../orders.hcl"));
    let token = bao.token_with(&["orders"], "1h");
    check(start(bao.address(), &token), 0, &["started in production on port 8080 with Secret(…), Secret(…) and Some(Secret(…))"]);

    bao.delete("secret/data/production/payments");
    check(
        start(bao.address(), &token),
        78,
        &["PAYMENT_TOKEN refers to a secret that does not exist", "vault:secret/data/production/payments#token"],
    );

    // One cause is one finding, however many variables it keeps from coming.
    let other = start(bao.address(), &bao.token_with(&["default"], "1h"));
    check(other, 78, &["DATABASE_URL", "SESSION_KEY", "path \"secret/data/production/orders\" { capabilities = [\"read\"] }"]);

    let address = bao.address().to_owned();
    drop(bao);
    let variables = [("APP_ENV", "production"), ("VAULT_ADDR", &*address), ("VAULT_TOKEN", "not-a-real-token")];
    let mut command = Command::new(env!("CARGO_BIN_EXE_vault-example"));
    let child = command.env_clear().envs(variables).current_dir(env!("CARGO_TARGET_TMPDIR")).output().unwrap();
    let text = String::from_utf8(child.stderr).unwrap();
    // Nobody has to change anything: a service manager may start it again.
    assert_eq!(child.status.code(), Some(69), "{text}");
    assert!(text.contains("nothing listens at 127.0.0.1:"), "{text}");
}
