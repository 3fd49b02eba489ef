//! The policy for Vault, loaded into a real server: everything declared reads, and nothing beside it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use configcheck_core::SecretRef;
use configcheck_policy::{Needs, vault};
use configcheck_test_servers::{OpenBao, Redis, unique};

fn needs(references: &[String]) -> Needs {
    let mut needs = Needs::default();
    for (at, text) in references.iter().enumerate() {
        needs.add(&SecretRef::parse(text).unwrap().unwrap(), &format!("KEY_{at}"));
    }
    needs
}

/// A login that has the policy, and the policy named default, as every token has.
struct Login {
    bao: &'static OpenBao,
    token: String,
}

impl Login {
    fn of(needs: &Needs, doctor: bool) -> Self {
        let bao = OpenBao::shared();
        let name = unique("policy");
        let policy = vault::policy(needs, &vault::Options { doctor, ..vault::Options::default() }).unwrap();
        bao.policy(&name, &policy.text);
        Self { bao, token: bao.token_with(&[&name], "1h") }
    }

    fn status(&self, method: &str, path: &str, body: Option<&str>) -> u16 {
        self.bao.request(method, &format!("/v1/{path}"), &*self.token, body).0
    }

    #[track_caller]
    fn reads(&self, path: &str) {
        assert_eq!(self.status("GET", path, None), 200, "{path} is declared");
    }

    #[track_caller]
    fn may_not(&self, method: &str, path: &str, body: Option<&str>) {
        assert_eq!(self.status(method, path, body), 403, "{method} {path} is not declared");
    }
}

/// A mount with secrets of two services in two environments.
fn mount(version: &str) -> String {
    let (bao, mount) = (OpenBao::shared(), unique("kv"));
    bao.enable(&mount, "kv", &format!(r#"{{"version":"{version}"}}"#));
    for name in ["production/checkout", "production/checkout2", "production/checkout/nested", "production/mail", "staging/checkout"] {
        if version == "2" {
            bao.write(&format!("{mount}/data/{name}"), r#"{"data":{"jwt":"not-a-real-secret"}}"#);
        } else {
            bao.write(&format!("{mount}/{name}"), r#"{"jwt":"not-a-real-secret"}"#);
        }
    }
    mount
}

const DATA: Option<&str> = Some(r#"{"data":{"jwt":"not-a-real-secret-either"}}"#);

#[test]
fn everything_declared_reads_and_its_neighbours_do_not() {
    let mount = mount("2");
    let login =
        Login::of(&needs(&[format!("vault:{mount}/data/production/checkout#jwt"), format!("bao:{mount}/data/production/mail#jwt")]), false);
    login.reads(&format!("{mount}/data/production/checkout"));
    login.reads(&format!("{mount}/data/production/checkout?version=1"));
    login.reads(&format!("{mount}/data/production/mail"));
    for neighbour in
        ["production/checkout2", "production/checkout/nested", "production/check", "production", "staging/checkout", "production/checkout/"]
    {
        login.may_not("GET", &format!("{mount}/data/{neighbour}"), None);
    }
    let own = format!("{mount}/data/production/checkout");
    for (method, body) in [("POST", DATA), ("PUT", DATA), ("DELETE", None), ("LIST", None)] {
        login.may_not(method, &own, body);
    }
    assert!(!login.bao.read(&own).contains("either"), "nothing was written");
    for kind in ["metadata", "delete", "undelete", "destroy", "subkeys"] {
        login.may_not("GET", &format!("{mount}/{kind}/production/checkout"), None);
        login.may_not("POST", &format!("{mount}/{kind}/production/checkout"), Some(r#"{"versions":[1]}"#));
    }
    for parent in ["metadata", "metadata/", "metadata/production", "metadata/production/", "data/production"] {
        login.may_not("LIST", &format!("{mount}/{parent}"), None);
    }
    for own_interface in ["sys/mounts", "sys/policies/acl", "sys/auth", "auth/token/accessors"] {
        login.may_not("GET", own_interface, None);
    }
    assert_eq!(login.status("GET", "auth/token/lookup-self", None), 200, "the policy named default lets a token look itself up");
}

#[test]
fn doctor_may_read_what_is_known_of_a_secret_and_no_more() {
    let mount = mount("2");
    let login = Login::of(&needs(&[format!("vault:{mount}/data/production/checkout#jwt")]), true);
    login.reads(&format!("{mount}/data/production/checkout"));
    login.reads(&format!("{mount}/metadata/production/checkout"));
    login.may_not("GET", &format!("{mount}/metadata/production/mail"), None);
    login.may_not("LIST", &format!("{mount}/metadata/production"), None);
    login.may_not("DELETE", &format!("{mount}/metadata/production/checkout"), None);
    login.may_not("POST", &format!("{mount}/metadata/production/checkout"), Some("{}"));
}

#[test]
fn an_unversioned_path_is_read_as_it_is_written() {
    let mount = mount("1");
    let login = Login::of(&needs(&[format!("vault:{mount}/production/checkout#jwt")]), false);
    login.reads(&format!("{mount}/production/checkout"));
    for neighbour in ["production/checkout2", "production/checkout/nested", "staging/checkout"] {
        login.may_not("GET", &format!("{mount}/{neighbour}"), None);
    }
    login.may_not("LIST", &format!("{mount}/production"), None);
    login.may_not("POST", &format!("{mount}/production/checkout"), Some(r#"{"jwt":"not-a-real-secret"}"#));
    login.may_not("DELETE", &format!("{mount}/production/checkout"), None);
}

#[test]
fn what_vault_makes_is_kept_and_given_back() {
    let (redis, bao, mount) = (Redis::start(), OpenBao::shared(), unique("database"));
    bao.enable(&mount, "database", "{}");
    let config = format!(
        r#"{{"plugin_name":"redis-database-plugin","host":"127.0.0.1","port":{},"username":"default","password":"{}","allowed_roles":["app","other"]}}"#,
        redis.port(),
        redis.password()
    );
    bao.write(&format!("{mount}/config/redis"), &config);
    for role in ["app", "other"] {
        bao.write(
            &format!("{mount}/roles/{role}"),
            r#"{"db_name":"redis","creation_statements":"[\"+@read\"]","default_ttl":"1h","max_ttl":"2h"}"#,
        );
    }
    let login = Login::of(&needs(&[format!("vault:{mount}/creds/app#password")]), false);
    let (status, answer) = bao.request("GET", &format!("/v1/{mount}/creds/app"), &*login.token, None);
    assert_eq!(status, 200, "the role is declared");
    let lease = answer.split("\"lease_id\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let body = format!(r#"{{"lease_id":"{lease}"}}"#);
    assert_eq!(login.status("PUT", "sys/leases/renew", Some(&body)), 200);
    assert!(login.status("PUT", "sys/leases/revoke", Some(&body)) < 300);
    login.may_not("GET", &format!("{mount}/creds/other"), None);
    login.may_not("GET", &format!("{mount}/config/redis"), None);
    login.may_not("GET", &format!("{mount}/roles/app"), None);
    login.may_not("PUT", &format!("sys/leases/revoke-prefix/{mount}/creds/app"), Some("{}"));
}
