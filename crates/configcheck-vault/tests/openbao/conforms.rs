//! What the engine relies on, of both KV engines of the real server.

use std::sync::{Arc, Mutex};

use configcheck_core::Provider;
use configcheck_test_servers::{OpenBao, OpenBaoOptions};
use configcheck_testkit::conformance::{self, Capability, Subject};
use configcheck_vault::{Credential, Login};

use crate::harness::{at, member};

const CAPABILITIES: [Capability; 8] = [
    Capability::Maps,
    Capability::Versions,
    Capability::EmptyValues,
    Capability::Removal,
    Capability::Denial,
    Capability::ProbeWithoutValue,
    Capability::Login,
    Capability::SessionEnd,
];

/// A mount, and an AppRole that may read what is below `open` in it.
struct Kv {
    bao: OpenBao,
    versioned: bool,
    role_id: String,
    secret_id: String,
    /// Names under which more than one version was stored.
    versions: Mutex<Vec<String>>,
}

impl Kv {
    fn new(versioned: bool) -> Self {
        let bao = OpenBao::start(OpenBaoOptions::default());
        bao.enable("kv", "kv", if versioned { r#"{"version":"2"}"# } else { r#"{"version":"1"}"# });
        bao.policy("app", r#"path "kv/+/open/*" { capabilities = ["read"] } path "kv/open/*" { capabilities = ["read"] }"#);
        bao.enable_auth("approle", "approle");
        bao.write("auth/approle/role/checkout", r#"{"token_policies":["app"]}"#);
        let role_id = member(&bao.read("auth/approle/role/checkout/role-id"), "role_id");
        let secret_id = member(&bao.write("auth/approle/role/checkout/secret-id", "{}"), "secret_id");
        Self { bao, versioned, role_id, secret_id, versions: Mutex::default() }
    }

    fn path(&self, folder: &str, name: &str) -> String {
        if self.versioned { format!("kv/data/{folder}/{name}") } else { format!("kv/{folder}/{name}") }
    }

    fn put(&self, folder: &str, name: &str, fields: &[(&str, &[u8])]) -> String {
        let members = fields.iter().map(|(name, value)| ((*name).to_owned(), String::from_utf8(value.to_vec()).unwrap().into())).collect();
        let data = serde_json::Value::Object(members);
        let body = if self.versioned { serde_json::json!({ "data": data }) } else { data };
        self.bao.write(&self.path(folder, name), &body.to_string());
        format!("vault:{}", self.path(folder, name))
    }

    fn app_role(&self, secret_id: &str) -> Arc<dyn Provider> {
        Arc::new(at(&self.bao).login(Login::app_role(Credential::text(&self.role_id), Credential::text(secret_id))))
    }
}

impl Subject for Kv {
    fn provider(&self) -> Arc<dyn Provider> {
        self.app_role(&self.secret_id)
    }

    fn capabilities(&self) -> Vec<Capability> {
        CAPABILITIES.into_iter().filter(|capability| self.versioned || *capability != Capability::Versions).collect()
    }

    fn store(&self, name: &str, value: &[u8]) -> String {
        format!("{}#value", self.put("open", name, &[("value", value)]))
    }

    fn absent(&self, name: &str) -> String {
        format!("vault:{}#value", self.path("open", name))
    }

    fn can_hold(&self, value: &[u8]) -> bool {
        std::str::from_utf8(value).is_ok()
    }

    fn malformed(&self) -> Vec<String> {
        ["vault:kv#k", "vault:sys/mounts#k", "vault:team/auth/token/lookup-self#id", "vault:kv/a?version=x#k", "vault:kv/a?region=eu#k"]
            .map(str::to_owned)
            .to_vec()
    }

    fn credentials(&self) -> Vec<String> {
        vec![self.secret_id.clone(), "0badcafe-fa4e-4711-8a2b-00f4e0000000".to_owned()]
    }

    fn store_map(&self, name: &str, fields: &[(&str, &[u8])]) -> String {
        self.put("open", name, fields)
    }

    fn store_version(&self, name: &str, value: &[u8]) -> String {
        let reference = self.put("open", name, &[("value", value)]);
        let mut versions = self.versions.lock().unwrap();
        versions.push(name.to_owned());
        let version = versions.iter().filter(|other| *other == name).count();
        format!("{reference}?version={version}#value")
    }

    fn remove(&self, name: &str) {
        self.bao.delete(&self.path("open", name));
    }

    fn deny(&self, name: &str) -> String {
        format!("{}#value", self.put("closed", name, &[("value", b"not-a-real-value")]))
    }

    fn values_handed_out(&self) -> usize {
        self.bao.requests(if self.versioned { "kv/data/open/" } else { "kv/open/" })
    }

    fn stranger(&self) -> (Arc<dyn Provider>, Vec<(String, String)>) {
        (self.app_role("0badcafe-fa4e-4711-8a2b-00f4e0000000"), Vec::new())
    }

    fn end_sessions(&self) {
        // All tokens of the role are revoked at once.
        self.bao.write("sys/leases/revoke-prefix/auth/approle/login", "{}");
    }
}

#[test]
fn the_versioned_engine_keeps_what_the_engine_relies_on() {
    let report = conformance::check(&Kv::new(true));
    assert!(report.passed().len() > 20, "{report}");
}

#[test]
fn the_first_engine_keeps_what_the_engine_relies_on() {
    let report = conformance::check(&Kv::new(false));
    assert!(report.passed().len() > 20, "{report}");
}
