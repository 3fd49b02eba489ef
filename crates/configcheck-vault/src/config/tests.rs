//! Settings, right and wrong. Nobody is asked, so the addresses lead nowhere.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::fs;

use configcheck_core::environment::{Environment, EnvironmentKind};
use configcheck_core::provider::{Outcome, OutcomeKind};

use super::{Config, Program};
use crate::variables::Variables;
use crate::variables::tests::values;

const ADDRESS: (&str, &str) = ("VAULT_ADDR", "https://vault.example.com:8200");
const TOKEN: (&str, &str) = ("VAULT_TOKEN", "s.not-a-real-token");

fn config(program: &Program, environment: Option<&Environment>, pairs: &[(&str, &str)]) -> Result<Config, Outcome> {
    Config::of(program, &Variables::read(&values(pairs)), environment)
}

fn of(pairs: &[(&str, &str)]) -> Result<Config, Outcome> {
    config(&Program::default(), None, pairs)
}

fn login(pairs: &[(&str, &str)]) -> String {
    match of(&[&[ADDRESS], pairs].concat()) {
        Ok(config) => format!("{:?}", config.login),
        Err(outcome) => outcome.reason().map(|reason| reason.message.clone()).unwrap_or_default(),
    }
}

/// Holds that the settings are wrong, and gives what is said.
fn wrong(result: Result<Config, Outcome>) -> (String, Vec<String>) {
    let Err(outcome) = result else { panic!("the settings were taken") };
    assert_eq!(outcome.kind(), OutcomeKind::Misconfigured);
    let reason = outcome.reason().expect("every failure has a reason").clone();
    (reason.message, reason.help)
}

#[test]
fn the_address_is_needed_and_checked() {
    assert_eq!(wrong(of(&[TOKEN])).0, "nothing says where vault is: VAULT_ADDR is not set");
    for (address, message) in [
        ("vault.example.com", "VAULT_ADDR cannot be used: the address does not begin with `https://`"),
        ("file:///etc/passwd", "VAULT_ADDR cannot be used: the address begins with neither `https://` nor `http://`"),
        ("https://u:hunter2-fake@vault", "VAULT_ADDR cannot be used: the address holds an `@`, as if it held credentials"),
        ("http://vault.example.com", "VAULT_ADDR cannot be used: http to vault.example.com would send secrets in the clear"),
        ("http://169.254.169.254", "VAULT_ADDR cannot be used: 169.254.169.254 is link-local or the metadata service of a cloud"),
        ("https://vault:99999", "VAULT_ADDR cannot be used: the port of the address is no number from 1 to 65535"),
        ("https://vault/v1/", "VAULT_ADDR ends in /v1"),
        ("unix:///run/agent.sock", "VAULT_ADDR is a socket of this machine, which is not offered"),
    ] {
        let (message_found, help) = wrong(of(&[("VAULT_ADDR", address), TOKEN]));
        assert_eq!((message_found.as_str(), help.len()), (message, 1));
    }
    assert_eq!(of(&[ADDRESS, TOKEN]).map(|config| config.server.address().to_owned()).ok().as_deref(), Some(ADDRESS.1));
    let program = Program { plain_http: true, ..Program::default() };
    assert!(config(&program, None, &[("VAULT_ADDR", "http://vault.example.com"), TOKEN]).is_ok());
}

/// vaultrs 0.8: an empty or odd VAULT_SKIP_VERIFY turns verification off.
#[test]
fn only_the_exact_word_turns_verification_off() {
    let spellings = [
        "True", "TRUE", "t", "T", "1", "yes", "YES", "y", "on", "ON", "no", "off", "0", "f", "False", "FALSE", " ", " true", "true ",
        "tru", "true\n", "-1", "null", "enabled",
    ];
    for spelling in spellings {
        let (message, help) = wrong(of(&[ADDRESS, TOKEN, ("VAULT_SKIP_VERIFY", spelling)]));
        assert_eq!((message.as_str(), help.len()), ("VAULT_SKIP_VERIFY is neither `true` nor `false`", 1), "{spelling:?}");
    }
    for spelling in ["true", "false", ""] {
        assert!(of(&[ADDRESS, TOKEN, ("VAULT_SKIP_VERIFY", spelling)]).is_ok(), "{spelling:?}");
    }
}

#[test]
fn verification_is_never_off_in_production() {
    let named = Environment::Named { name: "prod_eu".into(), kind: EnvironmentKind::Production };
    for environment in [Environment::Production, named] {
        let (message, _) = wrong(config(&Program::default(), Some(&environment), &[ADDRESS, TOKEN, ("BAO_SKIP_VERIFY", "true")]));
        assert_eq!(message, "BAO_SKIP_VERIFY is true in production, where anybody in between could take the token and every secret");
    }
    let skip = [ADDRESS, TOKEN, ("VAULT_SKIP_VERIFY", "true")];
    assert!(config(&Program::default(), Some(&Environment::Development), &skip).is_ok());
    assert!(config(&Program::default(), Some(&Environment::Production), &[ADDRESS, TOKEN, ("VAULT_SKIP_VERIFY", "false")]).is_ok());
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let (message, help) = wrong(of(&[
        ("VAULT_ADDR", "vault"),
        ("VAULT_NAMESPACE", "a b"),
        ("VAULT_CACERT", "/no/such/ca.pem"),
        ("VAULT_CLIENT_CERT", "/no/such/cert.pem"),
        ("VAULT_CLIENT_TIMEOUT", "soon"),
        ("VAULT_AUTH_METHOD", "aws"),
    ]));
    assert_eq!(
        message,
        "VAULT_ADDR cannot be used: the address does not begin with `https://`; and VAULT_NAMESPACE has a character that is not expected in a \
         namespace; and VAULT_CACERT names /no/such/ca.pem, which cannot be read: there is no file at this path; and VAULT_CLIENT_CERT is set \
         and VAULT_CLIENT_KEY is not; and VAULT_CLIENT_TIMEOUT is no time; and VAULT_AUTH_METHOD names no login that is known"
    );
    assert_eq!(help.len(), 6);
}

#[test]
fn what_is_wrong_with_tls_is_told_without_the_files_text() {
    let directory = tempfile::tempdir().expect("a folder");
    let path = directory.path().join("hunter2.pem");
    fs::write(&path, "-----BEGIN PRIVATE KEY-----\nhunter2-fake\n").expect("a file");
    let path = path.to_str().expect("a path");
    let (message, _) = wrong(of(&[ADDRESS, TOKEN, ("VAULT_CACERT", path)]));
    assert_eq!(message, "the settings of TLS for vault cannot be used: certificate 1 of the trusted authorities cannot be read");
    let folder = directory.path().to_str().expect("a path");
    let (message, _) = wrong(of(&[ADDRESS, TOKEN, ("VAULT_CAPATH", folder)]));
    assert_eq!(message, format!("VAULT_CAPATH names {folder}, which holds no certificate"));
    let (message, _) = wrong(of(&[ADDRESS, TOKEN, ("VAULT_CLIENT_CERT", path), ("VAULT_CLIENT_KEY", path)]));
    assert!(message.starts_with("the settings of TLS for vault cannot be used: ") && !message.contains("hunter2-fake"), "{message}");
}

#[test]
fn the_login_is_the_first_that_is_there() {
    assert_eq!(login(&[TOKEN, ("VAULT_ROLE_ID", "r")]), "Login(token, auth/token)");
    assert_eq!(login(&[("VAULT_TOKEN_FILE", "/t"), ("VAULT_ROLE_ID", "r")]), "Login(token, auth/token)");
    assert_eq!(login(&[("VAULT_ROLE_ID", "r"), ("VAULT_SECRET_ID", "s"), ("VAULT_AUTH_MOUNT", "team")]), "Login(AppRole, auth/team)");
    assert_eq!(login(&[("VAULT_AGENT_ADDR", "http://127.0.0.1:8100")]), "Login(agent, auth/token)");
    assert_eq!(login(&[("VAULT_AGENT_ADDR", "http://127.0.0.1:8100"), TOKEN]), "Login(token, auth/token)");
    assert_eq!(login(&[]), "nothing says how to log in to vault");
    assert_eq!(login(&[("VAULT_ROLE", "r")]), "VAULT_ROLE is set, and nothing says for which login");
}

#[test]
fn a_method_that_is_named_has_what_it_needs() {
    let method = |method, rest: &[(&'static str, &'static str)]| login(&[&[("VAULT_AUTH_METHOD", method)], rest].concat());
    assert_eq!(method("kubernetes", &[("VAULT_ROLE", "checkout")]), "Login(Kubernetes, auth/kubernetes)");
    assert_eq!(method("jwt", &[("VAULT_JWT_FILE", "/j"), TOKEN]), "Login(JWT, auth/jwt)");
    assert_eq!(method("ldap", &[("VAULT_USERNAME", "joe"), ("VAULT_PASSWORD", "hunter2-fake")]), "Login(userpass, auth/ldap)");
    assert_eq!(method("agent", &[]), "Login(agent, auth/token)");
    assert_eq!(method("approle", &[("VAULT_ROLE_ID_FILE", "/r")]), "Login(AppRole, auth/approle)");
    for name in ["token", "approle", "kubernetes", "jwt", "userpass", "cert"] {
        assert_eq!(method(name, &[]), format!("VAULT_AUTH_METHOD is {name}, and what that needs is not set"));
    }
    assert_eq!(method("iam", &[]), "VAULT_AUTH_METHOD names no login that is known");
}

#[test]
fn the_program_goes_before_the_environment() {
    let program = Program {
        address: Some("https://program.example.com".into()),
        namespace: Some("program".into()),
        login: Some(crate::Login::agent()),
        ..Program::default()
    };
    let Ok(config) = config(&program, None, &[ADDRESS, TOKEN, ("VAULT_AGENT_ADDR", "http://agent"), ("VAULT_NAMESPACE", "env")]) else {
        panic!()
    };
    assert_eq!((config.server.address(), config.namespace.as_deref()), ("https://program.example.com", Some("program")));
    assert_eq!(format!("{:?}", config.login), "Login(agent, auth/token)");
}

#[test]
fn a_time_has_a_unit_or_is_in_seconds() {
    for text in ["1", "60s", "500ms", "1m 30s"] {
        assert!(of(&[ADDRESS, TOKEN, ("VAULT_CLIENT_TIMEOUT", text)]).is_ok(), "{text}");
    }
    for text in ["0", "-1", "soon", "1x"] {
        assert_eq!(wrong(of(&[ADDRESS, TOKEN, ("VAULT_CLIENT_TIMEOUT", text)])).0, "VAULT_CLIENT_TIMEOUT is no time", "{text}");
    }
}
