//! F17: of fifty secrets one fails, and all fifty are reported.

use std::io::Write;
use std::sync::{Arc, Mutex};

use configcheck::{ErrorKind, Loader};
use configcheck_testkit::failure_lab::{FailureLab, Fault};
use serde_json::{Value, json};

use crate::fifty::{Fifty, fifty};
use crate::managers::{Manager, VALUE};
use crate::oracle;
use configcheck_etcd::EtcdProvider;

/// The numbers of those that fail.
const BAD: [usize; 1] = [17];

fn reference(manager: Manager, number: usize) -> String {
    match manager {
        Manager::Vault | Manager::VaultLogin => format!("vault:kv/app{number}#k"),
        Manager::SecretStore => format!("aws-sm:app{number}"),
        Manager::ParameterStore => format!("aws-ssm:/app{number}"),
        Manager::Etcd | Manager::EtcdLogin => format!("etcd:/fifty/app{number}"),
    }
}

fn is_bad(name: &str) -> bool {
    BAD.iter().any(|bad| name.ends_with(&format!("app{bad}")))
}

/// A server that has all but one.
fn server(manager: Manager) -> FailureLab {
    FailureLab::start(Fault::by(move |request| {
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match manager {
            Manager::Vault | Manager::VaultLogin if is_bad(&request.target) => {
                Fault::json(403, r#"{"errors":["1 error occurred:\n\t* permission denied\n\n"]}"#)
            }
            Manager::Vault | Manager::VaultLogin => manager.good(),
            Manager::SecretStore => {
                let names = asked["SecretIdList"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                let (bad, good): (Vec<&str>, Vec<&str>) = names.partition(|name| is_bad(name));
                let errors: Vec<Value> =
                    bad.iter().map(|id| json!({ "SecretId": id, "ErrorCode": "AccessDeniedException", "Message": VALUE })).collect();
                let values: Vec<Value> = good.iter().map(|name| json!({ "Name": name, "SecretString": VALUE })).collect();
                Fault::ok(json!({ "SecretValues": values, "Errors": errors }).to_string())
            }
            Manager::ParameterStore => {
                let names = asked["Names"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                let (bad, good): (Vec<&str>, Vec<&str>) = names.partition(|name| is_bad(name));
                let found: Vec<Value> =
                    good.iter().map(|name| json!({ "Name": name, "Type": "SecureString", "Value": VALUE, "Version": 1 })).collect();
                Fault::ok(json!({ "Parameters": found, "InvalidParameters": bad }).to_string())
            }
            Manager::Etcd | Manager::EtcdLogin => {
                // "L2ZpZnR5L2FwcDE3" is /fifty/app17.
                let rows = asked["success"].as_array().unwrap().iter().map(|operation| {
                    let key = operation["request_range"]["key"].as_str().unwrap();
                    let row = json!({ "key": key, "value": "d2FscnVzNy1PS0FQSS00ejFrLWZha2U=", "mod_revision": "5" });
                    let rows = if key == "L2ZpZnR5L2FwcDE3" { vec![] } else { vec![row] };
                    json!({ "response_range": { "header": { "revision": "7" }, "kvs": rows } })
                });
                Fault::ok(json!({ "header": { "revision": "7" }, "succeeded": true, "responses": rows.collect::<Vec<_>>() }).to_string())
            }
        }
    }))
}

fn loader(manager: Manager, lab: &FailureLab) -> Loader {
    let loader = fifty(&manager.settings(&lab.url()), |number| reference(manager, number));
    if manager == Manager::Etcd { loader.provider(EtcdProvider::new()) } else { loader }
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn f17_one_of_fifty_fails_and_all_fifty_are_known() {
    for manager in Manager::SERVICES {
        let lab = server(manager);
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        let result = tracing::subscriber::with_default(subscriber, || loader(manager, &lab).load::<Fifty>());
        let Err(error) = result else { panic!("{manager:?}: it loads") };
        let told = oracle::told(&error);
        assert_eq!(error.kind(), ErrorKind::Invalid, "{told}");
        // The one is named, by its variable; the other forty-nine are counted as what they are.
        assert_eq!(error.report().findings.len(), 1, "{told}");
        assert_eq!(error.report().findings[0].key.as_deref(), Some("S18"), "{told}");
        assert_eq!((error.report().tally.ok, error.report().tally.missing), (49, 0), "{told}");
        let traced = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        let accessed = |outcome: &str| traced.lines().filter(|line| line.contains("secret accessed") && line.contains(outcome)).count();
        assert_eq!((accessed("secret accessed"), accessed("outcome=\"found\"")), (50, 49), "{manager:?}\n{traced}");
        assert!(!oracle::leaks(&traced), "{traced}");
    }
}
