//! Each server starts, answers and ends, also when the process that started it is killed.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use configcheck_test_servers::{Etcd, Moto, OpenBao, OpenBaoOptions, Redis, age, age_keygen, etcdctl, sops, unique};

/// Where the part of an address behind `//` is listened at.
fn listens(address: &str) -> bool {
    TcpStream::connect(address.rsplit('/').next().unwrap()).is_ok()
}

#[test]
fn the_shared_openbao_keeps_what_is_written_to_a_mount() {
    let bao = OpenBao::shared();
    let mount = unique("kv");
    bao.enable(&mount, "kv", r#"{"version":"2"}"#);
    bao.write(&format!("{mount}/data/app"), r#"{"data":{"PASSWORD":"hunter2-fake"}}"#);
    assert!(bao.read(&format!("{mount}/data/app")).contains("hunter2-fake"));
    assert!(std::ptr::eq(bao, OpenBao::shared()));
}

#[test]
fn openbao_counts_requests_by_path() {
    let bao = OpenBao::shared();
    let mount = unique("kv");
    bao.enable(&mount, "kv", r#"{"version":"1"}"#);
    bao.write(&format!("{mount}/app"), r#"{"a":"1"}"#);
    bao.read(&format!("{mount}/app"));
    bao.read(&format!("{mount}/app"));
    assert_eq!(bao.requests(&format!("{mount}/app")), 3);
    assert_eq!(bao.requests(&format!("{mount}/ap")), 0);
    assert_eq!(bao.requests(&format!("{mount}/")), 3);
}

#[test]
fn a_token_reads_what_its_policy_names_and_nothing_else() {
    let bao = OpenBao::shared();
    let (mount, policy) = (unique("kv"), unique("reader"));
    bao.enable(&mount, "kv", r#"{"version":"1"}"#);
    bao.write(&format!("{mount}/mine"), r#"{"a":"1"}"#);
    bao.write(&format!("{mount}/theirs"), r#"{"a":"2"}"#);
    bao.policy(&policy, &format!("path \"{mount}/mine\" {{ capabilities = [\"read\"] }}"));
    let token = bao.token_with(&[&policy], "1h");
    assert_eq!(bao.request("GET", &format!("/v1/{mount}/mine"), &*token, None).0, 200);
    assert_eq!(bao.request("GET", &format!("/v1/{mount}/theirs"), &*token, None).0, 403);
    assert_eq!(bao.request("GET", &format!("/v1/{mount}/mine"), None, None).0, 403);
}

#[test]
fn openbao_with_tls_has_a_certificate_of_its_authority() {
    let bao = OpenBao::start(OpenBaoOptions { tls: true });
    assert!(bao.address().starts_with("https://127.0.0.1:"));
    assert_eq!(bao.health(), 200);
    let trusting = "import ssl, sys, urllib.request as r; r.urlopen(sys.argv[1], context=ssl.create_default_context(cafile=sys.argv[2]))";
    let address = format!("{}/v1/sys/health", bao.address());
    let ask = |authority: &Path| Command::new("python3").args(["-c", trusting, &address]).arg(authority).output().unwrap();
    assert!(ask(&bao.ca_file().unwrap()).status.success());
    let stranger = OpenBao::start(OpenBaoOptions { tls: true });
    let refused = ask(&stranger.ca_file().unwrap());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("CERTIFICATE_VERIFY_FAILED"));
}

#[test]
fn a_sealed_openbao_keeps_what_it_has_over_a_restart() {
    let bao = OpenBao::start_sealed();
    assert_eq!(bao.health(), 503);
    assert_eq!(bao.request("GET", "/v1/kv/app", bao.root_token(), None).0, 503);
    bao.unseal();
    bao.enable("kv", "kv", r#"{"version":"1"}"#);
    bao.write("kv/app", r#"{"a":"kept"}"#);

    let address = bao.address().to_owned();
    bao.stop();
    assert!(!listens(&address));
    bao.restart();
    assert_eq!((bao.address(), bao.health()), (&*address, 503));
    bao.unseal();
    assert!(bao.read("kv/app").contains("kept"));

    bao.seal();
    assert_eq!(bao.request("GET", "/v1/kv/app", bao.root_token(), None).0, 503);
    bao.unseal();
    assert!(bao.read("kv/app").contains("kept"));
}

#[test]
fn a_server_nobody_initialised_says_so() {
    assert_eq!(OpenBao::start_uninitialised().health(), 501);
}

#[test]
fn a_standby_takes_over_nothing_while_the_active_server_is_there() {
    let (active, standby) = OpenBao::start_cluster();
    assert_eq!((active.health(), standby.health()), (200, 429));
    active.enable("kv", "kv", r#"{"version":"1"}"#);
    active.write("kv/app", r#"{"a":"everywhere"}"#);
    assert_ne!(active.address(), standby.address());
    active.stop();
    assert!(!listens(active.address()));
    assert!(listens(standby.address()));
}

#[test]
fn moto_keeps_a_secret_and_a_parameter() {
    let moto = Moto::shared();
    let name = unique("secret");
    moto.write("secretsmanager.CreateSecret", &format!(r#"{{"Name":"{name}","SecretString":"hunter2-fake"}}"#));
    assert!(moto.write("secretsmanager.GetSecretValue", &format!(r#"{{"SecretId":"{name}"}}"#)).contains("hunter2-fake"));
    let (_, missing) = moto.request("secretsmanager.GetSecretValue", r#"{"SecretId":"nobody-has-this"}"#);
    assert!(missing.contains("ResourceNotFoundException"), "{missing}");
    moto.write("AmazonSSM.PutParameter", &format!(r#"{{"Name":"/{name}/port","Value":"8080","Type":"String"}}"#));
    assert!(moto.write("AmazonSSM.GetParameter", &format!(r#"{{"Name":"/{name}/port"}}"#)).contains("8080"));
    let endpoint = moto.environment().into_iter().find(|(name, _)| *name == "AWS_ENDPOINT_URL").unwrap().1;
    assert_eq!(endpoint, moto.endpoint());
}

#[test]
fn a_moto_of_its_own_forgets_and_ends() {
    let moto = Moto::start();
    moto.write("secretsmanager.CreateSecret", r#"{"Name":"a","SecretString":"hunter2-fake"}"#);
    moto.restart();
    let (_, missing) = moto.request("secretsmanager.GetSecretValue", r#"{"SecretId":"a"}"#);
    assert!(missing.contains("ResourceNotFoundException"), "{missing}");
    moto.stop();
    assert!(!listens(moto.endpoint()));
}

#[test]
fn etcd_keeps_what_is_put_over_a_restart() {
    let etcd = Etcd::start();
    etcd.put("/app/port", "8080");
    etcd.restart();
    let (status, body) = etcd.request("/v3/kv/range", r#"{"key":"L2FwcC9wb3J0"}"#, None);
    assert_eq!(status, 200);
    assert!(body.contains("ODA4MA=="), "{body}");
    let listed = Command::new(etcdctl())
        .args(["--endpoints", etcd.endpoint(), "get", "/app/port", "--print-value-only"])
        .env("ETCDCTL_API", "3")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&listed.stdout).trim(), "8080");
    let endpoint = etcd.endpoint().to_owned();
    drop(etcd);
    assert!(!listens(&endpoint));
}

#[test]
fn redis_has_its_user_and_those_that_openbao_makes() {
    let redis = Redis::start();
    assert_eq!(redis.users(), ["default"]);
    let (bao, mount) = (OpenBao::shared(), unique("database"));
    bao.enable(&mount, "database", "{}");
    bao.write(
        &format!("{mount}/config/redis"),
        &format!(
            r#"{{"plugin_name":"redis-database-plugin","host":"127.0.0.1","port":{},"username":"default","password":"{}","allowed_roles":["app"]}}"#,
            redis.port(),
            redis.password()
        ),
    );
    bao.write(&format!("{mount}/roles/app"), r#"{"db_name":"redis","creation_statements":"[\"+@read\"]","default_ttl":"1h"}"#);
    let credentials = bao.read(&format!("{mount}/creds/app"));
    assert!(credentials.contains("lease_id"), "{credentials}");
    assert_eq!(redis.users().len(), 2);
    bao.write(&format!("sys/leases/revoke-prefix/{mount}/creds/app"), "{}");
    let end = Instant::now() + Duration::from_mins(1);
    while redis.users().len() > 1 {
        assert!(Instant::now() < end, "the user that OpenBao made stays");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_commands_are_real() {
    let version = |path: &Path, arguments: &[&str]| {
        let done = Command::new(path).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", path.display());
        String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned()
    };
    assert!(version(&age(), &["--version"]).contains('.'));
    assert!(version(&age_keygen(), &["--version"]).contains('.'));
    assert!(version(&sops(), &["--disable-version-check", "--version"]).contains("sops"));
}

/// Not a test by itself: what the test below starts and kills. It starts servers, names them, and waits.
#[test]
#[ignore = "runs in a process that another test starts and kills"]
#[expect(clippy::print_stdout, reason = "the process that started this one reads it")]
fn a_process_with_servers() {
    let bao = OpenBao::start(OpenBaoOptions { tls: true });
    println!("\nserver {}", bao.address());
    println!("folder {}", bao.ca_file().unwrap().parent().unwrap().display());
    println!("server {}", Etcd::shared().endpoint());
    println!("ready");
    thread::sleep(Duration::from_mins(10));
}

#[test]
fn servers_of_a_process_that_was_killed_are_gone() {
    let mut process = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "a_process_with_servers", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let lines: Vec<_> = lines.take_while(|line| line != "ready").collect();
    let after = |word| lines.iter().filter_map(move |line| line.strip_prefix(word)).collect::<Vec<_>>();
    let servers = after("server ");
    let folder = Path::new(after("folder ")[0]);
    assert_eq!(servers.len(), 2, "the process has started its servers");
    assert!(servers.iter().all(|server| listens(server)) && folder.exists());

    process.kill().unwrap();
    process.wait().unwrap();
    let end = Instant::now() + Duration::from_mins(1);
    while servers.iter().any(|server| listens(server)) || folder.exists() {
        assert!(Instant::now() < end, "a server or its folder outlives the process that started it");
        thread::sleep(Duration::from_millis(20));
    }
}
