//! The service as its operator meets it: a process, a real server, an exit code, and what it prints. The pages show just that.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use configcheck_test_servers::{OpenBao, OpenBaoOptions};

/// The page that shows how the service is deployed.
const GUIDE: &str = include_str!("../../../docs/guide/secrets.md");

/// Secrets of the tests: nothing of them may be seen anywhere.
const SECRETS: [&str; 3] = ["not-a-real-password", "not-a-real-session-key-0123456789abcdef", "not-a-real-payment-token"];

/// How a start ended, and what it printed.
struct Start {
    code: i32,
    text: String,
}

/// Holds what a page has between two marks to what was printed. `UPDATE_PAGES=1` writes the page.
fn hold(page: &str, after: &str, until: &str, printed: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(after).unwrap_or_else(|| panic!("{page} has no {after:?}"));
    let (shown, rest) = rest.split_at(rest.find(until).unwrap());
    if std::env::var_os("UPDATE_PAGES").is_some() {
        fs::write(path, format!("{before}{after}{printed}{rest}")).unwrap();
    } else {
        assert_eq!(shown, printed, "{page} shows something else below {after:?}");
    }
}

fn start<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Start {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vault-example"));
    let Output { status, stdout, stderr } = command.env_clear().envs(variables).current_dir(env!("CARGO_TARGET_TMPDIR")).output().unwrap();
    let text = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    for secret in SECRETS {
        assert!(!text.contains(secret), "{text}");
    }
    Start { code: status.code().unwrap(), text }
}

fn with_token(address: &str, token: &str) -> Start {
    let start = start([("APP_ENV", "production"), ("VAULT_ADDR", address), ("VAULT_TOKEN", token)]);
    assert!(!start.text.contains(token), "{}", start.text);
    start
}

impl Start {
    fn check(&self, expected: i32, says: &[&str]) {
        assert_eq!(self.code, expected, "{}", self.text);
        for part in says {
            assert!(self.text.contains(part), "{part:?} is not in\n{}", self.text);
        }
    }

    /// That the README shows the whole text.
    fn is_shown(&self, title: &str, address: &str) {
        hold("README.md", &format!("\n{title}\n"), "--- ended with", &self.printed(address));
    }

    /// The text as a page has it: with the port that Vault has by default, and the time of the day on which the page was written.
    fn printed(&self, address: &str) -> String {
        let text = self.text.replace(address.strip_prefix("http://").unwrap(), "127.0.0.1:8200");
        match text.split_once("deleted at ") {
            Some((before, after)) => format!("{before}deleted at 2026-11-21T11:12:51Z{}", &after[after.find('Z').unwrap() + 1..]),
            None => text,
        }
    }

    /// That the guide shows the finding of a variable, below a sentence.
    fn is_in_the_guide(&self, address: &str, sentence: &str, variable: &str) {
        let printed = self.printed(address);
        let finding = printed.split("\n\n").find(|finding| finding.starts_with("error[") && finding.contains(variable)).unwrap();
        hold("../../docs/guide/secrets.md", &format!("{sentence}\n\n```text\n"), "```\n", &format!("{finding}\n"));
    }
}

/// A server with the secrets of the service, and the policy that it has in production.
fn server() -> OpenBao {
    let bao = OpenBao::start(OpenBaoOptions::default());
    let [password, session_key, payment_token] = SECRETS;
    let orders = format!(r#"{{"data":{{"database_url":"postgres://orders:{password}@db/orders","session_key":"{session_key}"}}}}"#);
    bao.write("secret/data/production/orders", &orders);
    bao.write("secret/data/production/payments", &format!(r#"{{"data":{{"token":"{payment_token}"}}}}"#));
    bao.policy("orders", include_str!("../orders.hcl"));
    bao
}

#[test]
fn starts_with_its_secrets_and_says_what_is_wrong_without_them() {
    let bao = server();
    let address = bao.address().to_owned();
    let token = bao.token_with(&["orders"], "1h");
    let good = with_token(&address, &token);
    good.check(0, &["started in production on port 8080 with Secret(…), Secret(…) and Some(Secret(…))"]);
    good.is_shown("--- every secret is there", &address);

    bao.delete("secret/data/production/payments");
    let deleted = with_token(&address, &token);
    deleted.check(78, &["PAYMENT_TOKEN refers to a secret that does not exist", "vault:secret/data/production/payments#token"]);
    deleted.is_shown("--- a secret was deleted", &address);
    deleted.is_in_the_guide(&address, "What was not found, because it was deleted:", "PAYMENT_TOKEN");

    // One cause is one finding, however many variables it keeps from coming.
    let other = with_token(&address, &bao.token_with(&["default"], "1h"));
    other.check(78, &["DATABASE_URL", "SESSION_KEY", "path \"secret/data/production/orders\" { capabilities = [\"read\"] }"]);
    other.is_shown("--- the token is another service's", &address);
    other.is_in_the_guide(&address, "A token of another service:", "DATABASE_URL");

    drop(bao);
    // Nobody has to change anything: a service manager may start it again.
    let gone = with_token(&address, "not-a-real-token");
    gone.check(69, &["nothing listens at 127.0.0.1:"]);
    gone.is_in_the_guide(&address, "And a Vault that is not there, which ends with 69:", "DATABASE_URL");
}

/// The variables of a block of the guide that begins with a line: those of `Environment=NAME=VALUE`.
fn environment_of_unit() -> Vec<(&'static str, &'static str)> {
    let unit = GUIDE.split("```ini\n").find(|block| block.starts_with("# /etc/systemd/system/orders.service")).unwrap();
    let unit = unit.split("```").next().unwrap();
    assert!(
        unit.contains("\nRestartPreventExitStatus=78\n") && unit.contains("\nLoadCredential=vault-secret-id:/etc/orders/vault-secret-id\n")
    );
    unit.lines().filter_map(|line| line.strip_prefix("Environment=")?.split_once('=')).collect()
}

fn member<'t>(json: &'t str, name: &str) -> &'t str {
    let (_, rest) = json.split_once(&format!("\"{name}\":\"")).unwrap();
    rest.split_once('"').unwrap().0
}

#[test]
fn the_unit_of_the_guide_starts_the_service() {
    let bao = server();
    bao.enable_auth("approle", "approle");
    bao.write("auth/approle/role/orders", r#"{"token_policies":["orders"],"token_ttl":"1h"}"#);
    let role = bao.read("auth/approle/role/orders/role-id");
    let secret = bao.write("auth/approle/role/orders/secret-id", "{}");

    let credentials = Path::new(env!("CARGO_TARGET_TMPDIR")).join("credentials");
    fs::create_dir_all(&credentials).unwrap();
    fs::write(credentials.join("vault-secret-id"), format!("{}\n", member(&secret, "secret_id"))).unwrap();
    let credentials = credentials.to_str().unwrap();

    let unit = environment_of_unit();
    let names: Vec<&str> = unit.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["APP_ENV", "VAULT_ADDR", "VAULT_AUTH_METHOD", "VAULT_ROLE_ID", "VAULT_SECRET_ID_FILE"]);
    let variables: Vec<(&str, String)> = unit
        .into_iter()
        .map(|(name, value)| match name {
            "VAULT_ADDR" => (name, bao.address().to_owned()),
            "VAULT_ROLE_ID" => (name, member(&role, "role_id").to_owned()),
            _ => (name, value.replace("%d", credentials)),
        })
        .collect();
    let variables = variables.iter().map(|(name, value)| (*name, &**value)).chain([("CREDENTIALS_DIRECTORY", credentials)]);
    start(variables).check(0, &["started in production"]);
}
