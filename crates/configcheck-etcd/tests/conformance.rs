//! The requirements of the engine on every provider, against a real etcd that has users on.

use std::sync::Arc;

use configcheck_core::Provider;
use configcheck_etcd::EtcdProvider;
use configcheck_test_servers::Etcd;
use configcheck_testkit::FailureLab;
use configcheck_testkit::conformance::{self, Capability, Subject};

const USER: &str = "checkout";
const PASSWORD: &str = "hunter2-fake-9f3kQ";
const WRONG: &str = "hunter3-fake-x7LmP";

/// An etcd whose user reads what is below `/app/`, and what stands before it to count.
struct Served {
    etcd: Etcd,
    counting: FailureLab,
}

impl Served {
    fn start() -> Self {
        let etcd = Etcd::start();
        etcd.add_reader(USER, PASSWORD, "/app/");
        etcd.turn_users_on();
        let counting = FailureLab::in_front_of(etcd.endpoint());
        Self { etcd, counting }
    }
}

impl Subject for Served {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(EtcdProvider::new().endpoint(self.counting.url()))
    }

    fn setting(&self, name: &str) -> Option<String> {
        match name {
            "ETCDCTL_USER" => Some(USER.to_owned()),
            "ETCDCTL_PASSWORD" => Some(PASSWORD.to_owned()),
            _ => None,
        }
    }

    fn capabilities(&self) -> Vec<Capability> {
        use Capability::{Binary, Denial, EmptyValues, Login, Maps, ProbeWithoutValue, Removal, SessionEnd};
        vec![Maps, Binary, EmptyValues, Removal, Denial, ProbeWithoutValue, Login, SessionEnd]
    }

    fn store(&self, name: &str, value: &[u8]) -> String {
        self.etcd.put(format!("/app/{name}"), value);
        format!("etcd:/app/{name}")
    }

    fn absent(&self, name: &str) -> String {
        format!("etcd:/app/{name}")
    }

    fn malformed(&self) -> Vec<String> {
        vec!["etcd:/app/port?version=3".to_owned(), "etcd:/app/?region=eu-west-1".to_owned()]
    }

    fn credentials(&self) -> Vec<String> {
        vec![PASSWORD.to_owned(), WRONG.to_owned()]
    }

    fn store_map(&self, name: &str, fields: &[(&str, &[u8])]) -> String {
        for (field, value) in fields {
            self.etcd.put(format!("/app/{name}/{field}"), value);
        }
        format!("etcd:/app/{name}/")
    }

    fn remove(&self, name: &str) {
        self.etcd.delete(format!("/app/{name}"));
    }

    fn deny(&self, name: &str) -> String {
        self.etcd.put(format!("/others/{name}"), "not-a-real-secret-of-others");
        format!("etcd:/others/{name}")
    }

    fn values_handed_out(&self) -> usize {
        let asks_for_values = |body: &str| body.contains("\"key\"") && !body.contains("keys_only");
        self.counting.requests_seen().iter().filter(|request| asks_for_values(&String::from_utf8_lossy(&request.body))).count()
    }

    fn stranger(&self) -> (Arc<dyn Provider>, Vec<(String, String)>) {
        let settings = [("ETCDCTL_USER", USER), ("ETCDCTL_PASSWORD", WRONG)];
        (self.provider(), settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    }

    fn end_sessions(&self) {
        self.etcd.set_password(USER, PASSWORD);
    }
}

#[test]
fn etcd_keeps_what_the_engine_relies_on() {
    let report = conformance::check(&Served::start());
    assert!(report.passed().contains(&"value-is-exact"), "{report}");
}
