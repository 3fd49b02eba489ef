//! Encrypted files and secret managers: the real ones, with their credentials looked for beside the secret.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use configcheck_test_servers::{Etcd, Moto, OpenBao, OpenBaoOptions, age, age_keygen, sops, unique};
use tempfile::TempDir;

use crate::probed::marker;
use crate::source::{Bounds, NONE, Source, VARIABLE, check, check_at_most};

/// A credential in a variable stays in the block of variables that the process was started with.
const IN_BLOCK: Bounds = Bounds::of(0, 1);

/// The buffer in which the HTTP library writes the headers of a request is its own; in HTTP/2 they are not plain there.
const IN_HEADERS: Bounds = Bounds::of(0, 1);

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A pair of age keys; the secret one lies in the folder as `identity`.
struct Key {
    identity: String,
    recipient: String,
}

impl Key {
    fn new(folder: &Path) -> Self {
        let made = Command::new(age_keygen()).output().unwrap();
        let text = String::from_utf8(made.stdout).unwrap();
        fs::write(folder.join("identity"), &text).unwrap();
        let recipient = text.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap().to_owned();
        // The letters that every key begins with stand in our messages too.
        let identity = text.lines().find_map(|line| line.strip_prefix("AGE-SECRET-KEY-1")).unwrap().to_owned();
        Self { identity, recipient }
    }
}

/// What a command writes that is given a text.
fn piped(command: &mut Command, text: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?}");
    output
}

#[test]
fn age_files() {
    let one = |row: &str, name: &str, armour: &[&str], text: &str, reference: &str, value: &str| {
        let folder = folder();
        let key = Key::new(folder.path());
        let encrypted = piped(Command::new(age()).args(["--encrypt", "--recipient", &key.recipient]).args(armour), text).stdout;
        fs::write(folder.path().join(name), encrypted).unwrap();
        let source = Source::new(&folder, &[value]).credential(&key.identity).variable("CONFIGCHECK_AGE_IDENTITY_FILE", "identity");
        if reference.starts_with("map=") {
            check(row, source.argument(reference), NONE);
        } else {
            check(row, source.variable(VARIABLE, reference), NONE);
        }
    };
    let value = marker(66);
    one("age.value", "secret.age", &[], &value, "age:secret.age", &value);
    one("age.armoured", "secret.age", &["--armor"], &value, "age:secret.age", &value);
    let named = format!("A=1\n{VARIABLE}='{value}'\n");
    one("age.env", "secrets.env.age", &[], &named, &format!("age:secrets.env.age#{VARIABLE}"), &value);
    one("age.map", "secrets.env.age", &[], &named, "map=age:secrets.env.age", &value);
    let long = marker(4200);
    one("age.long", "secret.age", &[], &long, "age:secret.age", &long);
}

#[test]
fn sops_files() {
    let one = |row: &str, name: &str, text: &str, reference: &str, value: &str| {
        let folder = folder();
        let key = Key::new(folder.path());
        fs::write(folder.path().join(name), text).unwrap();
        let done = Command::new(sops())
            .args(["--disable-version-check", "encrypt", "--in-place", "--age", &key.recipient, name])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        let source = Source::new(&folder, &[value]).credential(&key.identity).variable("SOPS_AGE_KEY_FILE", "identity");
        check(row, source.variable(VARIABLE, reference), NONE);
    };
    let value = marker(66);
    one("sops.yaml", "secrets.yaml", &format!("database:\n  password: {value}\n"), "sops:secrets.yaml#/database/password", &value);
    one("sops.json", "secrets.json", &format!("{{\"password\": \"{value}\"}}"), "sops:secrets.json#/password", &value);
    one("sops.env", "secrets.env", &format!("PASSWORD={value}\n"), "sops:secrets.env#PASSWORD", &value);
    let long = marker(4200);
    one("sops.long", "secrets.json", &format!("{{\"password\": \"{long}\"}}"), "sops:secrets.json#/password", &long);
}

#[test]
fn vault() {
    let bao = OpenBao::shared();
    let (mount, policy) = (unique("kv"), unique("reader"));
    bao.enable(&mount, "kv", r#"{"version":"2"}"#);
    bao.policy(&policy, &format!("path \"{mount}/data/*\" {{ capabilities = [\"read\"] }}"));
    let token = bao.token_with(&[&policy], "1h");
    let one = |row: &str, value: &str, is_file: bool| {
        bao.write(&format!("{mount}/data/app"), &format!(r#"{{"data":{{"PASSWORD":"{value}"}}}}"#));
        let folder = folder();
        let source = Source::new(&folder, &[value])
            .credential(&token)
            .variable("VAULT_ADDR", bao.address())
            .variable(VARIABLE, format!("vault:{mount}/data/app#PASSWORD"));
        if is_file {
            let source = source.file("token", &token).variable("VAULT_TOKEN_FILE", "token");
            check_at_most(row, source.clone(), IN_HEADERS);
            check_at_most(&format!("{row}.wiped"), source.wiped(), NONE);
        } else {
            let source = source.variable("VAULT_TOKEN", &*token);
            check_at_most(row, source.clone(), Bounds::of(0, 2));
            check_at_most(&format!("{row}.taken.wiped"), source.argument("variables=taken").wiped(), NONE);
        }
    };
    one("vault.token-file", &marker(66), true);
    one("vault.token", &marker(66), false);
    one("vault.long", &marker(4200), true);
}

#[test]
fn vault_by_app_role() {
    let bao = OpenBao::shared();
    let (mount, policy, auth) = (unique("kv"), unique("reader"), unique("approle"));
    bao.enable(&mount, "kv", r#"{"version":"2"}"#);
    bao.policy(&policy, &format!("path \"{mount}/data/*\" {{ capabilities = [\"read\"] }}"));
    bao.enable_auth(&auth, "approle");
    let secret_id = marker(66);
    bao.write(&format!("auth/{auth}/role/app"), &format!(r#"{{"token_policies":["{policy}"],"role_id":"not-a-real-role"}}"#));
    bao.write(&format!("auth/{auth}/role/app/role-id"), r#"{"role_id":"not-a-real-role"}"#);
    bao.write(&format!("auth/{auth}/role/app/custom-secret-id"), &format!(r#"{{"secret_id":"{secret_id}"}}"#));
    let (folder, value) = (folder(), marker(66));
    bao.write(&format!("{mount}/data/app"), &format!(r#"{{"data":{{"PASSWORD":"{value}"}}}}"#));
    let source = Source::new(&folder, &[&value])
        .credential(&secret_id)
        .file("secret-id", &secret_id)
        .variable("VAULT_ADDR", bao.address())
        .variable("VAULT_AUTH_METHOD", "approle")
        .variable("VAULT_AUTH_MOUNT", &*auth)
        .variable("VAULT_ROLE_ID", "not-a-real-role")
        .variable("VAULT_SECRET_ID_FILE", "secret-id")
        .variable(VARIABLE, format!("vault:{mount}/data/app#PASSWORD"));
    check_at_most("vault.approle", source, NONE);
}

#[test]
fn vault_over_tls() {
    let bao = OpenBao::start(OpenBaoOptions { tls: true });
    bao.enable("kv", "kv", r#"{"version":"2"}"#);
    let (folder, value, token) = (folder(), marker(66), bao.token_with(&["root"], "1h"));
    bao.write("kv/data/app", &format!(r#"{{"data":{{"PASSWORD":"{value}"}}}}"#));
    let source = Source::new(&folder, &[&value])
        .credential(&token)
        .file("token", &token)
        .variable("VAULT_TOKEN_FILE", "token")
        .variable("VAULT_ADDR", bao.address())
        .variable("VAULT_CACERT", bao.ca_file().unwrap().to_str().unwrap())
        .variable(VARIABLE, "vault:kv/data/app#PASSWORD");
    // The TLS library decrypts in buffers of its own.
    check_at_most("vault.tls", source.clone(), Bounds::of(2, 0));
    check_at_most("vault.tls.wiped", source.wiped(), NONE);
}

#[test]
fn aws() {
    let moto = Moto::shared();
    let one = |row: &str, value: &str| {
        let (name, folder, key) = (unique("secret"), folder(), marker(40));
        moto.write("secretsmanager.CreateSecret", &format!(r#"{{"Name":"{name}","SecretString":"{value}"}}"#));
        let mut source = Source::new(&folder, &[value]).credential(&key).variable(VARIABLE, format!("aws-sm:{name}"));
        for (name, value) in moto.environment() {
            source = source.variable(name, if name == "AWS_SECRET_ACCESS_KEY" { key.clone() } else { value });
        }
        check_at_most(row, source.clone(), IN_BLOCK);
        check_at_most(&format!("{row}.taken.wiped"), source.argument("variables=taken").wiped(), NONE);
    };
    one("aws-sm", &marker(66));
    one("aws-sm.long", &marker(4200));
    let (name, with_file, value, key) = (unique("secret"), folder(), marker(66), marker(40));
    moto.write("secretsmanager.CreateSecret", &format!(r#"{{"Name":"{name}","SecretString":"{value}"}}"#));
    let profile = format!("[default]\naws_access_key_id = AKIANOTAREALKEY00000\naws_secret_access_key = {key}\n");
    let source = Source::new(&with_file, &[&value])
        .credential(&key)
        .file("credentials", &profile)
        .variable("AWS_SHARED_CREDENTIALS_FILE", "credentials")
        .variable("AWS_ENDPOINT_URL", moto.endpoint())
        .variable("AWS_REGION", Moto::REGION)
        .variable("AWS_EC2_METADATA_DISABLED", "true")
        .variable(VARIABLE, format!("aws-sm:{name}"));
    // The SDK reads the file of profiles.
    check_at_most("aws-sm.profile", source.clone(), IN_BLOCK);
    check_at_most("aws-sm.profile.wiped", source.wiped(), NONE);
    let (name, folder, value) = (unique("parameter"), folder(), marker(66));
    let parameter = format!(r#"{{"Name":"/{name}","Value":"{value}","Type":"SecureString"}}"#);
    moto.write("AmazonSSM.PutParameter", &parameter);
    let mut source = Source::new(&folder, &[&value]).variable(VARIABLE, format!("aws-ssm:/{name}"));
    for (name, value) in moto.environment() {
        source = source.variable(name, value);
    }
    check_at_most("aws-ssm", source, NONE);
}

#[test]
fn etcd() {
    let etcd = Etcd::shared();
    let (name, folder, value) = (unique("key"), folder(), marker(66));
    etcd.put(&name, &value);
    let source = Source::new(&folder, &[&value]).variable("ETCDCTL_ENDPOINTS", etcd.endpoint()).variable(VARIABLE, format!("etcd:{name}"));
    check_at_most("etcd", source, NONE);
}
