//! What a start reports while Vault does not serve as it should, on the real server, and that a start which may wait gets through.

use std::thread;
use std::time::Duration;

use configcheck::{AppConfig, ErrorKind, ExposeSecret as _, Loader, Secret};
use configcheck_test_servers::{OpenBao, unique};
use configcheck_testkit::failure_lab::FailureLab;

const VALUE: &str = "not-a-real-key";

/// As long as a start takes at most when nothing is wrong in the end.
const PATIENT: Duration = Duration::from_mins(1);

const IMPATIENT: Duration = Duration::from_secs(2);

#[derive(AppConfig)]
#[config(name = "checkout")]
struct Checkout {
    api_key: Secret<String>,
}

/// A loader of one secret, with the settings of a login.
fn loader(address: &str, reference: &str, login: &[(&'static str, &str)], deadline: Duration) -> Loader {
    let settings = [("VAULT_ADDR", address), ("API_KEY", reference)];
    let all = settings.iter().chain(login).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Loader::new().no_dotenv().no_standard_mounts().environment("production").deadline(deadline).vars(all)
}

fn loads(loader: &Loader) {
    let settings: Checkout = loader.load().unwrap();
    assert_eq!(settings.api_key.expose_secret(), VALUE);
}

/// What is reported, with the sentences that whoever is on call needs. Read it: `cargo test --test secrets vault_states -- --nocapture`.
fn reports(loader: &Loader, kind: ErrorKind, sentences: &[&str]) {
    let error = loader.load::<Checkout>().err().unwrap();
    let told = error.to_string();
    println!("{told}");
    assert_eq!(error.kind(), kind, "{told}");
    for sentence in sentences {
        assert!(told.contains(sentence), "not `{sentence}` in\n{told}");
    }
}

fn store(bao: &OpenBao, mount: &str) {
    bao.enable(mount, "kv", r#"{"version":"1"}"#);
    bao.write(&format!("{mount}/app"), &format!(r#"{{"k":"{VALUE}"}}"#));
}

#[test]
fn sealed_stopped_and_started_again_in_the_middle_of_a_start() {
    let bao = OpenBao::start_sealed();
    bao.unseal();
    store(&bao, "kv");
    let login = [("VAULT_TOKEN", bao.root_token())];
    let at = |deadline| loader(bao.address(), "vault:kv/app#k", &login, deadline);
    loads(&at(PATIENT));

    bao.seal();
    reports(
        &at(IMPATIENT),
        ErrorKind::Unavailable,
        &[
            "is sealed: it has its secrets encrypted, and no key to open them (503), and so it stayed until the deadline of the start",
            "help: unseal it: vault operator unseal; if it should unseal itself, its log says why it does not",
        ],
    );
    // Somebody unseals it while a start waits.
    thread::scope(|scope| {
        let waits = scope.spawn(|| loads(&at(PATIENT)));
        thread::sleep(Duration::from_millis(500));
        assert!(!waits.is_finished());
        bao.unseal();
    });

    bao.stop();
    reports(&at(IMPATIENT), ErrorKind::Unavailable, &["vault cannot be reached: ", "help: is the server up, and is the address right?"]);
    // And it comes up while a start waits: away, then sealed, then there.
    thread::scope(|scope| {
        let waits = scope.spawn(|| loads(&at(PATIENT)));
        thread::sleep(Duration::from_millis(500));
        assert!(!waits.is_finished());
        bao.restart();
        thread::sleep(Duration::from_millis(300));
        bao.unseal();
    });
}

#[test]
fn a_standby_node_serves_and_says_when_nobody_is_active() {
    let (active, standby) = OpenBao::start_cluster();
    store(&active, "kv");
    let login = [("VAULT_TOKEN", standby.root_token())];
    let at = |deadline| loader(standby.address(), "vault:kv/app#k", &login, deadline);
    // Its copy of the mount comes a moment later.
    let copied = (0..100).any(|_| at(PATIENT).load::<Checkout>().is_ok());
    assert!(copied);
    active.stop();
    let result = at(IMPATIENT).load::<Checkout>();
    if let Err(error) = result {
        println!("{error}");
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
        assert!(error.to_string().contains("help: "), "{error}");
    }
}

/// An `AppRole` of the shared server: the variables of its login.
fn app_role(role: &str, policy: &str) -> Vec<(&'static str, String)> {
    let (bao, mount) = (OpenBao::shared(), unique("approle"));
    bao.enable_auth(&mount, "approle");
    bao.policy(&mount, policy);
    bao.write(&format!("auth/{mount}/role/app"), &format!(r#"{{"token_policies":"{mount}"{role}}}"#));
    let text = |answer: &str, name: &str| {
        let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
        answer["data"][name].as_str().unwrap().to_owned()
    };
    let role_id = text(&bao.read(&format!("auth/{mount}/role/app/role-id")), "role_id");
    let secret_id = text(&bao.write(&format!("auth/{mount}/role/app/secret-id"), "{}"), "secret_id");
    vec![("VAULT_ROLE_ID", role_id), ("VAULT_SECRET_ID", secret_id), ("VAULT_AUTH_MOUNT", mount)]
}

fn borrowed<'a>(login: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    login.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn allows(path: &str) -> String {
    format!("path \"{path}\" {{ capabilities = [\"read\"] }}")
}

#[derive(AppConfig)]
#[config(name = "checkout")]
struct Two {
    a: Secret<String>,
    b: Secret<String>,
}

#[test]
fn a_login_that_ends_in_the_middle_of_a_start_is_repeated() {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    store(bao, &mount);
    bao.write(&format!("{mount}/other"), &format!(r#"{{"k":"{VALUE}"}}"#));
    // A token for one request, so that the second of two finds it used up.
    let login = app_role(r#","token_num_uses":1"#, &allows(&format!("{mount}/*")));
    let lab = FailureLab::in_front_of(bao.address());
    let references = [("A", format!("vault:{mount}/app#k")), ("B", format!("vault:{mount}/other#k"))];
    let settings = [("VAULT_ADDR", lab.url())].into_iter().chain(login).chain(references);
    let loader = Loader::new().no_dotenv().no_standard_mounts().environment("production").vars(settings);
    let settings: Two = loader.load().unwrap();
    assert_eq!((settings.a.expose_secret().as_str(), settings.b.expose_secret().as_str()), (VALUE, VALUE));
    let logins = lab.requests_log().iter().filter(|line| line.ends_with("/login")).count();
    assert_eq!(logins, 2, "{:?}", lab.requests_log());
}

#[test]
fn a_login_that_always_ends_too_early_is_told() {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    store(bao, &mount);
    let login = app_role(r#","token_ttl":"1s""#, &allows(&format!("{mount}/app")));
    // There and back takes longer than the token lives, and not as long as an attempt may take.
    let lab = FailureLab::in_front_of(bao.address()).delay(Duration::from_millis(700));
    reports(
        &loader(&lab.url(), &format!("vault:{mount}/app#k"), &borrowed(&login), PATIENT),
        ErrorKind::Invalid,
        &[
            "vault does not know the token of the login as AppRole app (auth/",
            "): it has expired, was revoked or is used up (403)",
            "help: a start logs in a second time by itself; when that was not enough, give the role a longer token_ttl, or a larger token_num_uses",
        ],
    );
    let logins = lab.requests_log().iter().filter(|line| line.ends_with("/login")).count();
    assert_eq!(logins, 2, "{:?}", lab.requests_log());
}

#[test]
fn a_token_that_has_expired_is_told() {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    store(bao, &mount);
    bao.policy(&mount, &allows(&format!("{mount}/app")));
    let token = bao.token_with(&[&mount], "1h");
    let login = [("VAULT_TOKEN", token.as_str())];
    let loader = loader(bao.address(), &format!("vault:{mount}/app#k"), &login, PATIENT);
    loads(&loader);
    bao.write("auth/token/revoke", &format!(r#"{{"token":"{token}"}}"#));
    reports(
        &loader,
        ErrorKind::Invalid,
        &[
            "vault does not know the token of VAULT_TOKEN: it has expired, was revoked or is used up (403)",
            "help: make a new one: vault token create -policy=POLICY, or vault login on a developer's machine",
        ],
    );
}

#[test]
fn a_secret_id_that_is_used_up_is_told() {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    store(bao, &mount);
    let login = app_role(r#","secret_id_num_uses":1"#, &allows(&format!("{mount}/app")));
    let loader = loader(bao.address(), &format!("vault:{mount}/app#k"), &borrowed(&login), PATIENT);
    loads(&loader);
    reports(&loader, ErrorKind::Invalid, &["vault does not accept the login as AppRole", "the secret id in VAULT_SECRET_ID", "used up"]);
}

#[test]
fn a_permission_that_was_removed_between_two_starts_is_told() {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    store(bao, &mount);
    let path = format!("{mount}/app");
    let login = app_role("", &allows(&path));
    let loader = loader(bao.address(), &format!("vault:{path}#k"), &borrowed(&login), PATIENT);
    loads(&loader);
    bao.policy(&login[2].1, &allows("kv/something-else"));
    reports(
        &loader,
        ErrorKind::Invalid,
        &[
            "vault does not let AppRole app",
            &format!("read {path} (403)"),
            &format!(
                "allow it in a policy of this login: path \"{path}\" {{ capabilities = [\"read\"] }}; then check: vault token capabilities {path}"
            ),
        ],
    );
}
