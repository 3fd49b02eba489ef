//! Runs the service against a real server: starts `OpenBao`, writes its secrets, gives it a token that may read them and nothing else, and shows
//! three starts: a good one, one without a secret, and one with a token of another service.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a demonstration shows what it does, and ends when it cannot")]

use std::path::{Path, PathBuf};
use std::process::Command;

use configcheck_test_servers::{OpenBao, OpenBaoOptions};

/// What the service may read, as `configcheck policy vault` prints it.
const POLICY: &str = include_str!("../orders.hcl");

fn main() {
    let service = build_service();
    println!("starting OpenBao; the first time it is installed below target/\n");
    let bao = OpenBao::start(OpenBaoOptions::default());
    let orders =
        r#"{"database_url":"postgres://orders:not-a-real-password@db/orders","session_key":"not-a-real-session-key-0123456789abcdef"}"#;
    bao.write("secret/data/production/orders", &format!("{{\"data\":{orders}}}"));
    bao.write("secret/data/production/payments", r#"{"data":{"token":"not-a-real-payment-token"}}"#);
    bao.policy("orders", POLICY);
    let token = bao.token_with(&["orders"], "1h");

    start(&service, "every secret is there", &bao, &token);
    bao.delete("secret/data/production/payments");
    start(&service, "a secret was deleted", &bao, &token);
    start(&service, "the token is another service's", &bao, &bao.token_with(&["default"], "1h"));
}

fn start(service: &Path, title: &str, bao: &OpenBao, token: &str) {
    println!("--- {title}");
    let variables = [("APP_ENV", "production"), ("VAULT_ADDR", bao.address()), ("VAULT_TOKEN", token)];
    let status = Command::new(service).env_clear().envs(variables).current_dir(std::env::temp_dir()).status().unwrap();
    println!("--- ended with {}\n", status.code().unwrap_or(-1));
}

/// The service, built by the cargo that built this program: `cargo run --example` alone does not.
fn build_service() -> PathBuf {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let status =
        Command::new(env!("CARGO")).args(["build", "--quiet", "--bins", "--examples", "--manifest-path", manifest]).status().unwrap();
    assert!(status.success(), "the service does not build");
    let own = std::env::current_exe().unwrap();
    own.parent().and_then(|folder| folder.parent()).unwrap().join("vault-example")
}
