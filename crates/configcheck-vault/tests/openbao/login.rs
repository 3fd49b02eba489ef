//! Every way to log in, and every way in which that fails.

use std::fs;
use std::path::PathBuf;

use configcheck_core::provider::{Outcome, OutcomeKind};
use configcheck_test_servers::{OpenBao, OpenBaoOptions, unique};
use configcheck_testkit::failure_lab::{FailureLab, Fault};
use configcheck_vault::{Credential, Login, VaultProvider};
use rcgen::{KeyPair, PKCS_ED25519, SigningKey as _};
use tempfile::TempDir;

use crate::harness::{at, connect, connect_in, fetch, member, reason, refusal, value, wait, with_token};

/// A secret, and a policy that lets it be read.
struct Secret {
    reference: String,
    policy: String,
}

fn secret(bao: &OpenBao) -> Secret {
    let (kv, policy) = (unique("kv"), unique("policy"));
    bao.enable(&kv, "kv", r#"{"version":"1"}"#);
    bao.write(&format!("{kv}/app"), r#"{"k":"not-a-real-value"}"#);
    bao.policy(&policy, &format!(r#"path "{kv}/app" {{ capabilities = ["read"] }}"#));
    Secret { reference: format!("vault:{kv}/app#k"), policy }
}

/// Holds that the login reads the secret, and says who it is.
fn check(provider: &VaultProvider, variables: &[(&str, &str)], secret: &Secret, who: &str) {
    let session = connect_in(provider, None, variables).unwrap_or_else(|outcome| panic!("{outcome:?}"));
    assert_eq!(session.describe(), who);
    assert_eq!(value(&session, &secret.reference, "k"), "not-a-real-value");
    wait(session.close());
}

/// Holds that the login is refused with this sentence, and gives what is said to do.
fn refused(provider: &VaultProvider, variables: &[(&str, &str)], message: &str) -> Vec<String> {
    let outcome = refusal(provider, variables);
    let told = reason(&outcome);
    assert_eq!((outcome.kind(), told.message.as_str()), (OutcomeKind::AuthFailed, message));
    told.help
}

fn file(directory: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

fn text(path: &std::path::Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_token_comes_from_a_variable_a_file_or_the_home_folder() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let token = bao.token_with(&[&secret.policy], "10m");
    let directory = tempfile::tempdir().unwrap();
    let sink = file(&directory, "sink", &format!("{token}\n"));
    let home = file(&directory, ".vault-token", &token);
    let home_folder = directory.path().to_str().unwrap();
    check(&at(bao), &[("VAULT_TOKEN", &token)], &secret, "the token of VAULT_TOKEN");
    check(&at(bao), &[("BAO_TOKEN", &format!(" {token}\n"))], &secret, "the token of BAO_TOKEN");
    check(&at(bao), &[("VAULT_TOKEN_FILE", text(&sink))], &secret, &format!("the token in {}", sink.display()));
    check(&at(bao), &[("HOME", home_folder)], &secret, &format!("the token in {}", home.display()));
    check(&VaultProvider::new(), &[("VAULT_ADDR", bao.address()), ("VAULT_TOKEN", &token)], &secret, "the token of VAULT_TOKEN");
    // A token that was given stays when the session ends.
    check(&at(bao), &[("VAULT_TOKEN", &token)], &secret, "the token of VAULT_TOKEN");
}

/// vaultrs 0.8: a token that was read from a file, with its line break, panics in a header.
#[test]
fn a_token_with_a_line_break_at_its_end_is_trimmed_and_one_in_its_middle_is_told() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let token = bao.token_with(&[&secret.policy], "10m");
    let directory = tempfile::tempdir().unwrap();
    let sink = file(&directory, "sink", &format!("{token}\r\n"));
    check(&at(bao), &[("VAULT_TOKEN_FILE", text(&sink))], &secret, &format!("the token in {}", sink.display()));
    refused(
        &at(bao),
        &[("VAULT_TOKEN", "s.not\na-real-token")],
        "the token of VAULT_TOKEN has a blank, a line break or another character in its middle that no token has",
    );
}

#[test]
fn no_login_at_all_says_which_there_are() {
    let bao = OpenBao::shared();
    let help = refused(&at(bao), &[("HOME", "/no/such/home")], "nothing says how to log in to vault");
    assert_eq!(help.len(), 3);
    refused(&at(bao), &[("VAULT_TOKEN_FILE", "/no/such/file")], "the token in /no/such/file cannot be read: there is no file at this path");
}

#[test]
fn an_unknown_token_is_told_from_a_missing_right() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let session = connect(&with_token(bao, "s.not-a-real-token"));
    let outcome = fetch(&session, &secret.reference);
    let told = reason(&outcome);
    assert_eq!(
        (outcome.kind(), told.message.as_str()),
        (OutcomeKind::AuthFailed, "vault does not know the token that the program gives: it has expired, was revoked or is used up (403)")
    );
    assert_eq!(told.help.len(), 2);
}

#[test]
fn a_sink_that_holds_another_token_by_now_is_read_again() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let directory = tempfile::tempdir().unwrap();
    let sink = file(&directory, "sink", &bao.token_with(&["default"], "10m"));
    let provider = at(bao).login(Login::token(Credential::file(&sink)));
    let session = connect(&provider);
    assert_eq!(fetch(&session, &secret.reference).kind(), OutcomeKind::Denied);
    fs::write(&sink, bao.token_with(&[&secret.policy], "10m")).unwrap();
    assert_eq!(fetch(&session, &secret.reference).kind(), OutcomeKind::AuthFailed, "the engine logs in again");
    assert_eq!(value(&connect(&provider), &secret.reference, "k"), "not-a-real-value");
}

/// What an AppRole logs in with.
struct Role {
    mount: String,
    id: String,
}

impl Role {
    fn new(bao: &OpenBao, policy: &str, options: &str) -> Self {
        let mount = unique("approle");
        bao.enable_auth(&mount, "approle");
        bao.write(&format!("auth/{mount}/role/checkout"), &format!(r#"{{"token_policies":["{policy}"]{options}}}"#));
        let id = member(&bao.read(&format!("auth/{mount}/role/checkout/role-id")), "role_id");
        Self { mount, id }
    }

    fn secret_id(&self, bao: &OpenBao) -> String {
        member(&bao.write(&format!("auth/{}/role/checkout/secret-id", self.mount), "{}"), "secret_id")
    }

    /// A secret id behind a wrapping token.
    fn wrapped_secret_id(&self, bao: &OpenBao) -> String {
        let path = format!("/v1/auth/{}/role/checkout/secret-id", self.mount);
        member(&crate::harness::wrapped(bao, "POST", &path), "token")
    }

    fn who(&self) -> String {
        format!("AppRole checkout (auth/{})", self.mount)
    }
}

#[test]
fn an_app_role_logs_in_with_its_secret_id() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let role = Role::new(bao, &secret.policy, "");
    let secret_id = role.secret_id(bao);
    let directory = tempfile::tempdir().unwrap();
    let path = file(&directory, "secret-id", &format!("{secret_id}\n"));
    let mount = ("VAULT_AUTH_MOUNT", role.mount.as_str());
    check(&at(bao), &[mount, ("VAULT_ROLE_ID", &role.id), ("VAULT_SECRET_ID", &secret_id)], &secret, &role.who());
    check(&at(bao), &[mount, ("VAULT_ROLE_ID", &role.id), ("VAULT_SECRET_ID_FILE", text(&path))], &secret, &role.who());
    let login = Login::app_role(Credential::text(&role.id), Credential::file(&path)).mount(format!("auth/{}/", role.mount));
    check(&at(bao).login(login), &[], &secret, &role.who());
}

#[test]
fn an_app_role_may_do_without_a_secret_id() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let role = Role::new(bao, &secret.policy, r#","bind_secret_id":false,"token_bound_cidrs":["127.0.0.0/8"]"#);
    let mount = ("VAULT_AUTH_MOUNT", role.mount.as_str());
    check(&at(bao), &[mount, ("VAULT_AUTH_METHOD", "approle"), ("VAULT_ROLE_ID", &role.id)], &secret, &role.who());
    let other = Role::new(bao, &secret.policy, "");
    let help = refused(
        &at(bao),
        &[("VAULT_AUTH_MOUNT", &other.mount), ("VAULT_ROLE_ID", &other.id)],
        &format!("vault does not accept the login as AppRole (auth/{}) (400)", other.mount),
    );
    assert!(help[0].starts_with("the role wants a secret id, and none is given: set VAULT_SECRET_ID"), "{help:?}");
}

#[test]
fn a_secret_id_that_is_used_up_is_told_with_the_command_for_a_new_one() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let role = Role::new(bao, &secret.policy, r#","secret_id_num_uses":1"#);
    let secret_id = role.secret_id(bao);
    let variables = [("VAULT_AUTH_MOUNT", role.mount.as_str()), ("VAULT_ROLE_ID", &role.id), ("VAULT_SECRET_ID", &secret_id)];
    check(&at(bao), &variables, &secret, &role.who());
    let help = refused(&at(bao), &variables, &format!("vault does not accept the login as AppRole (auth/{}) (400)", role.mount));
    assert_eq!(
        help[0],
        format!(
            "the secret id in VAULT_SECRET_ID is used up, has expired or belongs to another role; make a new one: vault write -f auth/{}/role/ROLE/secret-id",
            role.mount
        )
    );
}

#[test]
fn a_wrapped_secret_id_is_unwrapped_once_and_kept_for_the_next_login() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let role = Role::new(bao, &secret.policy, "");
    let wrapped = format!("wrapped:{}", role.wrapped_secret_id(bao));
    let variables = [("VAULT_AUTH_MOUNT", role.mount.as_str()), ("VAULT_ROLE_ID", &role.id), ("VAULT_SECRET_ID", &wrapped)];
    let provider = at(bao);
    check(&provider, &variables, &secret, &role.who());
    check(&provider, &variables, &secret, &role.who());
    let help =
        refused(&at(bao), &variables, "the wrapping token in VAULT_SECRET_ID is not valid any more, so the secret id in it cannot be had");
    assert!(help[1].contains("somebody else has the secret id"), "{help:?}");
}

#[test]
fn a_wrapped_token_is_unwrapped_once() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let body = format!(r#"{{"policies":["{}"],"ttl":"10m"}}"#, secret.policy);
    let wrapping = member(&crate::harness::wrapped_with(bao, "POST", "/v1/auth/token/create", &body), "token");
    let provider = at(bao).login(Login::token(Credential::text(&wrapping).wrapped()));
    check(&provider, &[], &secret, "the token that the program gives");
    let session = connect(&provider);
    assert_eq!(value(&session, &secret.reference, "k"), "not-a-real-value", "kept for the next login");
    let again = at(bao).login(Login::token(Credential::text(wrapping).wrapped()));
    refused(&again, &[], "the wrapping token in what the program gives is not valid any more, so the token in it cannot be had");
}

/// An agent with `wrap_ttl` wraps its token with sys/wrapping/wrap, and writes the whole wrapping information.
#[test]
fn a_wrapped_sink_is_unwrapped() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let token = bao.token_with(&[&secret.policy], "10m");
    let answer = crate::harness::wrapped_with(bao, "POST", "/v1/sys/wrapping/wrap", &format!(r#"{{"token":"{token}"}}"#));
    let sink = format!(r#"{{"token":"{}","accessor":"a","ttl":60}}"#, member(&answer, "token"));
    let directory = tempfile::tempdir().unwrap();
    let path = file(&directory, "sink", &sink);
    check(&at(bao), &[("VAULT_TOKEN_FILE", text(&path))], &secret, &format!("the token in {}", path.display()));
}

#[test]
fn a_user_logs_in_with_a_password() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let mount = unique("userpass");
    bao.enable_auth(&mount, "userpass");
    bao.write(
        &format!("auth/{mount}/users/joe"),
        &format!(r#"{{"password":"hunter2-fake \"quoted\"","token_policies":["{}"]}}"#, secret.policy),
    );
    let variables = |password: &'static str| {
        [("VAULT_AUTH_METHOD", "userpass"), ("VAULT_AUTH_MOUNT", mount.as_str()), ("VAULT_USERNAME", "joe"), ("VAULT_PASSWORD", password)]
    };
    check(&at(bao), &variables("hunter2-fake \"quoted\""), &secret, &format!("user joe (auth/{mount})"));
    let help = refused(&at(bao), &variables("hunter2-fake"), &format!("vault does not accept the login as user joe (auth/{mount}) (400)"));
    assert!(help[0].starts_with("the password in VAULT_PASSWORD is not that of joe"), "{help:?}");
}

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        text.extend((0..=chunk.len()).map(|at| char::from(DIGITS[(word >> (18 - 6 * at)) as usize & 63])));
    }
    text
}

fn jwt(key: &KeyPair, claims: &str) -> String {
    signed(key, "EdDSA", claims)
}

fn signed(key: &KeyPair, algorithm: &str, claims: &str) -> String {
    let header = format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#);
    let signed = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.as_bytes()));
    let signature = key.sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", base64url(&signature))
}

#[test]
fn a_signed_token_of_somebody_else_logs_in() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let mount = unique("jwt");
    bao.enable_auth(&mount, "jwt");
    bao.write(&format!("auth/{mount}/config"), &serde_json::json!({"jwt_validation_pubkeys": [key.public_key_pem()]}).to_string());
    bao.write(
        &format!("auth/{mount}/role/ci"),
        &format!(
            r#"{{"role_type":"jwt","bound_audiences":["vault"],"bound_subject":"repo:checkout","user_claim":"sub","token_policies":["{}"]}}"#,
            secret.policy
        ),
    );
    let good = jwt(&key, r#"{"sub":"repo:checkout","aud":"vault","iat":1700000000,"nbf":1700000000,"exp":4102444800}"#);
    let directory = tempfile::tempdir().unwrap();
    let path = file(&directory, "jwt", &format!("{good}\n"));
    let common = [("VAULT_AUTH_METHOD", "jwt"), ("VAULT_AUTH_MOUNT", mount.as_str()), ("VAULT_ROLE", "ci")];
    let with = |name, value| [&common[..], &[(name, value)]].concat();
    let who = format!("JWT role ci (auth/{mount})");
    check(&at(bao), &with("VAULT_JWT", &good), &secret, &who);
    check(&at(bao), &with("VAULT_JWT_FILE", text(&path)), &secret, &who);
    // The file is read again for each login: a projected token is written anew every hour.
    fs::write(&path, jwt(&key, r#"{"sub":"repo:other","aud":"vault","iat":1700000000,"nbf":1700000000,"exp":4102444800}"#)).unwrap();
    let help = refused(&at(bao), &with("VAULT_JWT_FILE", text(&path)), &format!("vault does not accept the login as {who} (400)"));
    assert!(help[1].contains("audience, subject or claims"), "{help:?}");
    let expired = jwt(&key, r#"{"sub":"repo:checkout","aud":"vault","iat":1400000000,"nbf":1400000000,"exp":1500000000}"#);
    refused(&at(bao), &with("VAULT_JWT", &expired), &format!("vault does not accept the login as {who} (400)"));
}

#[test]
fn a_pod_logs_in_with_its_service_account() {
    let bao = OpenBao::shared();
    let secret = secret(bao);
    // The cluster, as far as vault asks it.
    let review = |name: &str| {
        let user = format!(r#""user":{{"username":"system:serviceaccount:shop:{name}","uid":"u-1","groups":["system:serviceaccounts"]}}"#);
        Fault::json(
            201,
            format!(r#"{{"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","status":{{"authenticated":true,{user}}}}}"#),
        )
    };
    let cluster = FailureLab::start(review("checkout"));
    let mount = unique("kubernetes");
    bao.enable_auth(&mount, "kubernetes");
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let authority = FailureLab::start_tls(Fault::ok("{}"));
    // Vault does not check the signature, but asks the cluster; it wants an algorithm that clusters use.
    let service_account = |name: &str| {
        let claims = serde_json::json!({
            "iss": "kubernetes/serviceaccount", "sub": format!("system:serviceaccount:shop:{name}"), "iat": 1_700_000_000_u64,
            "nbf": 1_700_000_000_u64, "exp": 4_102_444_800_u64, "kubernetes.io": {"namespace": "shop", "serviceaccount": {"name": name, "uid": "u-1"}},
        });
        signed(&key, "ES256", &claims.to_string())
    };
    let config = serde_json::json!({
        "kubernetes_host": cluster.url(), "kubernetes_ca_cert": authority.ca_pem(), "disable_local_ca_jwt": true,
        "token_reviewer_jwt": service_account("vault"), "disable_iss_validation": true,
    });
    bao.write(&format!("auth/{mount}/config"), &config.to_string());
    bao.write(
        &format!("auth/{mount}/role/checkout"),
        &format!(
            r#"{{"bound_service_account_names":["checkout"],"bound_service_account_namespaces":["shop"],"token_policies":["{}"]}}"#,
            secret.policy
        ),
    );
    let directory = tempfile::tempdir().unwrap();
    let path = file(&directory, "token", &service_account("checkout"));
    let login = || Login::kubernetes_with("checkout", Credential::file(&path)).mount(&mount);
    let who = format!("Kubernetes role checkout (auth/{mount})");
    check(&at(bao).login(login()), &[], &secret, &who);
    let variables =
        [("VAULT_AUTH_METHOD", "kubernetes"), ("VAULT_AUTH_MOUNT", &mount), ("VAULT_ROLE", "checkout"), ("VAULT_JWT_FILE", text(&path))];
    check(&at(bao), &variables, &secret, &who);

    fs::write(&path, service_account("stranger")).unwrap();
    cluster.switch_to(review("stranger"));
    let outcome = refusal(&at(bao).login(login()), &[]);
    let told = reason(&outcome);
    assert_eq!(outcome.kind(), OutcomeKind::AuthFailed);
    assert!(told.help[0].contains("is not bound to this pod's service account"), "{told:?}");
    // Outside of a pod, the file that every pod has is not there.
    let outcome = refusal(&at(bao).login(Login::kubernetes("checkout")), &[]);
    assert_eq!(
        reason(&outcome).message,
        "the service account token in /var/run/secrets/kubernetes.io/serviceaccount/token cannot be read: there is no file at this path"
    );
}

#[test]
fn a_client_certificate_logs_in() {
    let bao = OpenBao::start(OpenBaoOptions { tls: true });
    let secret = secret(&bao);
    let papers = FailureLab::start_mutual_tls(Fault::ok("{}"));
    let directory = tempfile::tempdir().unwrap();
    let certificate = file(&directory, "client.pem", papers.client_certificate_pem());
    let key = file(&directory, "client-key.pem", papers.client_key_pem());
    bao.enable_auth("cert", "cert");
    let trusted = serde_json::json!({"certificate": papers.ca_pem(), "token_policies": [secret.policy.as_str()]});
    bao.write("auth/cert/certs/checkout", &trusted.to_string());
    let provider = at(&bao).ca_file(bao.ca_file().unwrap());
    let shown = provider.clone().client_certificate(&certificate, &key);
    check(&shown.clone().login(Login::certificate(None)), &[], &secret, "the client certificate (auth/cert)");
    let variables = [
        ("VAULT_AUTH_METHOD", "cert"),
        ("VAULT_ROLE", "checkout"),
        ("VAULT_CLIENT_CERT", text(&certificate)),
        ("VAULT_CLIENT_KEY", text(&key)),
    ];
    check(&provider, &variables, &secret, "certificate role checkout (auth/cert)");
    refused(
        &shown.login(Login::certificate(Some("other".into()))),
        &[],
        "vault does not accept the login as certificate role other (auth/cert) (400)",
    );
    let help = refused(
        &provider.login(Login::certificate(None)),
        &[],
        "vault does not accept the login as the client certificate (auth/cert) (400)",
    );
    assert!(help[1].contains("VAULT_CLIENT_CERT"), "{help:?}");
}

#[test]
fn an_agent_logs_in_by_itself() {
    let agent = FailureLab::start(Fault::by(|request| {
        let asked = |name: &str| request.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        if asked("x-vault-request") && !asked("x-vault-token") {
            Fault::ok(r#"{"data":{"k":"not-a-real-value"}}"#)
        } else {
            Fault::Status(412)
        }
    }));
    let session =
        connect_in(&VaultProvider::new(), None, &[("VAULT_AGENT_ADDR", &agent.url()), ("VAULT_ADDR", "https://elsewhere.invalid")]);
    let session = session.unwrap_or_else(|outcome| panic!("{outcome:?}"));
    assert_eq!(session.describe(), format!("the agent at {}", agent.url()));
    assert_eq!(value(&session, "vault:kv/app#k", "k"), "not-a-real-value");
    // Where no agent logs in, the server itself is asked without a token.
    let outcome = fetch(&connect(&at(OpenBao::shared()).login(Login::agent())), "vault:kv/app#k");
    let message =
        format!("the agent at {} puts no token of its own into requests, or one that has ended (403)", OpenBao::shared().address());
    assert_eq!((outcome.kind(), reason(&outcome).message), (OutcomeKind::AuthFailed, message));
}

#[test]
fn a_login_in_a_namespace_is_of_that_namespace() {
    let bao = OpenBao::shared();
    let team = unique("team");
    bao.write(&format!("sys/namespaces/{team}"), "{}");
    bao.write(&format!("{team}/sys/auth/userpass"), r#"{"type":"userpass"}"#);
    bao.write(&format!("{team}/sys/mounts/kv"), r#"{"type":"kv","options":{"version":"1"}}"#);
    bao.write(&format!("{team}/kv/app"), r#"{"k":"not-a-real-value"}"#);
    bao.write(&format!("{team}/sys/policies/acl/app"), r#"{"policy":"path \"kv/app\" { capabilities = [\"read\"] }"}"#);
    bao.write(&format!("{team}/auth/userpass/users/joe"), r#"{"password":"hunter2-fake","token_policies":["app"]}"#);
    let login = || Login::userpass("joe", Credential::text("hunter2-fake"));
    let secret = Secret { reference: "vault:kv/app#k".into(), policy: String::new() };
    check(&at(bao).namespace(&team).login(login()), &[], &secret, "user joe (auth/userpass)");
    let missing = at(bao).namespace(&team).login(login().mount("no-such-mount"));
    // In a namespace, OpenBao refuses what is not mounted as it refuses what may not be used.
    let help = refused(&missing, &[], "vault does not accept the login as user joe (auth/no-such-mount) (403)");
    assert_eq!(
        help[2],
        format!(
            "or no login method is mounted at auth/no-such-mount: vault auth list -namespace={team}; set VAULT_AUTH_MOUNT and VAULT_NAMESPACE"
        )
    );
    let nowhere = at(bao).namespace("no-such-namespace").login(login());
    refused(&nowhere, &[], &format!("vault at {} has no namespace no-such-namespace", bao.address()));
}

#[test]
fn a_login_that_wants_a_second_factor_cannot_be_had() {
    let lab = FailureLab::start(Fault::ok(r#"{"auth":{"client_token":"","mfa_requirement":{"mfa_request_id":"r"}}}"#));
    let provider = VaultProvider::new().address(lab.url()).login(Login::userpass("joe", Credential::text("hunter2-fake")));
    refused(&provider, &[], "vault wants a second factor for the login as user joe (auth/userpass), and a service has none");
}

#[test]
fn names_that_become_part_of_a_path_are_checked_before_anybody_is_asked() {
    let lab = FailureLab::witness();
    let at_lab = || VaultProvider::new().address(lab.url());
    for login in [
        Login::userpass("joe/../admin", Credential::text("hunter2-fake")),
        Login::userpass("joe?x", Credential::text("hunter2-fake")),
        Login::app_role_without_secret_id(Credential::text("r")).mount("../sys"),
        Login::app_role_without_secret_id(Credential::text("r")).mount("a b"),
    ] {
        let outcome = refusal(&at_lab().login(login), &[]);
        assert!(
            matches!(&outcome, Outcome::Misconfigured(reason) if reason.message.ends_with("has a character that is not expected in one")),
            "{outcome:?}"
        );
    }
    lab.assert_untouched();
}

#[test]
fn a_method_that_is_not_mounted_is_named() {
    let lab = FailureLab::start(Fault::json(404, r#"{"errors":["no handler for route \"auth/approle/login\". route entry not found."]}"#));
    let provider = VaultProvider::new().address(lab.url()).login(Login::app_role_without_secret_id(Credential::text("not-a-real-role-id")));
    let help = refused(&provider, &[], &format!("no login method is mounted at auth/approle of vault at {}", lab.url()));
    assert_eq!(help[0], "see what is mounted: vault auth list");
}
