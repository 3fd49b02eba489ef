//! The service as its operator meets it: a process, an exit code, and what it prints. moto stands for AWS. The pages show just that.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use configcheck_test_servers::Moto;

/// The page that shows how the service is deployed.
const GUIDE: &str = include_str!("../../../docs/guide/secrets.md");

/// Secrets of the tests: nothing of them may be seen anywhere.
const SECRETS: [&str; 4] =
    ["not-a-real-password", "not-a-real-session-key-0123456789abcdef", "not-a-real-payment-token", Moto::SECRET_ACCESS_KEY];

/// How a start ended, and what it printed.
struct Start {
    code: i32,
    text: String,
}

fn start<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Start {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aws-example"));
    let Output { status, stdout, stderr } = command.env_clear().envs(variables).current_dir(env!("CARGO_TARGET_TMPDIR")).output().unwrap();
    let text = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    for secret in SECRETS {
        assert!(!text.contains(secret), "{text}");
    }
    Start { code: status.code().unwrap(), text }
}

fn in_production(environment: &[(&'static str, String)]) -> Start {
    start(environment.iter().map(|(name, value)| (*name, &**value)).chain([("APP_ENV", "production")]))
}

impl Start {
    fn check(&self, expected: i32, says: &[&str]) {
        assert_eq!(self.code, expected, "{}", self.text);
        for part in says {
            assert!(self.text.contains(part), "{part:?} is not in\n{}", self.text);
        }
    }

    /// That the README shows the whole text. `UPDATE_PAGES=1` writes it.
    fn is_shown(&self, title: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        let page = fs::read_to_string(&path).unwrap();
        let (before, rest) = page.split_once(&format!("\n{title}\n")).unwrap();
        let (shown, rest) = rest.split_at(rest.find("--- ended with").unwrap());
        if std::env::var_os("UPDATE_PAGES").is_some() {
            fs::write(path, format!("{before}\n{title}\n{}{rest}", self.text)).unwrap();
        } else {
            assert_eq!(shown, self.text, "README.md shows something else below {title:?}");
        }
    }
}

/// moto with the secrets of the service, and the ARN of the first of them.
fn server() -> (Moto, String) {
    let moto = Moto::start();
    let [password, session_key, payment_token, _] = SECRETS;
    let orders = format!(r#"{{\"database_url\":\"postgres://orders:{password}@db/orders\",\"session_key\":\"{session_key}\"}}"#);
    let answer = moto.write("secretsmanager.CreateSecret", &format!(r#"{{"Name":"production/orders","SecretString":"{orders}"}}"#));
    let parameter = format!(r#"{{"Name":"/production/payments/token","Type":"SecureString","Value":"{payment_token}"}}"#);
    moto.write("AmazonSSM.PutParameter", &parameter);
    let arn = answer.split('"').find(|part| part.starts_with("arn:aws:secretsmanager:")).unwrap().to_owned();
    (moto, arn)
}

#[test]
fn starts_with_its_secrets_and_says_what_is_wrong_without_them() {
    let (moto, _) = server();
    let environment = moto.environment();
    let good = in_production(&environment);
    good.check(0, &["started in production on port 8080 with Secret(…), Secret(…) and Some(Secret(…))"]);
    good.is_shown("--- every secret is there");

    moto.write("AmazonSSM.DeleteParameter", r#"{"Name":"/production/payments/token"}"#);
    let deleted = in_production(&environment);
    deleted.check(78, &["PAYMENT_TOKEN refers to a secret that does not exist", "aws-ssm:/production/payments/token"]);
    deleted.is_shown("--- a parameter was deleted");

    let keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    let without: Vec<_> = environment.into_iter().filter(|(name, _)| !keys.contains(name)).collect();
    let nobody = in_production(&without);
    nobody.check(78, &["DATABASE_URL", "SESSION_KEY", "PAYMENT_TOKEN"]);
    nobody.is_shown("--- nobody gave it credentials");
}

#[test]
fn the_task_definition_of_the_guide_starts_the_service() {
    let (moto, arn) = server();
    // What the task definition says, with the ARN that moto gave.
    let value = |name: &str| {
        let (_, rest) = GUIDE.split_once(&format!("{{\"name\": \"{name}\", \"value\": \"")).unwrap();
        rest.split_once('"').unwrap().0.replace("arn:aws:secretsmanager:eu-west-1:123456789012:secret:production/orders-AbCdEf", &arn)
    };
    let names = ["APP_ENV", "DATABASE_URL", "SESSION_KEY", "PAYMENT_TOKEN"];
    let mut variables: Vec<(&str, String)> = names.map(|name| (name, value(name))).into();
    assert_eq!(variables[1].1, format!("{arn}:database_url::"));
    variables.extend(moto.environment());
    start(variables.iter().map(|(name, value)| (*name, &**value))).check(0, &["started in production"]);
}
