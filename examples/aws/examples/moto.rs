//! Runs the service against moto, which imitates AWS: stores its secret and its parameter, and shows three starts: a good one, one without the
//! parameter, and one without credentials.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a demonstration shows what it does, and ends when it cannot")]

use std::path::{Path, PathBuf};
use std::process::Command;

use configcheck_test_servers::Moto;

fn main() {
    let service = build_service();
    println!("starting moto; the first time it is installed below target/\n");
    let moto = Moto::start();
    let orders = r#"{\"database_url\":\"postgres://orders:not-a-real-password@db/orders\",\"session_key\":\"not-a-real-session-key-0123456789abcdef\"}"#;
    moto.write("secretsmanager.CreateSecret", &format!(r#"{{"Name":"production/orders","SecretString":"{orders}"}}"#));
    let parameter = r#"{"Name":"/production/payments/token","Type":"SecureString","Value":"not-a-real-payment-token"}"#;
    moto.write("AmazonSSM.PutParameter", parameter);

    let environment = moto.environment();
    start(&service, "every secret is there", &environment);
    moto.write("AmazonSSM.DeleteParameter", r#"{"Name":"/production/payments/token"}"#);
    start(&service, "a parameter was deleted", &environment);
    let without: Vec<_> =
        environment.into_iter().filter(|(name, _)| !name.starts_with("AWS_ACCESS") && !name.starts_with("AWS_SECRET")).collect();
    start(&service, "nobody gave it credentials", &without);
}

fn start(service: &Path, title: &str, environment: &[(&str, String)]) {
    println!("--- {title}");
    let variables = environment.iter().map(|(name, value)| (*name, value.as_str())).chain([("APP_ENV", "production")]);
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
    own.parent().and_then(|folder| folder.parent()).unwrap().join("aws-example")
}
